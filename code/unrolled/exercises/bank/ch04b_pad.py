import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def pad(sequences):
    lengths = np.array([len(sequence) for sequence in sequences])
    xs = np.zeros((lengths.max(), len(sequences), sequences[0].shape[1]), sequences[0].dtype)
    for b, sequence in enumerate(sequences):
        xs[: len(sequence), b] = sequence
    return xs, lengths


def case(rng, name, lengths, D, edge=False, dtype=np.float64):
    return Case(name, ([rng.normal(size=(T, D)).astype(dtype) for T in lengths],), edge)


def cases(rng):
    return [
        case(rng, "3 sequences of 2, 5 and 4 steps, 6 numbers each", [2, 5, 4], 6),
        case(rng, "4 sequences of 3, 1, 2 and 3 steps, 2 numbers each", [3, 1, 2, 3], 2),
        case(rng, "a batch of one", [4], 3, edge=True),
        case(rng, "no padding needed", [3, 3], 4, edge=True),
        case(rng, "a single step each", [1, 1, 1], 2, edge=True),
        case(rng, "float32 numbers", [1, 3], 2, edge=True, dtype=np.float32),
    ]


exercise = Write(
    id="ch04b_pad",
    chapter=4,
    title="Side by side",
    objective="put sequences of different lengths into one array, and keep their lengths",
    difficulty=2,
    minutes=8,
    question=r"""
`sequences` is a list of B arrays; sequence b has shape (T_b, D). Return **two** things: `xs` of shape (T, B, D), time
first, where T is the longest length and the shorter ones are filled up with zeros **behind** their end; and `lengths`
(B,), the whole numbers T_b. `xs` keeps the dtype of the sequences.
""",
    docstring="B arrays (T_b, D) -> xs (T, B, D), lengths (B,).",
    answer=pad,
    wrong=[
        Slip(
            "xs[: len(sequence), b]",
            "xs[len(xs) - len(sequence) :, b]",
            "The zeros stand in front. The network would read them first, and `lengths` would point at the wrong "
            "steps. Step 1 of each sequence belongs at `xs[0]`.",
        ),
        Slip(
            "return xs,",
            "return xs.swapaxes(0, 1),",
            "The axes are swapped: time comes first, (T, B, D). Sequence b is `xs[:, b]`.",
        ),
        Slip(
            "return xs,",
            "return xs[: lengths.min()],",
            "The longer sequences are cut off. T is the longest length, the others are filled up.",
        ),
        Slip(
            "xs[: len(sequence), b] = sequence",
            "xs[: len(sequence), b], xs[len(sequence) :, b] = sequence, sequence[-1]",
            "Behind the end the last step is repeated. Zeros are asked for.",
        ),
        Slip(
            "xs, lengths",
            "xs, np.full(len(sequences), lengths.max())",
            "`lengths` says T for every sequence. The true lengths are asked for: what is padding cannot be told from "
            "the array.",
        ),
        Slip(
            "xs, lengths",
            "xs, lengths - 1",
            "`lengths` holds the index of the last step, one too small. Three steps have the length 3.",
        ),
        Slip(
            "return xs,",
            "return xs.swapaxes(0, 1).reshape(xs.shape),",
            "The shape is right, the steps are mixed up: `reshape` does not swap axes. Fill `xs[: T_b, b]` instead.",
        ),
        Slip(
            ", sequences[0].dtype",
            "",
            "The values are right, but float32 sequences must stay float32: give `np.zeros` their dtype.",
        ),
    ],
    cases=cases,
    hints=[
        "First the lengths, then an array of zeros of shape (T, B, D), then a loop over the sequences.",
        "`xs[: len(sequence), b] = sequence` fills the first steps of column b and leaves the zeros behind them.",
    ],
    solution="""
The lengths come first, for T is their maximum. Then zeros of shape (T, B, D) and of the sequences' dtype, and sequence
b is written into the first T_b steps of column b. The lengths must be kept: a row of zeros may also be data.
""",
    right="Right. Hand `lengths` on with `xs`: what is padding cannot be told from the array alone.",
)
