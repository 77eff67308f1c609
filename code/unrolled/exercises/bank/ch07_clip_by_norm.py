from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch07_clip_by_norm",
    chapter=7,
    title="Clip by norm, by hand",
    objective="clip a gradient by its norm with pencil and paper, over all parameters together",
    difficulty=1,
    minutes=3,
    question=r"""
A small network has three weights in one matrix and one bias. Their gradients are $(6, 0, 0)$ for the matrix and $8$
for the bias. You clip by norm at the threshold $\theta = 5$, all parameters together. What is left of the 6?
""",
    answer=3,
    tolerance=0.01,
    wrong=[
        (5, "5 is what is left when the matrix is clipped alone, or each number by its value. The norm is that of all "
            "four numbers together."),
        (6, "6 stays only if the gradient is short enough. It is the norm of all gradients that is compared with 5, "
            "and that is larger."),
        (0.6, "You have made the whole gradient 1 long. It may be as long as the threshold."),
        (2.14, "You have added the numbers: 14. The norm is the root of the sum of their squares."),
        (0.3, "You have divided by the square of the norm. Take the root first."),
        (12, "You have divided by the scale. The gradient gets shorter, not longer."),
    ],
    hints=[
        "How long is the gradient as one vector (6, 0, 0, 8)?",
        "The norm is 10, twice the threshold. Every entry is multiplied by 5 / 10.",
    ],
    solution="""
The norm is √(36 + 64) = 10. It exceeds 5, so every entry is multiplied by 5 / 10: the gradients become (3, 0, 0) and
4. Their norm is 5, and 3 to 4 is still 6 to 8: the direction has not changed.
""",
    right="Right: half of everything, since the norm is √(36 + 64) = 10.",
)  # fmt: skip
