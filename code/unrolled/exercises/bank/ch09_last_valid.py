import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def last_valid(hs, lengths):
    return hs[lengths - 1, np.arange(hs.shape[1])]


def mean_of_valid(hs, lengths):
    valid = np.arange(len(hs))[:, None] < lengths
    return (hs * valid[:, :, None]).sum(axis=0) / lengths[:, None]


def case(rng, name, lengths, T, H, edge=False):
    return Case(name, (rng.normal(size=(T, len(lengths), H)), np.array(lengths)), edge)


def cases(rng):
    return [
        case(rng, "3 sequences of 2, 5 and 3 steps, padded to 7", [2, 5, 3], 7, 4),
        case(rng, "4 sequences, one of them full", [6, 1, 4, 2], 6, 3),
        case(rng, "a batch of one", [3], 5, 2, edge=True),
        case(rng, "no padding at all", [4, 4, 4], 4, 2, edge=True),
        case(rng, "sequences of a single step", [1, 1], 5, 3, edge=True),
    ]


exercise = Write(
    id="ch09_last_valid",
    chapter=9,
    title="The last state that counts",
    objective="read the last valid state of padded sequences",
    difficulty=2,
    minutes=8,
    question=r"""
A batch of sequences of different lengths is padded with zeros to T steps. `hs` (T, B, H) holds the states after
every step, `lengths` (B,) the true number of steps of each sequence, at least 1. Return the state after the **last
valid step** of each sequence, (B, H).
""",
    docstring="hs (T, B, H), lengths (B,) whole numbers from 1 to T -> (B, H).",
    answer=last_valid,
    wrong=[
        Slip(
            "lengths - 1, np.arange(hs.shape[1])",
            "-1",
            "This is the state after step T. For shorter sequences the layer went on reading padding by then.",
        ),
        Slip(
            "lengths - 1",
            "np.minimum(lengths, len(hs) - 1)",
            "Off by one: `hs[0]` is the state after step 1, so after n steps it is `hs[n - 1]`.",
        ),
        Slip(
            ", np.arange(hs.shape[1])",
            "",
            "The steps are right, but each of them is taken for the whole batch: (B, B, H). Sequence b belongs to step "
            "lengths[b]: index both axes, with `np.arange(B)` as the second.",
        ),
        Slip(
            "hs[lengths - 1, np.arange(hs.shape[1])]",
            "hs.mean(axis=0)",
            "This is the mean over all steps, padding included. One state of each sequence is asked for.",
        ),
        (mean_of_valid, "This is the mean over the valid steps: pooling. The last valid state is asked for."),
        Slip(
            "lengths - 1, np.arange(hs.shape[1])",
            "lengths.min() - 1",
            "All sequences are read at the end of the shortest one. Each has its own last step.",
        ),
        Slip(
            "lengths - 1, np.arange(hs.shape[1])",
            "np.arange(hs.shape[1]) % len(hs), np.minimum(lengths - 1, hs.shape[1] - 1)",
            "The axes are swapped: time is the first axis of `hs`, the batch the second.",
        ),
    ],
    cases=cases,
    hints=[
        "For one sequence b it is `hs[lengths[b] - 1, b]`. A loop over b is right, if slow.",
        "NumPy takes a whole array of indices for each axis and pairs them up: `hs[steps, sequences]`.",
    ],
    solution="""
For sequence b the answer is hs[lengths[b] − 1, b]: after n steps the state stands at index n − 1. With an array of
steps and an array of sequences NumPy does that for all b at once and keeps the last axis: (B, H).
""",
    right="Right, for every mixture of lengths.",
)
