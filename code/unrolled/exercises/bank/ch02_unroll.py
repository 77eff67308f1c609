import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def unroll(params, xs):
    T, B, _ = xs.shape
    h = np.zeros((B, len(params["W_hh"])), xs.dtype)
    hs = []
    for t in range(T):
        h = np.tanh(xs[t] @ params["W_ih"] + h @ params["W_hh"] + params["b"])
        hs.append(h)
    return np.stack(hs)  # (T, B, H)


def batch_as_time(params, xs):
    h = np.zeros((xs.shape[0], len(params["W_hh"])), xs.dtype)
    hs = []
    for n in range(xs.shape[1]):
        h = np.tanh(xs[:, n] @ params["W_ih"] + h @ params["W_hh"] + params["b"])
        hs.append(h)
    return np.stack(hs, axis=1)


def backwards(params, xs):
    h = np.zeros((xs.shape[1], len(params["W_hh"])), xs.dtype)
    hs = []
    for x in xs[::-1]:
        h = np.tanh(x @ params["W_ih"] + h @ params["W_hh"] + params["b"])
        hs.append(h)
    return np.stack(hs[::-1])


def case(rng, name, T, B, D, H, edge=False, dtype=np.float64):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)) / 2, "b": rng.normal(size=H)}
    params = {key: p.astype(dtype) for key, p in params.items()}
    return Case(name, (params, rng.normal(size=(T, B, D)).astype(dtype)), edge)


def cases(rng):
    return [
        case(rng, "6 steps, 4 sequences, 3 numbers each, 5 neurons", 6, 4, 3, 5),
        case(rng, "3 steps, 5 sequences, 2 numbers each, 4 neurons", 3, 5, 2, 4),
        case(rng, "a batch of one", 4, 1, 3, 2, edge=True),
        case(rng, "a single step", 1, 3, 2, 4, edge=True),
        case(rng, "40 steps of one number, one neuron", 40, 2, 1, 1, edge=True),
        case(rng, "float32 numbers", 5, 2, 3, 4, edge=True, dtype=np.float32),
    ]


exercise = Write(
    id="ch02_unroll",
    chapter=2,
    title="The loop over time",
    objective="carry the state through a sequence",
    difficulty=3,
    minutes=12,
    question=r"""
Write the loop: apply the step $\mathbf{h}^{(t)} = \tanh(W_I \mathbf{x}^{(t)} + W_R \mathbf{h}^{(t-1)} + \mathbf{b}_h)$
to every step of `xs`, which has shape (T, B, D), starting from $\mathbf{h}^{(0)} = 0$. Return the states
$\mathbf{h}^{(1)} \dots \mathbf{h}^{(T)}$ as one array of shape (T, B, H). `params` holds `W_ih` (D, H), `W_hh` (H, H)
and `b` (H,).
""",
    docstring="xs (T, B, D) -> the states after each step, (T, B, H). Start from zeros.",
    begin="T, B, D = xs.shape",
    answer=unroll,
    tolerance=1e-5,
    wrong=[
        Slip(
            ' + h @ params["W_hh"]',
            "",
            "The state is not carried: every step starts from zeros. Step t + 1 must get the h that step t gave.",
        ),
        Slip(
            "np.stack(hs)",
            "np.stack([0 * h, *hs[:-1]])",
            "Off by one: the state is kept before the step, so the first entry is h⁽⁰⁾ = 0 and h⁽ᵀ⁾ is missing.",
        ),
        Slip(
            "hs = []",
            "hs = [h]",
            "There is one entry too many: h⁽⁰⁾ is not asked for, only the states after each step.",
        ),
        Slip("np.stack(hs)", "h", "This is the last state alone. The states of all steps are asked for, (T, B, H)."),
        (
            batch_as_time,
            "The loop runs over the batch: the state of one sequence flows into the next. Time is the first axis.",
        ),
        (backwards, "The sequence is read from its end. `xs[0]` is step 1."),
        Slip(
            "h = np.tanh(",
            "h[...] = np.tanh(",
            "All steps hold the last state: one and the same array is changed at each step and kept T times. "
            "Make a new "
            "array at each step: `h = …` rather than `h[...] = …`.",
        ),
        Slip("np.tanh(", "(", "The tanh is forgotten."),
    ],
    cases=cases,
    hints=[
        'Before the loop: a zero state of shape (B, H), and an empty list. H is `len(params["W_hh"])`.',
        "In the loop: `h = step(xs[t], h)`, then `hs.append(h)`. The h of one round is the input of the next.",
        "After the loop: `np.stack(hs)` turns T arrays (B, H) into one (T, B, H).",
    ],
    solution="""
One variable h carries the state. It starts as zeros of the dtype of xs (so that float32 stays float32), each round
replaces it by the state after the step, and each is kept in a list. A new array is made at every step; writing into
the old one would change all entries of the list.
""",
    right="Right. This is all that `unroll` of the package does.",
)
