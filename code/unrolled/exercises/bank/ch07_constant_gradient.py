from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch07_constant_gradient",
    chapter=7,
    title="The step of RMSprop",
    objective="know how far RMSprop moves a weight, and why the size of the gradient does not matter",
    difficulty=2,
    minutes=4,
    question=r"""
The gradient of a weight has been exactly 0.002 for thousands of updates. RMSprop has the learning rate 0.001 (decay
0.99, $\epsilon = 10^{-8}$). How far does one update move the weight?
""",
    answer=0.001,
    tolerance=0.00001,
    wrong=[
        (0.000002, "0.000002 is learning rate times gradient: the step of SGD. RMSprop divides by the root of v."),
        (0.01, "0.01 is the very first step, when v has only seen one gradient and is a hundred times too small. After "
               "thousands it has caught up."),
        (0.5, "You have divided the learning rate by the gradient: the gradient stands above the line as well."),
        (0.00002, "You have multiplied by 1 − decay as well. v is a running mean: it has arrived at 0.002²."),
        (0.002, "0.002 is the gradient. Divided by its own size it is 1, and the learning rate says how far."),
    ],
    hints=[
        "v is the running mean of the squared gradient. What is the mean of a number that is always the same?",
        "v = 0.002², so √v = 0.002. Now put it into η · g / (√v + ε).",
    ],
    solution="""
v has settled at the mean of g², which is 0.002². So the step is η · 0.002 / (0.002 + ε) = η = 0.001, almost to the
last digit. Make the gradient a thousand times larger or smaller: the step stays the learning rate.
""",
    right="Right: the learning rate itself. With RMSprop it is a length, not a factor.",
)  # fmt: skip
