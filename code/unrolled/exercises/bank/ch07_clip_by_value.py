from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch07_clip_by_value",
    chapter=7,
    title="How far does it turn?",
    objective="see by how much clipping by value turns a gradient",
    difficulty=2,
    minutes=4,
    question=r"""
A gradient has two entries, $(10, 1)$. You clip it **by value** at 1. By how many degrees does this turn it?
""",
    answer=39.3,
    tolerance=0.1,
    unit="degrees",
    wrong=[
        (45, "45° is the new angle with the first axis. The old one was not 0."),
        (5.71, "5.71° is the old angle with the first axis. And the new one?"),
        (0, "Clipping by norm would not turn it. By value each entry is cut by itself: 10 becomes 1, and 1 stays."),
        (50.71, "You have added the two angles. Both are measured from the same axis, to the same side."),
        (84.29, "84.29° is the old angle with the second axis. Which axis did you measure the new one from?"),
    ],
    hints=[
        "What are the two entries after clipping?",
        "(1, 1) stands at 45° to the first axis. (10, 1) stood at arctan(1 / 10).",
    ],
    solution="""
10 is cut to 1, and 1 stays: (1, 1), at 45° to the first axis. Before it was arctan(0.1) = 5.71°. It has turned by
39.29°. What was one tenth of the other entry is now its equal.
""",
    right="Right. Clipping by norm would have turned it by 0°.",
)
