import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def gradient_by_distance(d_hs):
    return np.linalg.norm(d_hs, axis=2).mean(axis=1)[::-1]


def cases(rng):
    d = rng.normal(size=(4, 3, 2))
    return [
        Case("T = 5, 4 sequences, 3 units", (rng.normal(size=(6, 4, 3)),)),
        Case("T = 2, 5 sequences, 4 units", (rng.normal(size=(3, 5, 4)),)),
        Case("a batch of one", (rng.normal(size=(4, 1, 3)),), edge=True),
        Case("a single unit", (rng.normal(size=(4, 3, 1)),), edge=True),
        Case("a gradient that is 0 from the second step back on", (d * (np.arange(4) > 1)[:, None, None],), edge=True),
        Case("float32 numbers", (rng.normal(size=(5, 2, 3)).astype(np.float32),), edge=True),
    ]


exercise = Write(
    id="ch06_gradient_by_distance",
    chapter=6,
    title="A gauge for your own network",
    objective="measure how far back a gradient reaches",
    difficulty=2,
    minutes=7,
    question=r"""
`d_hs` has shape (T + 1, B, H): `d_hs[t]` is the gradient of the loss at $\mathbf{h}^{(t)}$, for a batch of B sequences.
Return an array of T + 1 numbers whose entry k belongs to the state **k steps back** from the last one: the norm of
each sequence's gradient, averaged over the batch.
""",
    docstring="d_hs (T + 1, B, H) -> (T + 1,): mean norm k steps back.",
    answer=gradient_by_distance,
    tolerance=1e-5,
    wrong=[
        Slip(
            "[::-1]",
            "",
            "The numbers are right, in the order of time. Entry 0 shall be the last state: turn them round.",
        ),
        Slip(
            "np.linalg.norm(d_hs, axis=2).mean(axis=1)",
            "np.sqrt((d_hs**2).sum(axis=(1, 2)))",
            "This is one norm over batch and units together; it grows with the batch. Take the norm of each sequence, "
            "then the mean.",
        ),
        Slip(
            "np.linalg.norm(d_hs, axis=2).mean(axis=1)",
            "np.linalg.norm(d_hs.mean(axis=1), axis=1)",
            "The mean is taken first. Gradients of different sequences point different ways and cancel; take the norm "
            "first.",
        ),
        Slip("axis=2", "axis=1", "The norm runs over the batch axis. It belongs over the units, the last axis."),
        Slip(
            "np.linalg.norm(d_hs, axis=2).mean(axis=1)",
            "np.abs(d_hs).mean(axis=(1, 2))",
            "This is the mean size of single entries. Asked is the norm over the units of a sequence.",
        ),
        Slip("np.linalg.norm(d_hs, axis=2)", "(d_hs**2).sum(axis=2)", "The root is missing: these are squared norms."),
        Slip(".mean(", ".sum(", "The sum over the batch is taken, not the mean."),
        Slip("[::-1]", "[::-1][1:]", "The first entry is missing: 0 steps back is the last state itself."),
        Slip(".mean(axis=1)", "", "This has one number for each sequence. Average over the batch, axis 1."),
    ],
    cases=cases,
    hints=[
        "Three steps: a norm over the units, a mean over the batch, and the order turned round.",
        "`np.linalg.norm(d_hs, axis=2)` has shape (T + 1, B).",
        "`[::-1]` turns an array round.",
    ],
    solution="""
`np.linalg.norm(d_hs, axis=2)` gives one norm for each step and sequence, `.mean(axis=1)` averages over the batch, and
`[::-1]` puts the last state first. The norm comes before the mean: gradients of different sequences would cancel.
""",
    right="Right. Plot it on a logarithmic scale: a straight line down is a vanishing gradient, its slope the rate.",
)
