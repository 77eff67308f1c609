import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def jacobian(params, h):
    return (1 - h**2)[:, None] * params["W_hh"].T  # diag(g') W_R


def case(rng, name, D, H, edge=False, scale=1.0, dtype=np.float64):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)), "b": rng.normal(size=H)}
    params = {key: p.astype(dtype) for key, p in params.items()}
    return Case(name, (params, np.tanh(scale * rng.normal(size=H)).astype(dtype)), edge)


def cases(rng):
    still = case(rng, "", 2, 3).arguments[0]
    return [
        case(rng, "3 inputs and 5 units", 3, 5),
        case(rng, "4 inputs and 2 units", 4, 2),
        case(rng, "a single unit", 3, 1, edge=True),
        Case("a state of zeros, where every slope is 1", (still, np.zeros(3)), edge=True),
        case(rng, "units near the end of their range", 2, 4, edge=True, scale=4.0),
        case(rng, "float32 numbers", 2, 3, edge=True, dtype=np.float32),
    ]


exercise = Write(
    id="ch06_jacobian",
    chapter=6,
    title="The Jacobian of one step",
    objective="write down how one hidden state depends on the one before it",
    difficulty=2,
    minutes=8,
    question=r"""
The step is $\mathbf{h}^{(t)} = \tanh(W_I \mathbf{x}^{(t)} + W_R \mathbf{h}^{(t-1)} + \mathbf{b}_h)$. Return its
Jacobian, the matrix whose entry in row $i$ and column $j$ is $\partial h_i^{(t)} / \partial h_j^{(t-1)}$, of shape
(H, H). You get the state **after** the step, `h` $= \mathbf{h}^{(t)}$, shape (H,), of one sequence. `params` holds
`W_ih` (D, H), `W_hh` (H, H), which is $W_R^\top$, and `b` (H,).
""",
    docstring="h (H,), the state after -> (H, H): dh_i / dh_before_j.",
    answer=jacobian,
    wrong=[
        Slip(
            '(1 - h**2)[:, None] * params["W_hh"].T',
            'params["W_hh"] * (1 - h**2)',
            "This is the Jacobian on its side: your rows belong to the state before. Row i shall belong to unit i "
            "after the step.",
        ),
        Slip(
            'params["W_hh"].T',
            'params["W_hh"]',
            "The slopes are in their place, but `W_hh` is used as if it were W_R. It holds one sequence per row, so it "
            "is the transpose.",
        ),
        Slip(
            "[:, None]",
            "",
            "Each slope multiplies a column. The slope of unit i after the step multiplies row i: "
            "`(1 - h**2)[:, None] * …`.",
        ),
        Slip("(1 - h**2)[:, None] * ", "", "This is W_R. The slope of the tanh is forgotten."),
        Slip(
            "h**2",
            "np.tanh(h) ** 2",
            "You took the tanh once more. h is already the tanh of the sum, so its slope is 1 − h².",
        ),
        Slip("h**2", "h", "The slope of a tanh with the value h is 1 − h², not 1 − h."),
        Slip("W_hh", "W_ih", "This is how h changes with the input x. Asked is the state before: take `W_hh`."),
    ],
    cases=cases,
    hints=[
        "Row i of W_R and the slope of unit i: dh_i/dh_before_j = g′(a_i) · W_R[i, j].",
        'The slope is `1 - h**2`, one number for each row; `W_R` is `params["W_hh"].T`.',
        "`(1 - h**2)[:, None]` is a column: multiplied by a matrix it scales the rows.",
    ],
    solution="""
h_i = tanh(a_i) and a_i holds the sum over j of W_R[i, j] · h_before_j, so the derivative is (1 − h_i²) · W_R[i, j].

In letters diag(g′(a)) W_R: the slopes scale the rows. In code `(1 - h**2)[:, None] * params["W_hh"].T`.
""",
    right="Right: diag(g′) W_R. A hundred steps back, a hundred of these are multiplied.",
)
