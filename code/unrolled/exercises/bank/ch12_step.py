import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def sigmoid(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


def step(params, x, h, c):
    a = x @ params["W_ih"] + h @ params["W_hh"] + params["b"]  # (B, 4H)
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)  # (B, H) each
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c


def case(rng, name, B, D, H, edge=False, scale=1.0, dtype=np.float64):
    params = {"W_ih": rng.normal(size=(D, 4 * H)), "W_hh": rng.normal(size=(H, 4 * H)), "b": rng.normal(size=4 * H)}
    params = {key: p.astype(dtype) for key, p in params.items()}
    x, h, c = scale * rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), 2 * rng.normal(size=(B, H))
    return Case(name, (params, x.astype(dtype), h.astype(dtype), c.astype(dtype)), edge)


def cases(rng):
    params, x, h, _ = case(rng, "", 2, 3, 4).arguments
    return [
        case(rng, "4 sequences, 3 numbers each, 5 units", 4, 3, 5),
        case(rng, "2 sequences, 6 numbers each, 3 units", 2, 6, 3),
        case(rng, "a batch of one", 1, 3, 5, edge=True),
        case(rng, "one unit and one input", 3, 1, 1, edge=True),
        Case("h and C all zeros", (params, x, np.zeros((2, 4)), np.zeros((2, 4))), edge=True),
        Case("a C of 40", (params, x, h, np.full((2, 4), 40.0)), edge=True),
        case(rng, "inputs in the thousands", 3, 2, 4, edge=True, scale=3000.0),
        case(rng, "float32 numbers", 3, 2, 4, edge=True, dtype=np.float32),
    ]


exercise = Write(
    id="ch12_step",
    chapter=12,
    title="The whole cell, written by you",
    objective="turn the six formulas of the LSTM into code, with all four blocks in one product",
    difficulty=2,
    minutes=12,
    question=r"""
Write the step of an LSTM for a batch of sequences: $f_t$, $i_t$, $\tilde{C}_t$ and $o_t$ from $x_t$ and $h_{t-1}$, then
$C_t = f_t * C_{t-1} + i_t * \tilde{C}_t$ and $h_t = o_t * \tanh(C_t)$. `params` holds `W_ih` of shape (D, 4H), `W_hh`
(H, 4H) and `b` (4H,), with the four blocks side by side in the order **i, f, g, o**, where g is the candidate
$\tilde{C}_t$. `x` is (B, D); `h` and `c`, the states before the step, are (B, H). Return the pair $h_t$, $C_t$, each
(B, H).
""",
    docstring="x (B, D) and the states before, h and c (B, H), give h and c after the step. Blocks: i, f, g, o.",
    answer=step,
    given=(sigmoid,),
    tolerance=1e-5,
    wrong=[
        Slip(
            "a_i, a_f, a_g, a_o =",
            "a_f, a_i, a_g, a_o =",
            "i and f have changed places. The slides begin with the forget gate; the blocks here lie in the order i, "
            "f, g, o.",
        ),
        Slip(
            "a_i, a_f, a_g, a_o =",
            "a_i, a_f, a_o, a_g =",
            "g and o have changed places. The blocks lie in the order i, f, g, o, the candidate third.",
        ),
        Slip(
            "np.tanh(a_g)",
            "sigmoid(a_g)",
            "The candidate went through the sigmoid. g is no gate: it is a tanh, so that it can be negative as well.",
        ),
        Slip(
            "sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)",
            "np.tanh([a_i, a_f, a_g, a_o])",
            "The gates went through tanh. A gate lies between 0 and 1, so it is a sigmoid; tanh is for the candidate.",
        ),
        Slip("np.tanh(c)", "c", "C is right. In h the tanh is forgotten: h = o · tanh C."),
        Slip(
            "o * np.tanh(c)", "np.tanh(c)", "C is right. In h the output gate is forgotten: only o of tanh C is shown."
        ),
        Slip("i * g", "g", "The input gate is forgotten: i of the candidate goes onto the belt, not all of it."),
        Slip(
            "    c = f * c + i * g\n    h = o * np.tanh(c)\n",
            "    h = o * np.tanh(c)\n    c = f * c + i * g\n",
            "C is right, but h shows the C before the step. First update the belt, then show it.",
        ),
        Slip(
            "    c = f * c + i * g\n    h = o * np.tanh(c)\n",
            "    h = o * np.tanh(f * c + i * g)\n",
            "h is right, but you return the C that came in. The next step needs the new one.",
        ),
        Slip(
            ' + h @ params["W_hh"]',
            "",
            "The h before the step does not occur in your sums. All four blocks read it, by `W_hh`.",
        ),
        Slip("return h, c", "return c, h", "Both are right, in the wrong order: return h first, then C."),
        Slip(
            "c = f * c + i * g",
            "c *= f\n    c += i * g",
            "The numbers are right, but `c *= …` writes into the caller's array, which the backward pass still "
            "needs. Write `c = f * c + i * g`.",
        ),
    ],
    cases=cases,
    hints=[
        "One sum for all four blocks, (B, 4H), as in a plain recurrent layer. Then cut it into four of (B, H).",
        "`a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)`. Three of them go through the sigmoid, one through tanh.",
        "`c = f * c + i * g`, and then `h = o * np.tanh(c)` with the new c. Return `h, c`.",
    ],
    solution="""
x (B, D) times W_ih (D, 4H), plus h (B, H) times W_hh (H, 4H), plus b: all four sums in one array (B, 4H). It is cut
along the second axis into i, f, g, o of (B, H). The three gates are sigmoids, the candidate is a tanh. Then the belt,
then what is shown of it: the order of these two lines matters.
""",
    right="Right: this is the step of `unrolled.lstm`, for every batch and every size.",
)
