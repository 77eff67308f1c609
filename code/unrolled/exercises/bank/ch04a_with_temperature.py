import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def with_temperature(logits, T):
    if T == 0:
        return np.eye(logits.shape[1])[logits.argmax(axis=1)]
    a = (logits - logits.max(axis=1, keepdims=True)) / T
    e = np.exp(a)
    return e / e.sum(axis=1, keepdims=True)


def multiplied(logits, T):
    a = (logits - logits.max(axis=1, keepdims=True)) * T
    e = np.exp(a)
    return e / e.sum(axis=1, keepdims=True)


def after_the_softmax(logits, T):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) / T


def softmax_twice(logits, T):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    e = np.exp(e / e.sum(axis=1, keepdims=True) / T)
    return e / e.sum(axis=1, keepdims=True)


def forgot(logits, T):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def not_normalised(logits, T):
    return np.exp((logits - logits.max(axis=1, keepdims=True)) / T)


def over_all_rows(logits, T):
    e = np.exp((logits - logits.max()) / T)
    return e / e.sum()


def cases(rng):
    return [
        Case("3 rows of 5 logits, T = 0.5", (rng.normal(size=(3, 5)) * 2, 0.5)),
        Case("2 rows of 7 logits, T = 1.7", (rng.normal(size=(2, 7)) * 2, 1.7)),
        Case("T = 1", (rng.normal(size=(2, 4)), 1.0), edge=True),
        Case("T = 0: all to the largest logit", (rng.normal(size=(3, 4)), 0.0), edge=True),
        Case("logits in the thousands, T = 0.5", (rng.normal(size=(2, 3)) * 3000, 0.5), edge=True),
        Case("T = 0.001", (rng.normal(size=(4, 6)) * 3, 0.001), edge=True),
    ]


exercise = Write(
    id="ch04a_with_temperature",
    chapter=4,
    title="Divide by the temperature",
    objective="sharpen or flatten a distribution with a temperature, without overflow and down to 0",
    difficulty=2,
    minutes=8,
    question=r"""
Return the probabilities $\mathrm{softmax}(\text{logits} / T)$, each row of `logits` (B, V) on its own. `T` is a number,
0 or larger. For $T = 0$ give all to the largest logit of the row (the limit of small $T$). Logits may be large.
""",
    docstring="softmax(logits / T) of every row of logits (B, V); T = 0: one at the largest logit.",
    answer=with_temperature,
    wrong=[
        (multiplied, "You multiplied by T. It goes the wrong way round then: a low temperature would flatten."),
        (
            after_the_softmax,
            "You divided the probabilities by T: they no longer sum to one. Divide the logits, before the softmax.",
        ),
        (softmax_twice, "You took the softmax twice: the logits are divided by T, not the probabilities."),
        (forgot, "This is the plain softmax: T does not occur in the result."),
        (not_normalised, "The rows do not sum to one: divide by their sum."),
        (over_all_rows, "All rows together sum to one. Each row is a distribution of its own: `axis=1`."),
        Slip(
            "(logits - logits.max(axis=1, keepdims=True)) / T",
            "logits / T",
            "Right for small numbers. exp of a large logit, or of one divided by a small T, is infinite, and then NaN. "
            "Take the largest logit of each row off first.",
        ),
        Slip(
            "    if T == 0:\n        return np.eye(logits.shape[1])[logits.argmax(axis=1)]\n",
            "",
            "Right for every T above 0. At T = 0 you divide by zero: that case needs its own line, all to the argmax.",
        ),
    ],
    cases=cases,
    hints=[
        "Divide the logits, then take the softmax as always, and mind the large ones.",
        "Take the largest logit of each row off before you divide: then the largest exponent is 0.",
        "For T = 0: `np.eye(V)[logits.argmax(axis=1)]`.",
    ],
    solution="""
Softmax of logits / T. The largest logit is taken off first, so that the exponents are 0 or negative whatever T is. T =
0 cannot be divided by; its limit is a 1 at the largest logit, which one row of the identity matrix is.
""",
    right="Right, down to T = 0 and for logits in the thousands.",
)
