import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def pairs(values, steps):
    rows = np.arange(steps)[:, None] + np.arange(len(values) - steps)  # (T, B)
    return values[rows][..., None], values[rows + 1][..., None]


def batch_first(values, steps):
    rows = np.arange(len(values) - steps)[:, None] + np.arange(steps)
    return values[rows][..., None], values[rows + 1][..., None]


def scrambled(values, steps):
    rows = np.arange(len(values) - steps)[:, None] + np.arange(steps)
    return values[rows].reshape(steps, -1, 1), values[rows + 1].reshape(steps, -1, 1)


def wraps_around(values, steps):
    rows = np.arange(steps)[:, None] + np.arange(len(values) - steps + 1)
    return values[rows][..., None], np.roll(values, -1)[rows][..., None]


def case(rng, name, N, T, edge=False):
    return Case(name, (rng.normal(size=N), T), edge)


def cases(rng):
    return [
        case(rng, "9 values, windows of 4", 9, 4),
        case(rng, "12 values, windows of 3", 12, 3),
        case(rng, "windows of a single step", 6, 1, edge=True),
        case(rng, "a series with room for one window", 6, 5, edge=True),
        case(rng, "fewer windows than steps", 8, 6, edge=True),
        case(rng, "as many windows as steps", 8, 4, edge=True),
    ]


exercise = Write(
    id="ch10_targets",
    chapter=10,
    title="Windows and their targets",
    objective="cut a series into inputs and targets one step later, without a leak",
    difficulty=2,
    minutes=8,
    question=r"""
`values` (N,) is a series in the order of time. Cut **all** windows of `steps` neighbouring values from it, and to each
window the same piece **one value later**: at every step the target is what comes next. Return inputs and targets, each
(T, B, 1): T steps, B windows. Window b begins at `values[b]`. For `steps = 2` and the series `[1, 2, 3, 4]` there are
two windows: (1, 2) with the targets (2, 3), and (2, 3) with the targets (3, 4).
""",
    docstring="values (N,) -> inputs and targets, each (T, B, 1).",
    answer=pairs,
    wrong=[
        Slip(
            "values[rows + 1]",
            "values[rows]",
            "The targets are the inputs: a perfect forecast is a copy, and the loss goes to 0. The target of a step is "
            "the value that follows.",
        ),
        Slip(
            "values[rows + 1]",
            "values[rows - 1]",
            "The targets stand one value earlier: the network is asked for what it has read already. (And before the "
            "first value NumPy takes the last one.)",
        ),
        Slip(
            "len(values) - steps",
            "len(values) - steps - 1",
            "One window is lost. The last target may be the last value of the series.",
        ),
        Slip(
            "np.arange(len(values) - steps)",
            "np.arange(0, len(values) - steps, steps)",
            "Your windows stand one behind the other. All of them are asked for: a window begins at every value that "
            "has enough values behind it.",
        ),
        Slip(
            "values[rows + 1][..., None]",
            "values[steps:][None, :, None]",
            "The inputs are right. As targets you have the value after each window alone; there is one at every step.",
        ),
        (batch_first, "This is (B, T, 1), with the batch in front. Here time is the first axis."),
        (
            scrambled,
            "The shape is right and the values are scrambled: reshape cuts the long line of numbers anew, so a step "
            "holds pieces of windows. Use transpose to swap axes.",
        ),
        (
            wraps_around,
            "One window too many: `np.roll` gives the last value the first one as its target. What follows the last "
            "value is not known, so no window may end there.",
        ),
        Slip(
            "values[rows][..., None], values[rows + 1][..., None]",
            "values[rows], values[rows + 1]",
            "All the right values, as (T, B). The last axis is missing: each step has D = 1 number.",
        ),
    ],
    cases=cases,
    hints=[
        "How many windows are there? The last target is the last value, so the last window ends one value before it: "
        "B = N − T.",
        "Which value stands at step t of window b? `values[t + b]`. And its target is `values[t + b + 1]`.",
        "`np.arange(T)[:, None] + np.arange(B)` is the whole table of t + b, (T, B). NumPy takes it as an index; "
        "`[..., None]` adds the last axis.",
    ],
    solution="""
At step t window b reads values[b + t], and its target is values[b + t + 1]. The largest of these indices is
(B − 1) + (T − 1) + 1 = N − 1, so B = N − T. A table of t + b, (T, B), indexes the series once for the inputs and, with
1 added, once for the targets.

A number occurs in up to T windows. So these windows are no independent examples: split the series in time first, then
cut.
""",
    right="Right: N − T windows, and at every step the target is the next value.",
)
