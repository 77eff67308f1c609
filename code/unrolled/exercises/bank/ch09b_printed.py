from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch09b_printed",
    chapter=9,
    title="How far may it jump?",
    objective="say how much an accuracy on a few images jumps by chance",
    difficulty=2,
    minutes=4,
    question=r"""
A network gets 97 % of all training images right. A program prints its accuracy on one batch of 150 of them, drawn at
random. By how many **percentage points** do such numbers scatter, as a standard deviation?
(A share $p$ of $n$ independent draws has the standard deviation $\sqrt{p(1-p)/n}$.)
""",
    answer=1.4,
    tolerance=0.05,
    unit="points",
    wrong=[
        (
            2.09,
            "This is the standard deviation of the number of images that are right, √(n p (1 − p)). Asked is that of "
            "their share.",
        ),
        (0.0139, "The right share. In percentage points it is a hundred times as much."),
        (17.06, "This is √(p(1 − p)), the standard deviation for a single image. The mean of 150 scatters less."),
        (0.67, "One image of 150 is 0.67 points: the size of a step. How many steps is it off, typically?"),
        (0.24, "You divided by √n and then once more. √(p(1 − p)/n) has one n, under the root."),
        (8.04, "You put p/n under the root. The factor 1 − p is missing."),
    ],
    hints=[
        "p = 0.97 and n = 150.",
        "0.97 · 0.03 = 0.0291. Divide by 150 and take the root.",
    ],
    solution="""
√(0.97 · 0.03 / 150) = √0.000194 = 0.0139, so 1.39 percentage points. A printed 95.3 % and a printed 98.7 % may come
from the same network. The whole training set has 55,000 images: there the same formula gives 0.07 points.
""",
    right="Right. Two printed numbers that differ by two or three points say little about the network.",
)
