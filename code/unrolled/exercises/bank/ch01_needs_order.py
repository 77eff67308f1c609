from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch01_needs_order",
    chapter=1,
    title="Which of them needs the order?",
    objective="tell tasks in which the order carries the answer from tasks in which it does not",
    difficulty=1,
    minutes=3,
    question=r"""
Four tasks. In which of them would a network that knows only **which** values occurred, and how often, but not in which
order, lose something that it needs?

1. Tell from the 24 hourly temperatures of a day whether it froze at some hour.
2. Tell from the same 24 numbers whether the day ended warmer than it began.
3. Tell from the cards in a hand whether it holds a pair.
4. Tell from a list of deposits and withdrawals whether the account was ever below zero.
""",
    choices=[
        (
            "In all four: all are lists.",
            "A list has an order, but the answer need not depend on it. Shuffle the day in task 1: is there still a "
            "frost in it?",
        ),
        ("In 2 only.", "Task 2, yes. Now shuffle an account: +100, −80 is never below zero. And −80, +100?"),
        (
            "In 2 and 4.",
            "Right. Shuffling can change these answers. A frost stays a frost, and a pair a pair, in any order.",
        ),
        (
            "In 1 and 2: both are about time.",
            "That the numbers were measured in time is not enough. Task 1 asks for the smallest of them, and that is "
            "the same in any order. And look at task 4 again.",
        ),
        (
            "In none: a large enough network can be trained to do them all.",
            "Not without the order. Two days with the same 24 numbers in another order look the same to it, so it "
            "must give both the same answer, whatever its size.",
        ),
    ],
    answer="c",
    hints=[
        "Shuffle the input in your mind. Can the right answer change?",
        "Task 4: compare +100, −80 with −80, +100. Task 1: the coldest hour is the coldest hour.",
    ],
    solution="""
The test is to shuffle. Frost and pair do not change (1 and 3). "Ended warmer than it began" compares the last value
with the first, and "ever below zero" depends on what came before what: both change (2 and 4).
""",
)
