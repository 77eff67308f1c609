import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def tied_gradient(hs, d_as):
    before = hs[:-1]  # (T, B, H)
    return sum(h.T @ d_a for h, d_a in zip(before, d_as, strict=True))


def sums_first(hs, d_as):
    return hs[:-1].sum(axis=(0, 1))[:, None] * d_as.sum(axis=(0, 1))


def case(rng, name, T, B, H, edge=False, start=0.0, dtype=np.float64):
    hs = np.tanh(rng.normal(size=(T + 1, B, H)))
    hs[0] *= start
    return Case(name, (hs.astype(dtype), rng.normal(size=(T, B, H)).astype(dtype)), edge)


def cases(rng):
    return [
        case(rng, "5 steps, 4 sequences, 3 neurons", 5, 4, 3),
        case(rng, "3 steps, 2 sequences, 6 neurons", 3, 2, 6, start=1.0),
        case(rng, "a single step", 1, 3, 4, edge=True, start=1.0),
        case(rng, "a batch of one", 4, 1, 3, edge=True),
        case(rng, "one neuron", 6, 2, 1, edge=True),
        case(rng, "float32 numbers", 4, 3, 2, edge=True, dtype=np.float32),
    ]


exercise = Write(
    id="ch03_tied_gradient",
    chapter=3,
    title="The gradient of a shared matrix",
    objective="compute the gradient of a shared weight matrix from what happens at each of its copies",
    difficulty=2,
    minutes=8,
    question=r"""
Unrolled, the matrix $W_R$ stands between every two states: the copy at step t multiplies $\mathbf{h}^{(t-1)}$ and
gives a part of the pre-activation $\mathbf{a}^{(t)}$. `hs` holds $\mathbf{h}^{(0)} \dots \mathbf{h}^{(T)}$, shape
(T + 1, B, H). `d_as` holds, for each step, how the loss changes with the pre-activation, shape (T, B, H). Return the
gradient of the **shared** matrix, in the code's orientation `a = ... + h @ W_hh`; its shape is (H, H).
""",
    docstring="hs (T + 1, B, H), d_as (T, B, H) -> d_W_hh (H, H).",
    answer=tied_gradient,
    tolerance=1e-5,
    wrong=[
        Slip(
            "zip(before, d_as,",
            "zip(before[-1:], d_as[-1:],",
            "This is the gradient of the copy at the last step. The matrix stands at every step.",
        ),
        Slip(
            "hs[:-1]",
            "hs[1:]",
            "Off by one: the copy at step t multiplies the state before the step. `d_as[0]` belongs to `hs[0]`.",
        ),
        Slip(
            "strict=True))",
            "strict=True)) / len(d_as)",
            "This is the mean over the copies. One shared matrix moves all of them: their gradients add.",
        ),
        Slip(
            "strict=True))",
            "strict=True)).T",
            "The result is transposed. With `a = h @ W`, row i of the gradient belongs to entry i of h.",
        ),
        Slip(
            "sum(h.T @ d_a for h, d_a in zip(before, d_as, strict=True))",
            "before.transpose(0, 2, 1) @ d_as",
            "These are the gradients of the T copies, one by one. They belong to one matrix: add them up.",
        ),
        (
            sums_first,
            "You summed over steps and sequences before multiplying. First the product at each step and for each "
            "sequence, then the sum.",
        ),
        Slip(
            "strict=True))",
            "strict=True)) / hs.shape[1]",
            "You divided by the number of sequences. If the loss is a mean, `d_as` has that in it already.",
        ),
        Slip(
            "zip(before, d_as,",
            "zip(before, d_as[::-1],",
            "The steps are paired the wrong way round: `d_as[t]` stands beside `hs[t]`.",
        ),
    ],
    cases=cases,
    hints=[
        "One copy first: with `a = h @ W` and the gradient d_a, the gradient of W is `h.T @ d_a`: (H, B) times (B, H).",
        "Which h stands beside `d_as[t]`? The state before that step, `hs[t]`.",
        "`sum(... for ... in zip(hs[:-1], d_as))` adds up arrays.",
    ],
    solution="""
At step t the copy multiplies h⁽ᵗ⁻¹⁾, so its gradient is `h.T @ d_a`, summed over the batch by the product itself. All
copies are one matrix, so their gradients are added: T products of (H, B) and (B, H).

It can also be one product: with time and batch as one axis of T · B rows, `rows(hs[:-1]).T @ rows(d_as)`. The package
does that.
""",
    right="Right. Every copy contributes, and the contributions add up.",
)
