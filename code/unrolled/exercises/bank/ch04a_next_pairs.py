import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def next_pairs(codes, V):
    xs = np.eye(V)[codes[:-1]][:, None]
    return xs, codes[1:]


def backwards(codes, V):
    return np.eye(V)[codes[1:]][:, None], codes[:-1]


def in_a_circle(codes, V):
    return np.eye(V)[codes][:, None], np.roll(codes, -1)


def cases(rng):
    return [
        Case("hello, with V = 4", (np.array([0, 1, 2, 2, 3]), 4)),
        Case("9 random characters of 7", (np.append(rng.integers(0, 7, 8), 6), 7)),
        Case("a text of two characters", (np.array([1, 0]), 3), edge=True),
        Case("one character again and again", (np.array([2, 2, 2, 2]), 3), edge=True),
        Case("an alphabet larger than the text", (np.array([0, 3, 1]), 62), edge=True),
    ]


exercise = Write(
    id="ch04a_next_pairs",
    chapter=4,
    title="What goes in, what should come out",
    objective="turn a text into the inputs and labels of a language model",
    difficulty=2,
    minutes=6,
    question=r"""
`codes` holds the numbers of a text's N characters, each from 0 to V − 1. Return the pair `xs, labels` with which a
network learns to say the next character: `xs` of shape (T, B, V), one-hot, time first, with T = N − 1 steps and one
sequence, B = 1; and `labels` (T,), the number that should come out at each step.
""",
    docstring="The one-hot inputs (N - 1, 1, V) and the labels (N - 1,) of a text of N codes.",
    answer=next_pairs,
    wrong=[
        Slip(
            "codes[1:]",
            "codes[:-1]",
            "The labels are the inputs. A network learns that in no time: it repeats what it reads. The label is the "
            "character after.",
        ),
        (backwards, "That is the past: each input is paired with the character before it. Swap the two."),
        Slip("[:, None]", "", "The numbers are right, the batch axis is missing: (T, 1, V), not (T, V)."),
        Slip(
            "[:, None]",
            "[None]",
            "Batch first. This book wants time first, (T, B, V): the new axis belongs in the middle.",
        ),
        (
            in_a_circle,
            "T is N here: after the last character you let the first one come. Nobody knows what comes after the last, "
            "so it is no input.",
        ),
        Slip(
            "codes[1:]",
            "np.eye(V)[codes[1:]]",
            "The inputs are right. The labels should be whole numbers (T,), not one-hot rows.",
        ),
        Slip(
            "np.eye(V)",
            "np.eye(codes.max() + 1)",
            "Right as long as the last letter of the alphabet occurs. The width must be V, not the largest code + 1.",
        ),
    ],
    cases=cases,
    hints=[
        "Every character but the last is an input; every character but the first is a label.",
        "`np.eye(V)[codes]` is one row of the identity matrix for each code: the one-hot vectors.",
        "`[:, None]` puts an axis of length 1 in the middle: (T, V) becomes (T, 1, V).",
    ],
    solution="""
Inputs are `codes[:-1]`, labels `codes[1:]`: the same text, one place apart. `np.eye(V)[codes[:-1]]` is (T, V); with
`[:, None]` it becomes (T, 1, V), one sequence in the batch.
""",
    right="Right: the same text twice, one place apart.",
)
