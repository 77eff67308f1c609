from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch10_how_many_windows",
    chapter=10,
    title="A year in windows",
    objective="count the windows that a series has room for, their targets included",
    difficulty=1,
    minutes=2,
    question=r"""
From a year of daily values, 365 of them, windows are cut: 14 days as inputs and the **7 days after them** as targets. A
window begins at every day that has room for both. How many windows are there?
""",
    answer=345,
    tolerance=0,
    wrong=[
        (
            344,
            "365 − 21 = 344 is the last day on which a window can begin, if the first day is day 0. How many are they?",
        ),
        (352, "The targets have no room: 14 days are reserved, and the 7 that follow are not."),
        (351, "This many there are with one day as the target. Here 7 days follow each window."),
        (346, "One too many: the last of them would need a day 366."),
        (17, "17 pieces of 21 days stand side by side. Here a window begins at every day, so they overlap."),
        (26, "26 pieces of 14 days stand side by side. Here windows overlap, and each needs 7 days behind it."),
        (359, "365 − 7 + 1: you have reserved room for the targets and none for the inputs."),
    ],
    hints=[
        "A window and its targets are a piece of 21 days. Where does the last piece begin?",
        "In a series of 21 days there is one such piece, in 22 days there are two.",
    ],
    solution="""
A window with its targets takes 14 + 7 = 21 days. The first piece covers the days 1 to 21, the last one the days 345 to
365: it begins on day 345, so there are 365 − 14 − 7 + 1 = 345.

They share nearly everything: two neighbours have 20 of 21 days in common. 345 windows are far fewer than 345
independent examples.
""",
    right="Right: 365 − 14 − 7 + 1. Neighbours share 20 of 21 days, so these are no 345 independent examples.",
)
