import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def unrolled(params, xs, h_0):
    states = [h_0]  # and then the state after every step
    for x in xs:
        a = x @ params["W_ih"] + states[-1] @ params["W_hh"] + params["b"]
        states.append(np.tanh(a))
    return states


def d_W_hh(params, xs, h_0, d_costs):
    h = unrolled(params, xs, h_0)
    total, d_h = np.zeros_like(params["W_hh"]), np.zeros_like(h_0)
    for t in reversed(range(len(xs))):
        d_a = (d_costs[t] + d_h) * (1 - h[t + 1] ** 2)
        total += h[t].T @ d_a
        d_h = d_a @ params["W_hh"].T  # to the state before
    return total


def case(rng, name, T, B, D, H, edge=False, scale=1.0):
    params = {"W_ih": rng.normal(size=(D, H)), "W_hh": rng.normal(size=(H, H)), "b": rng.normal(size=H)}
    xs, h_0, d_costs = rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H)), rng.normal(size=(T, B, H))
    return Case(name, (params, scale * xs, h_0, d_costs), edge)


def cases(rng):
    params, xs, h_0, d_costs = case(rng, "", 4, 2, 5, 3).arguments
    last = np.zeros_like(d_costs)
    last[-1] = d_costs[-1]
    return [
        case(rng, "5 steps of 3 sequences, 2 numbers each, 4 neurons", 5, 3, 2, 4),
        case(rng, "4 steps of 2 sequences, 5 numbers each, 3 neurons", 4, 2, 5, 3),
        case(rng, "one step", 1, 3, 4, 2, edge=True),
        case(rng, "a single neuron", 6, 2, 3, 1, edge=True),
        case(rng, "a batch of one", 3, 1, 2, 4, edge=True),
        Case("a cost at the last step only", (params, xs, h_0, last), edge=True),
        Case("a start from zeros", (params, xs, np.zeros_like(h_0), d_costs), edge=True),
        Case("W_hh of zeros", (params | {"W_hh": np.zeros((3, 3))}, xs, h_0, d_costs), edge=True),
        case(rng, "inputs in the hundreds", 4, 2, 5, 3, edge=True, scale=300.0),
    ]


# `loss` stays empty, for the first argument is a dict; a test of its own compares with `bptt` and finite differences.
exercise = Write(
    id="ch05_d_W_hh",
    chapter=5,
    title="The walk back, written by you",
    objective="write backpropagation through time for the recurrent weights of a tanh layer",
    difficulty=3,
    minutes=15,
    question=r"""
A tanh layer of H neurons has read T steps of B sequences: $\mathbf{h}_t = \tanh(W_I \mathbf{x}_t + W_R
\mathbf{h}_{t-1} + \mathbf{b}_h)$. `params` holds `W_ih` (D, H), `W_hh` (H, H) and `b` (H,), `xs` is (T, B, D), and
`h_0` (B, H) is the start. `d_costs` (T, B, H) says how the cost of each step changes with its own state:
$\partial {C}_t / \partial \mathbf{h}_t$. Return the gradient of all costs together with respect to `W_hh`, of shape
(H, H). The forward pass is given.
""",
    docstring="xs (T, B, D), h_0 (B, H), d_costs (T, B, H). Give d_W_hh (H, H).",
    begin="h = unrolled(params, xs, h_0)  # T + 1 states\n# the first step, t = 0, leads from h[0] to h[1]",
    answer=d_W_hh,
    given=(unrolled,),
    tolerance=1e-5,
    wrong=[
        Slip(
            "(d_costs[t] + d_h)",
            "d_costs[t]",
            "This is the slide's chain at every step. The states depend on W_R too: carry the gradient on to the "
            "state before.",
        ),
        Slip(" * (1 - h[t + 1] ** 2)", "", "The slope of tanh is forgotten: from h to the sum inside, times 1 − h²."),
        Slip(
            "d_h = d_a @",
            "d_h = (d_costs[t] + d_h) @",
            "In the sum the slope is right. On the way to the state before, it is missing: what goes through `W_hh.T` "
            "is d_a, not d_h.",
        ),
        Slip(
            'params["W_hh"].T',
            'params["W_hh"]',
            "On the way back the gradient goes through `W_hh.T`: forwards it was `h @ W_hh`, so the axes change "
            "places.",
        ),
        Slip(
            "h[t].T", "h[t + 1].T", "W_hh at step t multiplies the state before the step. You took the state after it."
        ),
        Slip(
            "(1 - h[t + 1] ** 2)",
            "(1 - h[t] ** 2)",
            "The slope belongs to the state that came out of the tanh: h after the step.",
        ),
        Slip(
            "d_costs[t] + d_h",
            "d_costs[t] * (t == len(xs) - 1) + d_h",
            "Only the cost of the last step is followed. Each step has a cost of its own; add `d_costs[t]` as you "
            "pass it.",
        ),
        Slip(
            "total += ",
            "total = ",
            "Only one step's part is returned. The weight is shared: add up the parts of all steps.",
        ),
        Slip(
            "return total", "return total / len(xs)", "The parts of the steps are added up, not averaged: C is a sum."
        ),
        Slip(
            "return total",
            "return total.T",
            "Right but for its orientation: this is the transpose. With rows it is `h.T @ d_a`.",
        ),
        Slip(
            "reversed(range(len(xs)))",
            "range(len(xs))",
            "The gradient is carried from early to late. What arrives at a state comes from the steps after it: begin "
            "at the end.",
        ),
    ],
    cases=cases,
    hints=[
        "Walk from the last step to the first, and carry `d_h`: what has arrived at the state after the step from all "
        "later steps. At the very end it is zero.",
        "At each step: add the step's own `d_costs[t]`, multiply by the slope 1 − h² of the state after it; that is "
        "`d_a`. Then add `h[t].T @ d_a` to the total.",
        'And on to the state before: `d_h = d_a @ params["W_hh"].T`.',
    ],
    solution="""
Begin with d_h = 0 after the last step. At each step, from the last to the first: all that arrives at the state is
`d_costs[t] + d_h`; times the slope 1 − h² it is d_a, (B, H), at the sum inside. The step's part of the answer is
`h[t].T @ d_a`, (H, B) times (B, H): it adds over the sequences. The rest goes on to the state before, `d_a @ W_hh.T`.

This is the loop of `unrolled.sequence.bptt`, which collects d_a and adds up once, after the loop.
""",
    right="Right: finite differences agree. This is the core of `bptt`.",
)
