from math import atanh, log, log10

from unrolled.exercises.kinds import Compute

f = 0.5 ** (1 / 50)

exercise = Compute(
    id="ch12_half_life",
    chapter=12,
    title="Half of it after 50 steps",
    objective="choose a forget bias for the time that a memory should last",
    difficulty=2,
    minutes=5,
    question=r"""
The forget gate hears nothing but its bias: $f_t = \sigma(b_f)$ at every step. Nothing new is put onto the belt. Which
$b_f$ leaves half of the cell state after 50 steps, $C_{50} = C_0 / 2$? Give two decimals.
""",
    answer=log(f / (1 - f)),
    tolerance=0.01,
    wrong=[
        (f, "0.986 is f, and that is right. Asked is the bias, whose sigmoid is f."),
        (
            -log(f / (1 - f)),
            "The size is right, the sign is not: a negative bias closes the gate, and a closed forget gate forgets.",
        ),
        (
            log(49),
            "3.89 is the bias of f = 1 − 1/50. That leaves 0.98 to the power of 50, which is 0.36: about 1/e, not "
            "half.",
        ),
        (
            log(50),
            "ln 50 = 3.91 is a rule of thumb for about 50 steps: it leaves 0.37, about 1/e. Here it shall be half.",
        ),
        (
            log(99),
            "4.60 is the bias of f = 0.99, as if one hundredth of the first load were lost at each step. A part of "
            "what is left is lost: 0.99 to the power of 50 is 0.61.",
        ),
        (-log(0.5) / 50, "ln 2 / 50 = 0.014 is nearly the part that is lost at each step, 1 − f. Go on from there."),
        (0.0, "With b = 0 the gate is half open, and half is lost at every step. It shall be half after 50."),
        (log10(f / (1 - f)), "The f is right. The sigmoid is undone by the natural logarithm, not by log₁₀."),
        (atanh(f), "You undid a tanh. The gate is a sigmoid: b = ln(f / (1 − f))."),
    ],
    hints=[
        "Each step multiplies by the same f. What must f be for 50 factors of it to make 1/2?",
        "f = 0.5 to the power of 1/50 = 0.98623. Now turn the sigmoid round: f = 1 / (1 + exp(−b)).",
        "b = ln(f / (1 − f)). Keep five digits of f, for 1 − f is small.",
    ],
    solution="""
C₅₀ is C₀ times f to the power of 50, so f is 0.5 to the power of 1/50: 0.98623. The sigmoid turned round gives
b = ln(f / (1 − f)) = ln(0.98623 / 0.01377) = 4.27.

The usual start, b = 1, means f = 0.731, and half is gone after 2.2 steps.
""",
    right="Right: σ(4.27) = 0.986. A bias of 1, where training usually begins, has lost half after 2.2 steps.",
)
