import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def windows(xs, k):
    T, D = xs.shape
    padded = np.concatenate([np.zeros((k - 1, D)), xs])
    return np.stack([padded[t : t + k].reshape(-1) for t in range(T)])


def not_padded(xs, k):
    if len(xs) < k:
        return np.zeros((0, k * xs.shape[1]))
    return np.stack([xs[t : t + k].reshape(-1) for t in range(len(xs) - k + 1)])


def wraps_around(xs, k):
    return np.concatenate([np.roll(xs, lag, axis=0) for lag in reversed(range(k))], axis=1)


def cases(rng):
    def case(name, T, D, k, edge=False):
        return Case(name, (rng.normal(size=(T, D)), k), edge)

    return [
        case("7 steps of 2 numbers, a window of 3", 7, 2, 3),
        case("5 steps of 3 numbers, a window of 4", 5, 3, 4),
        case("a window of one step", 4, 2, 1, edge=True),
        case("fewer steps than the window is wide", 2, 3, 5, edge=True),
        case("one number at each step", 6, 1, 2, edge=True),
    ]


exercise = Write(
    id="ch01_windows",
    chapter=1,
    title="Cut a sequence into windows",
    objective="make the padded input of a network with a fixed window",
    difficulty=2,
    minutes=8,
    question=r"""
`xs` (T, D) is a sequence. Return an array (T, kD) whose row t holds the **last k** inputs up to and including step t,
side by side, the oldest first. Where a window reaches back before the first step, pad it with zeros. For `k = 2` and
the sequence `[[1], [2], [3]]` that is `[[0, 1], [1, 2], [2, 3]]`.
""",
    docstring="xs (T, D), k at least 1 -> (T, k * D).",
    answer=windows,
    wrong=[
        (
            not_padded,
            "The first k − 1 steps are missing: there the window is not full yet. They get zeros in front, so that "
            "every step has its row.",
        ),
        Slip(
            "[np.zeros((k - 1, D)), xs]",
            "[xs, np.zeros((k - 1, D))]",
            "These windows look ahead: row t holds step t and those after it, which are not known yet. The padding "
            "belongs in front.",
        ),
        Slip(
            "padded[t : t + k]",
            "padded[t : t + k][::-1]",
            "The order is turned round: the oldest input should stand first, step t last.",
        ),
        Slip(
            "np.zeros((k - 1, D))",
            "np.zeros((k, D))",
            "Step t itself is missing: the window ends one step too early. Pad with k − 1 steps, not with k.",
        ),
        Slip(
            ".reshape(-1)",
            "",
            "All the right numbers, as (T, k, D). A layer behind a window wants one row of k · D numbers.",
        ),
        Slip(
            "np.zeros((k - 1, D))",
            "np.repeat(xs[:1], k - 1, axis=0)",
            "The padding repeats the first input. Zeros are asked for: before the first step there was nothing.",
        ),
        Slip(
            ".reshape(-1)",
            ".T.reshape(-1)",
            "The numbers of one step should stay together: all D of the oldest step, then all D of the next.",
        ),
        (wraps_around, "`np.roll` brings the end of the sequence to its beginning: the first windows see the future."),
    ],
    cases=cases,
    hints=[
        "Put k − 1 rows of zeros in front of the sequence. Then every window has k rows.",
        "In the padded sequence the window that ends at step t begins at index t: `padded[t : t + k].reshape(-1)`.",
    ],
    solution="""
With k − 1 rows of zeros in front, step t of the sequence stands at index t + k − 1, so its window is padded[t : t +
k]. Flattened, its rows stand side by side, the oldest first. Each input is now stored k times: the price of having no
state.
""",
    right="Right. Each input is stored k times now: that is what a window costs.",
)
