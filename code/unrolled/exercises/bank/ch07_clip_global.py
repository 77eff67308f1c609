import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if not np.isfinite(norm):
        return {name: np.zeros_like(g) for name, g in grads.items()}
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {name: g * scale for name, g in grads.items()}


def each_alone(grads, max_norm):
    clipped = {}
    for name, g in grads.items():
        norm = np.sqrt((g**2).sum())
        scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
        clipped[name] = g * scale if np.isfinite(norm) else np.zeros_like(g)
    return clipped


def by_value(grads, max_norm):
    return {name: np.clip(g, -max_norm, max_norm) for name, g in grads.items()}


def in_place(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    for g in grads.values():
        g *= scale if np.isfinite(norm) else 0.0
        g[...] = np.nan_to_num(g)
    return grads


def gradients(rng, scale, D=3, H=4):
    shapes = {"W_ih": (D, H), "W_hh": (H, H), "b": (H,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def cases(rng):
    poisoned, endless = gradients(rng, 1.0), gradients(rng, 1.0, 2, 3)
    poisoned["b"][1] = np.nan
    endless["W_hh"][0, 2] = np.inf
    zeros = {name: 0 * g for name, g in gradients(rng, 1.0).items()}
    return [
        Case("three arrays, far too long, at most 1", (gradients(rng, 10.0), 1.0)),
        Case("three arrays, too long, at most 2.5", (gradients(rng, 3.0, 2, 5), 2.5)),
        Case("shorter than the threshold", (gradients(rng, 0.01), 1.0), edge=True),
        Case("a single array", ({"b": np.array([3.0, -4.0])}, 2.0), edge=True),
        Case("gradients that are all 0", (zeros, 1.0), edge=True),
        Case("a NaN among them", (poisoned, 1.0), edge=True),
        Case("an infinity among them", (endless, 1.0), edge=True),
    ]


exercise = Write(
    id="ch07_clip_global",
    chapter=7,
    title="Clip by global norm, written by you",
    objective="write gradient clipping that holds for zeros, NaN and infinity too",
    difficulty=2,
    minutes=8,
    question=r"""
`grads` is a dict of arrays. Return a new dict in which all of them are shrunk by **one** common factor, so that their
norm together is `max_norm` at most. If it is no longer than that already, nothing changes. If the norm is NaN or
infinite, return zeros: this step is skipped. The arrays you were given must stay as they are.
""",
    docstring="A dict like grads whose norm, all arrays together, is at most max_norm.",
    answer=clip_by_global_norm,
    wrong=[
        (
            each_alone,
            "Each array is clipped by its own norm, so they are shrunk by different factors and the direction changes. "
            "First add up the squares of all arrays, then take one root.",
        ),
        (by_value, "This cuts each entry by itself. What is asked is one factor for all of them."),
        Slip(
            "min(1.0, max_norm / norm)",
            "max_norm / norm",
            "Right when the gradient is too long. A short one must stay as it is, and you stretch it to the threshold.",
        ),
        Slip(
            "min(1.0, max_norm / norm) if norm > 0",
            "1 / norm if norm > max_norm",
            "What is too long becomes 1 long here. It may be as long as `max_norm`.",
        ),
        Slip("np.sqrt(", "(", "The norm is the root of the sum of squares. The root is missing."),
        Slip(
            "    if not np.isfinite(norm):\n        return {name: np.zeros_like(g) for name, g in grads.items()}\n",
            "",
            "Right for ordinary numbers. But a NaN or an infinity gets through, and one step of the optimizer "
            "writes it "
            "into every weight. Return zeros when the norm is not finite.",
        ),
        Slip(
            "g * scale",
            "g / norm * min(norm, max_norm)",
            "When all gradients are 0 you divide 0 by 0. There is nothing to shrink then.",
        ),
        (
            in_place,
            "The numbers are right, but they are written into the arrays you were given. Make new ones: `g * scale`.",
        ),
    ],
    cases=cases,
    hints=[
        "One number first: the root of the sum of all squares in all arrays.",
        "The factor is `max_norm / norm` when the norm is larger than `max_norm`, else 1. What if the norm is 0, or "
        "NaN?",
        "`norm = np.sqrt(sum((g**2).sum() for g in grads.values()))`, and `np.isfinite(norm)` asks for both NaN and "
        "infinity.",
    ],
    solution="""
One norm for all arrays, one factor for all arrays: min(1, max_norm / norm), and 1 when the norm is 0. No factor can
mend a NaN: NaN times anything is NaN, and infinity times 0 as well. So the test for it comes first, and the step is
skipped.
""",
    right="Right, and a NaN does not get through. Count how often you skip a step: every time is a sign that "
    "something is wrong.",
)
