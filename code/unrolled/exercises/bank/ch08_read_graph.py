from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch08_read_graph",
    chapter=8,
    title="A stranger's graph",
    objective="tell from a graph's operations how a recurrent layer was unrolled, and what the graph does not say",
    difficulty=2,
    minutes=3,
    question=r"""
Somebody hands you a TensorFlow 1 graph without its program. You count the operations by name scope:

| scope | operations | among them |
|---|---|---|
| `rnn/while` | 47 | 11 Enter, 4 Merge, 4 Switch, 4 NextIteration, 4 Exit, 1 LoopCond, 1 MatMul |
| `rnn/basic_rnn_cell` | 18 | the variables |

What do these numbers say?
""",
    choices=[
        (
            "It is a `static_rnn` of 47 steps.",
            "47 is the number of operations in the scope, not of steps. A static graph of 47 steps would hold 47 "
            "copies of the cell, each with its own MatMul. How many are there here?",
        ),
        (
            "It is a `static_rnn` of 4 steps: there are four NextIteration.",
            "NextIteration occurs in loops only, and in a static graph nothing goes round: its steps stand side by "
            "side. Four of them would show four MatMul.",
        ),
        (
            "It is a `dynamic_rnn` of 4 steps: it goes round four times.",
            "A loop, yes. But the 4 counts its variables: the time, the outputs, the state and the loop counter. Each "
            "has one Merge, one Switch, one NextIteration and one Exit, however often the loop goes round.",
        ),
        (
            "It is a `dynamic_rnn` of one step: there is one MatMul.",
            "A loop, yes. Its one MatMul stands in the graph once and is run in every round. How many rounds there "
            "are is another question.",
        ),
        (
            "It is a `dynamic_rnn`. How many steps it reads is not in these numbers.",
            "Right: a while loop around one cell. The number of rounds comes with the data, and the graph is the same "
            "for two steps and for two thousand.",
        ),
        (
            "It is a `dynamic_rnn` of 11 steps: something enters it eleven times.",
            "A loop, yes. Enter stands for what is brought into it before the first round: the four variables it "
            "changes, and what stays the same in all rounds, such as the weights.",
        ),
    ],
    answer="e",
    hints=[
        "Is anything there that only a loop has? And how many copies of the cell are there? Count the MatMul.",
        "Four loop variables are carried from round to round: time, outputs, state, loop counter. Which of the "
        "numbers would change if the loop went round once more?",
    ],
    solution="""
Enter, NextIteration, Exit and LoopCond occur in while loops and nowhere else; static unrolling makes none of them. One
MatMul is one copy of the cell. So it is a `dynamic_rnn`.

Four times Merge, Switch, NextIteration and Exit are four loop variables: the time, the outputs, the state and the loop
counter. None of the numbers depends on how often the loop goes round; that is decided when the graph is run, by the
length of what is fed.
""",
)
