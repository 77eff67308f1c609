import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def unroll(params, xs, h):
    hs = []
    for x in xs:
        h = np.tanh(x @ params["W_ih"] + h @ params["W_hh"] + params["b"])
        hs.append(h)
    return np.stack(hs)  # (T, B, H)


def read_in_pieces(params, pieces):
    h = np.zeros((pieces[0].shape[1], len(params["W_hh"])), pieces[0].dtype)
    read = []
    for piece in pieces:
        hs = unroll(params, piece, h)
        h = hs[-1]
        read.append(hs)
    return np.concatenate(read)  # (T, B, H)


def case(rng, name, lengths, B, D, H, edge=False, dtype=np.float64):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)), "b": rng.normal(size=H)}
    params = {key: p.astype(dtype) for key, p in params.items()}
    return Case(name, (params, [rng.normal(size=(T, B, D)).astype(dtype) for T in lengths]), edge)


def cases(rng):
    return [
        case(rng, "pieces of 4, 2 and 5 steps, 3 sequences", (4, 2, 5), 3, 2, 6),
        case(rng, "pieces of 3 and 6 steps, 4 sequences", (3, 6), 4, 2, 5),
        case(rng, "a single piece", (5,), 2, 3, 4, edge=True),
        case(rng, "pieces of one step each", (1, 1, 1, 1), 2, 3, 4, edge=True),
        case(rng, "a batch of one", (2, 3), 1, 4, 3, edge=True),
        case(rng, "float32 numbers", (2, 3, 1), 2, 3, 4, edge=True, dtype=np.float32),
    ]


exercise = Write(
    id="ch03_read_on",
    chapter=3,
    title="Read on where you stopped",
    objective="read a long sequence in pieces, with the result of reading it whole",
    difficulty=2,
    minutes=8,
    question=r"""
A sequence is too long to be read at once. It comes as a list `pieces`, the first part first; each is an array
(T, B, D), with its own T. Read one after the other so that the result is that of the whole sequence: the states of
**all** steps, as one array (sum of all T, B, H). At the very beginning the state is zero. `unroll(params, xs, h)`
is there: it starts from the state `h`, (B, H), and returns the states after each step, (T, B, H).
""",
    docstring="Arrays (T, B, D) -> all states, (sum of T, B, H).",
    answer=read_in_pieces,
    given=(unroll,),
    tolerance=1e-5,
    wrong=[
        Slip(
            "        h = hs[-1]\n",
            "",
            "Every piece starts from zeros, as if it were a new sequence. The next piece must start from the state in "
            "which the last one ended.",
        ),
        Slip("hs[-1]", "hs[0]", "You handed on the state after a piece's first step. The next piece needs the last."),
        Slip(
            "np.concatenate(read)",
            "hs",
            "This is the last piece alone, read right. The states of all pieces are asked for.",
        ),
        Slip(
            "append(hs)",
            "append(h[None])",
            "These are the states at the ends of the pieces. The states of all steps are asked for.",
        ),
        Slip(
            "hs[-1]",
            "np.broadcast_to(hs[-1][-1], h.shape)",
            "You handed on the state of the last sequence to all of them: `hs[-1]` is the last step, and it holds one "
            "state for each sequence already.",
        ),
        Slip(
            "hs[-1]",
            "hs.mean(axis=0)",
            "You handed on the mean over the steps. The state is what there is after the last step.",
        ),
    ],
    cases=cases,
    hints=[
        "One variable h goes through all pieces. It starts as zeros of shape (B, H), in the dtype of the pieces.",
        "After each piece: `h = hs[-1]`, the state after its last step.",
        "Keep every `hs` in a list; `np.concatenate` joins them along time.",
    ],
    solution="""
A zero state of shape (B, H) to begin with; B is `pieces[0].shape[1]`. For each piece: unroll it from h, keep the
states, and let h be the last of them. At the end all are joined along the first axis, time.

The pieces may be of any lengths: a state does not know how many steps came before it.
""",
    right="Right: cut where you like, as long as the state crosses the cut.",
)
