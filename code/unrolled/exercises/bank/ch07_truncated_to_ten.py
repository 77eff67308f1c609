from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch07_truncated_to_ten",
    chapter=7,
    title="Ten steps back, thirty needed",
    objective="say what truncated backpropagation can learn and what it cannot",
    difficulty=2,
    minutes=3,
    question=r"""
The answer at the last step depends on an input that always stands exactly 30 steps earlier; inputs of its kind occur
nowhere else. The state is carried through the whole sequence, and the gradient runs back 10 steps. Why does the
network not learn to keep that input?
""",
    choices=[
        (
            "Because the input has left the state after 10 steps.",
            "The state is carried across the border. What happens to be in it after 30 steps can be used; nothing is "
            "cut on the way forwards.",
        ),
        (
            "Because the gradient of 10 steps is too short for the optimizer.",
            "RMSprop would stretch a short gradient. A part that is missing it cannot add.",
        ),
        (
            "Because the weights of the first 20 steps are never changed.",
            "All steps share the same weights. They are changed, but by the last 10 steps alone.",
        ),
        (
            "Because no gradient says how the step that read the input should have written it down.",
            "Right. That term of the sum over steps is left out, whatever the optimizer and whatever the cell.",
        ),
    ],
    answer="d",
    hints=[
        "The gradient of a weight is a sum over the steps at which the weight was used. Which terms are in the sum?",
        "Only those of the last 10 steps. The input came in at another one.",
    ],
    solution="""
The gradient is a sum over steps. Truncation keeps the terms of the last 10 steps. The term of the step that read the
input is set to exactly 0, so nothing pushes the network to write it down. If it survives in the state by luck, the
readout can use it; that is all.

No optimizer and no cell can make up for a term that is not there. Only if such an input also occurred within the last
10 steps, and paid off there, could the shared weights learn to hold it, and then hold it for 30 as well.
""",
)
