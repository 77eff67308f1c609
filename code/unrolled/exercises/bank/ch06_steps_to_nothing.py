from math import ceil, log, log2

from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch06_steps_to_nothing",
    chapter=6,
    title="How many steps to a millionth?",
    objective="turn a factor per step into a distance at which a gradient is gone",
    difficulty=1,
    minutes=3,
    question=r"""
Every step back multiplies a gradient by 0.9. After how many steps is it **below** one millionth, $0.9^k < 10^{-6}$?
Give the smallest whole $k$.
""",
    answer=ceil(log(1e-6) / log(0.9)),
    tolerance=0,
    wrong=[
        (131, "So close: 0.9 to the power of 131 is 1.01e-6, a little above. It must be below."),
        (133, "At 133 it is below, but it was so one step earlier already."),
        (-132, "The size is right. Both logarithms are negative, so their quotient is positive."),
        (10, "You took off a tenth of the first value at each step. A tenth of what is left is taken off."),
        (6, "Six steps are what a factor of 0.1 needs. Here nine tenths are left at each step."),
        (ceil(log2(1e6)), "20 steps are what a factor of 0.5 needs. Here the factor is 0.9."),
        (57, "You divided log₁₀ by ln. Take the same logarithm above and below."),
        (14, "ln(10⁶) is 13.8. How much of it does one step take? Divide by −ln 0.9 = 0.105."),
    ],
    hints=[
        "Take the logarithm of both sides: k · ln 0.9 < ln 10⁻⁶. Mind the sign when you divide by a negative number.",
        "ln 10⁻⁶ = −13.816 and ln 0.9 = −0.10536. The quotient is not whole; round it so that the power is below.",
    ],
    solution="""
k · ln 0.9 < ln 10⁻⁶, and dividing by a negative number turns the sign round: k > 13.816 / 0.10536 = 131.1. The
smallest whole number above is 132.

A sequence of 132 steps is not long, and 0.9 is not small. That is the whole trouble.
""",
    right="Right: 132 steps. A factor that looks harmless, and a distance that is not long.",
)
