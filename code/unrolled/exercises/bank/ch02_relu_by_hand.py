from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch02_relu_by_hand",
    chapter=2,
    title="Three steps with ReLU",
    objective="compute a few steps of a recurrent neuron with pencil and paper",
    difficulty=1,
    minutes=3,
    question=r"""
One neuron, $g_h = \mathrm{relu}$, $w_I = 2$, $w_R = 0.5$, $b_h = -1$. It reads 1, 1, 0 and starts from $h^{(0)} = 0$.
What is $h^{(3)}$?
""",
    answer=0.0,
    tolerance=0.01,
    wrong=[
        (-0.25, "−0.25 is the sum. ReLU has still to turn what is negative into 0."),
        (1.75, "1.75 comes from reading the input of step 2 again. At step 3 the input is 0."),
        (0.75, "0.75 is w_R · h⁽²⁾ alone: the bias −1 belongs to every step, the last one included."),
        (1.5, "1.5 is h⁽²⁾. One step is missing."),
        (-1.0, "−1 forgets the past: the sum at step 3 also holds w_R · h⁽²⁾. And then comes ReLU."),
    ],
    hints=[
        "Make a table with a row for each step: x, the h of the step before, the sum, and ReLU of the sum.",
        "h⁽¹⁾ = relu(2 · 1 + 0.5 · 0 − 1) = 1. The next row starts from this 1.",
        "h⁽²⁾ = relu(2 + 0.5 − 1) = 1.5. At step 3 only 0.5 · 1.5 and the bias are left.",
    ],
    solution="""
h⁽¹⁾ = relu(2 + 0 − 1) = 1.

h⁽²⁾ = relu(2 + 0.5 − 1) = 1.5.

h⁽³⁾ = relu(0 + 0.75 − 1) = relu(−0.25) = 0.
""",
    right="Right: the sum is −0.25, and ReLU makes it 0.",
)
