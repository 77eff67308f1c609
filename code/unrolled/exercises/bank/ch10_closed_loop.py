from unrolled.exercises.kinds import Case, Slip, Write


def closed_loop(params):
    W_hh = params["W_hh"] + params["W_hy"] @ params["W_ih"]  # (H, H)
    b = params["b"] + params["b_y"] @ params["W_ih"]  # (H,)
    return W_hh, b


def case(rng, name, D, H, edge=False, b_y=1.0):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)), "b": rng.normal(size=H)}
    params |= {"W_hy": rng.normal(size=(H, D)), "b_y": b_y * rng.normal(size=D)}
    return Case(name, (params,), edge)


def cases(rng):
    return [
        case(rng, "2 numbers a step, 5 neurons", 2, 5),
        case(rng, "4 numbers a step, 3 neurons", 4, 3),
        case(rng, "one number a step", 1, 6, edge=True),
        case(rng, "as many neurons as numbers", 3, 3, edge=True),
        case(rng, "one neuron", 2, 1, edge=True),
        case(rng, "a readout whose bias is 0", 2, 4, edge=True, b_y=0.0),
    ]


exercise = Write(
    id="ch10_closed_loop",
    chapter=10,
    title="The network that reads itself",
    objective="write a network that reads its own predictions as one without input",
    difficulty=2,
    minutes=8,
    question=r"""
A forecaster computes the state $\mathbf{h}' = g(W_I \mathbf{x} + W_R \mathbf{h} + \mathbf{b}_h)$ and the prediction
$\mathbf{y} = W_y \mathbf{h} + \mathbf{b}_y$, which has as many numbers as the input. Going on alone, it reads its own
last prediction: $\mathbf{x} = W_y \mathbf{h} + \mathbf{b}_y$. Then the step needs no input any more: it is
$\mathbf{h}' = g(W \mathbf{h} + \mathbf{b})$.

In the code rows are sequences, as everywhere in this book: a step is `g(x @ W_ih + h @ W_hh + b)`, the readout
`h @ W_hy + b_y`. `params` holds `W_ih` (D, H), `W_hh` (H, H), `b` (H,), `W_hy` (H, D) and `b_y` (D,). Return the
recurrent matrix (H, H) and the bias (H,) of the network without input, so that its step is
`g(h @ matrix + bias)`.
""",
    docstring="params -> the recurrent matrix (H, H), the bias (H,).",
    answer=closed_loop,
    wrong=[
        Slip(
            'params["W_hy"] @ params["W_ih"]',
            'params["W_ih"] @ params["W_hy"]',
            "The two matrices stand in the wrong order: `W_ih @ W_hy` is (D, D), and for D = 1 NumPy even adds this "
            "one number to every weight. The state is a row: it meets `W_hy` first, then `W_ih`.",
        ),
        Slip(
            'params["W_hy"] @ params["W_ih"]',
            '(params["W_hy"] @ params["W_ih"]).T',
            "The shape is right, but what you add to `W_hh` is transposed. The state is a row, `h @ W_hy @ W_ih`: "
            "nothing has to be turned round.",
        ),
        Slip(
            ' + params["b_y"] @ params["W_ih"]',
            "",
            "The matrix is right. The bias of the readout is forgotten: it is a part of the "
            "prediction, so it is read as well.",
        ),
        Slip(
            'params["b_y"] @ params["W_ih"]',
            'params["b_y"]',
            "The matrix is right. The bias of the readout goes in as a part of x: on its way it "
            "meets `W_ih`, as x does.",
        ),
        Slip(
            'params["b_y"] @ params["W_ih"]',
            'params["b_y"] @ params["W_ih"] @ params["W_hh"]',
            "The matrix is right. The bias of the readout enters as a part of x, through `W_ih` "
            "alone; `W_hh` is for the state.",
        ),
        Slip(
            'params["W_hh"] + ',
            "",
            "The loop through the prediction is right, but the old way is gone: the state still goes through `W_hh` "
            "too.",
        ),
        Slip(
            'params["W_hh"] + ',
            'params["W_hh"] @ ',
            "The state goes two ways, through `W_hh` and through the prediction, and the two are added, not taken one "
            "after the other.",
        ),
        Slip('params["b"] + ', "", "The matrix is right. The layer's own bias is still there: add it."),
        Slip(
            'W_hh = params["W_hh"] + ',
            'W_hh = params["W_hh"]\n    W_hh += ',
            "The numbers are right, but `+=` writes them into `params`, which the network still needs for reading. "
            "Make a new array.",
        ),
    ],
    cases=cases,
    hints=[
        "Put the prediction in the place of x: `(h @ W_hy + b_y) @ W_ih + h @ W_hh + b`. Multiply out.",
        "`h @ W_hy @ W_ih + b_y @ W_ih + h @ W_hh + b`: which terms contain h, and which do not?",
    ],
    solution="""
With the prediction as x the sum is (h @ W_hy + b_y) @ W_ih + h @ W_hh + b. What h is multiplied by is
W_hh + W_hy @ W_ih, (H, H); what is left is b + b_y @ W_ih, (H,). In the slides' letters, where the data stand on the
right, these are W_R + W_I W_y and b_h + W_I b_y.

W_hy @ W_ih has at most the rank D: for one number a step the loop adds a column times a row. Going on alone,
the network has nothing but its state, this matrix and this bias; they decide where it ends.
""",
    right="Right: going on alone, it is a network without input, with another recurrent matrix and another bias.",
)
