import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def masked_mean(hs, mask):
    kept = np.where(mask[:, :, None], hs, 0)
    return kept.sum(axis=1) / mask.sum(axis=1)[:, None]


def case(rng, name, lengths, T, H, edge=False, fill=None):
    mask = np.arange(T) < np.array(lengths)[:, None]
    hs = rng.normal(size=(len(lengths), T, H))
    if fill is not None:
        hs[~mask] = fill
    return Case(name, (hs, mask), edge)


def holes(rng):
    mask = np.array([[True, False, True, True], [False, False, False, True]])
    return Case("steps masked in the middle and at the beginning", (rng.normal(size=(2, 4, 3)), mask), True)


def cases(rng):
    return [
        case(rng, "3 sequences of 2, 5 and 3 steps, padded to 7", [2, 5, 3], 7, 4),
        case(rng, "4 sequences, one of them full", [6, 1, 4, 2], 6, 3),
        case(rng, "a batch of one", [3], 5, 2, edge=True),
        case(rng, "no padding at all", [4, 4, 4], 4, 2, edge=True),
        holes(rng),
        case(rng, "NaN in the padding", [2, 3], 4, 3, edge=True, fill=np.nan),
    ]


exercise = Write(
    id="ch09b_masked_mean",
    chapter=9,
    title="A mean that knows the mask",
    objective="pool the states of padded sequences by a masked mean",
    difficulty=2,
    minutes=7,
    question=r"""
`hs` (B, T, H) holds the states of a batch, batch first as in Keras, and `mask` (B, T) is True where a step counts; it
may also be False at the beginning or in the middle, and is True at least once in each sequence. Return the **mean over
the steps that count**, (B, H). What stands at the other steps must not matter, not even if it is NaN.
""",
    docstring="hs (B, T, H), mask (B, T) of True and False -> (B, H).",
    answer=masked_mean,
    wrong=[
        Slip(
            "mask.sum(axis=1)[:, None]",
            "hs.shape[1]",
            "The sum is right, but it is divided by T, the number of all steps. Divide by how many count.",
        ),
        Slip(
            "kept = np.where(mask[:, :, None], hs, 0)",
            "return hs.mean(axis=1)",
            "This is the mean over all steps, the masked ones included.",
        ),
        Slip(
            "np.where(mask[:, :, None], hs, 0)",
            "hs * mask[:, :, None]",
            "Right for numbers. But NaN times zero is NaN: choose with `np.where` in place of a product.",
        ),
        Slip(
            " / mask.sum(axis=1)[:, None]",
            "",
            "This is the sum over the steps that count. Divide it by their number.",
        ),
        Slip(
            "kept.sum(axis=1) / mask.sum(axis=1)[:, None]",
            "kept.sum(axis=1) / mask.sum()",
            "The number of steps that count is taken over the whole batch. Each sequence has its own.",
        ),
        Slip(
            "mask[:, :, None], hs",
            "(np.arange(hs.shape[1]) < mask.sum(axis=1)[:, None])[:, :, None], hs",
            "You take as many steps from the beginning as count. The mask may be False there, or in the middle: use it "
            "as it is.",
        ),
        Slip(
            "kept.sum(axis=1) / mask.sum(axis=1)[:, None]",
            "kept.max(axis=1)",
            "This is a maximum over the steps, with zeros in place of the masked ones. The mean is asked for.",
        ),
    ],
    cases=cases,
    hints=[
        "Sum over axis 1 with zeros where the mask is False, then divide by the number of True in each row.",
        "`mask[:, :, None]` has the shape (B, T, 1) and fits to `hs`; `np.where(condition, a, b)` chooses.",
    ],
    solution="""
First zeros where a step does not count, by choosing and not by multiplying: 0 · NaN is NaN. Then the sum over the
steps, (B, H), and the number of steps that count, (B,), which gets an axis to divide each row: (B, 1).
""",
    right="Right, wherever the masked steps stand and whatever stands there.",
)
