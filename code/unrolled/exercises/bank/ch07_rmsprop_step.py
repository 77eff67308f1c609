import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def rmsprop_step(p, d_p, v, learning_rate, decay):
    v = decay * v + (1 - decay) * d_p**2
    return p - learning_rate * d_p / (np.sqrt(v) + 1e-8), v


def old_v(p, d_p, v, learning_rate, decay):
    return p - learning_rate * d_p / (np.sqrt(v) + 1e-8), decay * v + (1 - decay) * d_p**2


def in_place(p, d_p, v, learning_rate, decay):
    v += (1 - decay) * (d_p**2 - v)
    p -= learning_rate * d_p / (np.sqrt(v) + 1e-8)
    return p, v


def cases(rng):
    def numbers(*shape):
        return rng.normal(size=shape), rng.normal(size=shape), rng.uniform(0.1, 2, size=shape)

    p, d_p, v = numbers(3)
    d_p[1] = v[1] = 0.0
    return [
        Case("a matrix of 3 × 4", (*numbers(3, 4), 0.01, 0.9)),
        Case("a vector of 5, a longer memory", (*numbers(5), 0.1, 0.99)),
        Case("the first step, v is 0", (rng.normal(size=4), rng.normal(size=4), np.zeros(4), 0.01, 0.9), edge=True),
        Case("a gradient a million times larger", (p + 1, 1e6 * (d_p + 2), v, 0.01, 0.9), edge=True),
        Case("a weight that has never had a gradient", (p, d_p, v, 0.01, 0.9), edge=True),
    ]


exercise = Write(
    id="ch07_rmsprop_step",
    chapter=7,
    title="One step of RMSprop",
    objective="turn the two formulas of RMSprop into two lines of code",
    difficulty=2,
    minutes=6,
    question=r"""
Write one step of RMSprop for one array of weights `p` with the gradient `d_p`. `v` is the running mean of the squared
gradient, of the same shape:

$v \leftarrow \rho\, v + (1 - \rho)\, d_p^2$, then $p \leftarrow p - \eta\, d_p / (\sqrt{v} + \epsilon)$

with $\eta$ = `learning_rate`, $\rho$ = `decay` and $\epsilon = 10^{-8}$. Return the new `p` and the new `v`. Leave the
arrays you were given as they are.
""",
    docstring="The weights and the running mean after one step.",
    answer=rmsprop_step,
    wrong=[
        (old_v, "The step divides by the old v. Update v first: then a sudden large gradient already tames itself."),
        Slip("np.sqrt(v)", "v", "v is a mean of squares. Divide by its root, so that the units match."),
        Slip(
            "decay * v + (1 - decay)",
            "(1 - decay) * v + decay",
            "The decay stands at the wrong term: most of v is the past, `decay * v`.",
        ),
        Slip("d_p**2", "np.abs(d_p)", "v is the running mean of the **square** of the gradient."),
        Slip(
            "decay * v + (1 - decay) * d_p**2",
            "v + d_p**2",
            "This adds up all squares and never forgets one: that is AdaGrad, whose steps get shorter and shorter.",
        ),
        Slip("p - learning_rate", "p + learning_rate", "The sign: a step of descent goes against the gradient."),
        Slip("d_p**2", "(d_p**2).mean()", "Each weight has its own v. You have taken the mean over all of them."),
        Slip(
            "(np.sqrt(v) + 1e-8)",
            "np.sqrt(v)",
            "Right as long as v is not 0. For a weight that has never had a gradient you divide 0 by 0.",
        ),
        (
            in_place,
            "The numbers are right, but they are written into `p` and `v`, which the caller still has. Make new ones.",
        ),
    ],
    cases=cases,
    hints=[
        "Two lines, in this order: v, then p.",
        "`v = decay * v + (1 - decay) * d_p**2`",
        "`p - learning_rate * d_p / (np.sqrt(v) + 1e-8)`",
    ],
    solution="""
v first, then the step with the new v. So no step is longer than learning_rate / √(1 − decay), whatever comes: with
the decay 0.99 that is ten times the learning rate.
""",
    right="Right, and however large the gradient, no step is longer than learning_rate / √(1 − decay).",
)
