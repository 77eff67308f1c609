import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def one_late(symbols, V):
    S, B = symbols.shape
    read = np.full((S, B), V - 1)
    read[1:] = symbols[:-1]
    return np.eye(V)[read]


def case(rng, name, S, B, V, edge=False):
    return Case(name, (rng.integers(0, V, (S, B)), V), edge)


def cases(rng):
    return [
        case(rng, "6 steps, 4 sequences, 9 symbols", 6, 4, 9),
        case(rng, "3 steps, 5 sequences, 4 symbols", 3, 5, 4),
        case(rng, "one step: only the end is read", 1, 3, 5, edge=True),
        case(rng, "one sequence", 7, 1, 3, edge=True),
        case(rng, "two symbols, a letter and the end", 5, 3, 2, edge=True),
    ]


exercise = Write(
    id="ch04b_one_late",
    chapter=4,
    title="What the decoder reads",
    objective="build the inputs of a decoder for training: the right symbols, one step late",
    difficulty=2,
    minutes=6,
    question=r"""
`symbols` (S, B) holds what a decoder should write: whole numbers from 0 to V − 1, one column for each sequence. The
last symbol, V − 1, says "the end". In training the decoder reads the right symbols, each **one step late**: at the
step at which it should write symbol number s, it reads symbol number s − 1. At the first step nothing has been written
yet, and it reads "the end". Return what it reads, one-hot, of shape (S, B, V).
""",
    docstring="What to write, (S, B) -> what to read, (S, B, V).",
    begin="S, B = symbols.shape",
    answer=one_late,
    wrong=[
        Slip(
            "[read]",
            "[symbols]",
            "Nothing is late: the decoder reads the very symbol that it should write. It learns to copy its input, the "
            "loss falls to nothing, and on its own it can write nothing.",
        ),
        Slip(
            "read[1:] = symbols[:-1]",
            "read[:-1] = symbols[1:]",
            "You moved the symbols the other way: the decoder reads what it should write at the next step. What it is "
            "due to write must not have been read yet.",
        ),
        Slip(
            "[read]",
            "[np.roll(symbols, 1, axis=0)]",
            "`np.roll` brings the last symbol to the front. Where that is “the end” it happens to be right; nobody "
            "promised that. Put “the end” there yourself.",
        ),
        Slip(
            "np.eye(V)[read]",
            "np.eye(V)[read] * (np.arange(S) > 0)[:, None, None]",
            "The first step reads a row of zeros. That can be done too, but “the end” is asked for: a one at place "
            "V − 1.",
        ),
        Slip(
            "V - 1", "0", "The first step reads symbol 0, a letter that nobody has written. “The end” is symbol V − 1."
        ),
        Slip(
            "read[1:] = symbols[:-1]",
            "read[:, 1:] = symbols[:, :-1]",
            "You moved along the second axis: each sequence reads its neighbour's symbols. Time is the first axis.",
        ),
        Slip(
            "[read]",
            "[np.concatenate([read[:1], symbols])]",
            "There are S + 1 steps. The last symbol is written and never read: behind it nothing is due.",
        ),
        Slip(
            "np.eye(V)[read]",
            "read",
            "The symbols are the right ones, but as numbers. A cell reads one-hot rows: the shape is (S, B, V).",
        ),
    ],
    cases=cases,
    hints=[
        "Row 0 of what is read is “the end”; row s is row s − 1 of `symbols`.",
        "Make an array full of V − 1, write `symbols[:-1]` into its rows from 1 on, and take `np.eye(V)[...]` of it.",
    ],
    solution="""
An array (S, B) full of V − 1; its rows from 1 on are `symbols[:-1]`; `np.eye(V)[read]` makes one-hot rows of it. The
last symbol is never read: behind it nothing is due.

Compare the language model, whose labels are its inputs one place later. It is the same shift, seen from the other side.
""",
    right="Right: the answers, one step late. The same step's answer must never be among the inputs.",
)
