import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def both_ends(output, lengths):
    H = output.shape[2] // 2
    rows = np.arange(len(lengths))
    return np.concatenate([output[rows, lengths - 1, :H], output[rows, 0, H:]], axis=1)


def case(rng, name, lengths, T, H, edge=False):
    return Case(name, (rng.normal(size=(len(lengths), T, 2 * H)), np.array(lengths)), edge)


def cases(rng):
    return [
        case(rng, "3 sequences of 2, 5 and 4 steps, padded to 7", [2, 5, 4], 7, 4),
        case(rng, "4 sequences, one of them full", [7, 1, 4, 2], 7, 3),
        case(rng, "a batch of one", [3], 5, 2, edge=True),
        case(rng, "no padding at all", [4, 4, 4], 4, 2, edge=True),
        case(rng, "sequences of a single step", [1, 1], 5, 3, edge=True),
    ]


exercise = Write(
    id="ch09b_both_ends",
    chapter=9,
    title="Two ends",
    objective="take the finished state of each direction out of the outputs of a bidirectional layer",
    difficulty=2,
    minutes=8,
    question=r"""
`output` (B, T, 2H) are the outputs of a bidirectional layer that knew the lengths: at each step H numbers of the
forward direction, then H of the backward one. `lengths` (B,) are the true numbers of steps; the padding comes after.
Return for each sequence the state of each direction **after it has read the whole sequence**, forwards first: (B, 2H).
""",
    docstring="output (B, T, 2H), lengths (B,) whole numbers from 1 to T -> (B, 2H).",
    answer=both_ends,
    wrong=[
        Slip(
            "return np.concatenate([output[rows, lengths - 1, :H], output[rows, 0, H:]], axis=1)",
            "return output[:, -1]",
            "This is `output[:, -1]`: for shorter sequences it is padding, and its backward half has read one element "
            "at most.",
        ),
        Slip(
            "output[rows, 0, H:]",
            "output[rows, lengths - 1, H:]",
            "The forward half is right. At the last valid step the backward direction has only just begun: where is it "
            "finished?",
        ),
        Slip(
            "output[rows, lengths - 1, :H]",
            "output[rows, -1, :H]",
            "The backward half is right. The forward half is taken at step T, which is padding for the shorter "
            "sequences.",
        ),
        Slip(
            "lengths - 1",
            "np.minimum(lengths, output.shape[1] - 1)",
            "Off by one: after n steps the forward state stands at index n - 1.",
        ),
        Slip(
            "[output[rows, lengths - 1, :H], output[rows, 0, H:]]",
            "[output[rows, 0, H:], output[rows, lengths - 1, :H]]",
            "Both states are right, in the other order. Forwards first.",
        ),
        Slip(
            "[output[rows, lengths - 1, :H], output[rows, 0, H:]]",
            "[output[rows, lengths - 1, H:], output[rows, 0, :H]]",
            "The halves are swapped: the first H numbers belong to the forward direction.",
        ),
        Slip(
            "output[rows, 0, H:]",
            "output[rows, -1, H:]",
            "The forward half is right. The backward direction reads towards step 1 and is finished there.",
        ),
    ],
    cases=cases,
    hints=[
        "The two directions finish at different steps. Which has read everything at index 0?",
        "`output[np.arange(B), lengths - 1, :H]` takes another step for each sequence.",
    ],
    solution="""
Forwards, the last element that is read is the sequence's own last step, index lengths − 1. Backwards it is the first
step, index 0, for every sequence. So take the first half of the numbers there and the second half here, side by side.
This is what h_n[-2] and h_n[-1] hold in PyTorch when the batch was packed.
""",
    right="Right: the forward state at each sequence's own end, the backward state at the beginning.",
)
