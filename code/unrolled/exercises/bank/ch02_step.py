import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def step(params, x, h):
    a = x @ params["W_ih"] + h @ params["W_hh"] + params["b"]  # (B, H)
    return np.tanh(a)


def tanh_too_early(params, x, h):
    return np.tanh(x @ params["W_ih"] + h @ params["W_hh"]) + params["b"]


def case(rng, name, B, D, H, edge=False, scale=1.0):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)), "b": rng.normal(size=H)}
    return Case(name, (params, scale * rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H))), edge)


def cases(rng):
    params, x, _ = case(rng, "", 2, 3, 4).arguments
    single = case(rng, "", 3, 2, 4).arguments
    halved = tuple({k: p.astype(np.float32) for k, p in a.items()} if type(a) is dict else a.astype(np.float32)
                   for a in single)  # fmt: skip
    return [
        case(rng, "4 sequences, 3 numbers each, 5 neurons", 4, 3, 5),
        case(rng, "2 sequences, 6 numbers each, 3 neurons", 2, 6, 3),
        case(rng, "a batch of one", 1, 3, 5, edge=True),
        case(rng, "one neuron and one input", 3, 1, 1, edge=True),
        Case("the zero state", (params, x, np.zeros((2, 4))), edge=True),
        case(rng, "inputs in the hundreds", 3, 2, 4, edge=True, scale=300.0),
        Case("float32 numbers", halved, edge=True),
    ]


exercise = Write(
    id="ch02_step",
    chapter=2,
    title="One step, written by you",
    objective="turn the formula of the recurrent layer into one line of code, with every shape right",
    difficulty=2,
    minutes=8,
    question=r"""
Write the step of a recurrent layer with tanh, $\mathbf{h}^{(t)} = \tanh(W_I \mathbf{x}^{(t)} + W_R
\mathbf{h}^{(t-1)} + \mathbf{b}_h)$, for a batch of sequences. `params` holds `W_ih` of shape (D, H), `W_hh` (H, H)
and `b` (H,); `x` is (B, D) and `h`, the state before the step, is (B, H). Return the state after the step, (B, H).
""",
    docstring="x (B, D) and the state before, h (B, H), give the state after the step, (B, H).",
    answer=step,
    wrong=[
        Slip("np.tanh(a)", "a", "This is the sum. The tanh around it is forgotten."),
        Slip(
            ' + h @ params["W_hh"]', "", "The state is not carried: `h` does not occur in your result. What is W_R for?"
        ),
        Slip(' + params["b"]', "", "The bias `b` is forgotten."),
        Slip(
            'params["W_hh"]',
            'params["W_hh"].T',
            "`W_hh` is transposed once too often. Rows are sequences here, so it is `h @ W_hh`: `W_hh` is already the "
            "transpose of the slides' W_R.",
        ),
        (tanh_too_early, "The bias belongs inside the tanh. It is added to the sum, not to the result."),
        Slip("+ h @", "+ np.tanh(h) @", "The state before has already been through tanh. It enters the sum as it is."),
        Slip(
            'h @ params["W_hh"]',
            'h * np.diag(params["W_hh"])',
            "Each neuron sees only its own last state. In a layer it sees the last state of every neuron: a matrix "
            "product with all of `W_hh`.",
        ),
        Slip(
            "return np.tanh(a)",
            "h[...] = np.tanh(a)\n    return h",
            "The numbers are right, but they are written into `h`, which the caller still needs: the states of all "
            "steps would become one and the same array. Return a new array.",
        ),
    ],
    cases=cases,
    hints=[
        "Three terms, one sum, one tanh around all of it. Write down the shape of each term: all must be (B, H).",
        'Rows are sequences, so the data stands left and the matrix right: `x @ params["W_ih"]` is (B, D) '
        "times (D, H).",
        '`a = x @ params["W_ih"] + h @ params["W_hh"] + params["b"]`; NumPy adds `b` to every row.',
    ],
    solution="""
The formula with rows for columns. x (B, D) times W_ih (D, H) gives (B, H), h (B, H) times W_hh (H, H) gives (B, H),
and b (H,) is added to every row. Then tanh, entry by entry.
""",
    right="Right, in one line, for every batch and every size.",
)
