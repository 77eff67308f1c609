import numpy as np

from unrolled import readout
from unrolled.exercises.kinds import Case, Slip, Write


def d_logits(logits, labels):
    B, V = logits.shape
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    one_hot = np.eye(V)[labels]
    return (p - one_hot) / B


def loss(logits, labels):
    return readout.cross_entropy(logits, labels)[0]


def wrong_axis(logits, labels):
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    return (e / e.sum(axis=0, keepdims=True) - np.eye(logits.shape[1])[labels]) / len(labels)


def cases(rng):
    return [
        Case("4 images and 6 classes", (rng.normal(size=(4, 6)) * 2, np.array([0, 5, 2, 2]))),
        Case("7 images and 10 classes", (rng.normal(size=(7, 10)), rng.integers(0, 10, 7))),
        Case("a batch of one", (rng.normal(size=(1, 5)), np.array([3])), edge=True),
        Case("two classes", (rng.normal(size=(3, 2)), np.array([1, 0, 1])), edge=True),
        Case("logits that are all 0", (np.zeros((2, 4)), np.array([3, 1])), edge=True),
        Case("logits in the thousands", (rng.normal(size=(3, 4)) * 3000, np.array([0, 3, 1])), edge=True),
    ]


exercise = Write(
    id="ch09_d_logits",
    chapter=9,
    title="The shortest gradient",
    objective="derive the gradient of softmax and cross-entropy with respect to the logits",
    difficulty=3,
    minutes=12,
    question=r"""
The loss of a batch is the mean of $-\ln p_{\text{label}}$, where $p$ is the softmax of each row of `logits` (B, V).
Return its gradient with respect to the logits, an array (B, V). `labels` holds B whole numbers. Your function is
compared with the true gradient at several places.
""",
    docstring="How the mean loss changes with each logit: (B, V).",
    begin="B, V = logits.shape",
    answer=d_logits,
    loss=loss,
    wrong=[
        Slip(" / B", "", "It is B times too large: the loss is the mean over the batch, so each row is divided by B."),
        (
            wrong_axis,
            "The softmax runs over the wrong axis: the probabilities of each image, a row, must sum to 1. "
            "`axis=1`, and `keepdims=True`.",
        ),
        Slip(
            "(p - one_hot)",
            "(one_hot - p)",
            "The sign is wrong: it is what the network said minus what it should have said, p − one-hot.",
        ),
        Slip("(p - one_hot)", "p", "This is p / B. At the label the 1 has to be taken off: p − one-hot."),
        Slip(
            "(p - one_hot)",
            "(logits - one_hot)",
            "These are the logits themselves, not the probabilities: the softmax is forgotten.",
        ),
        Slip(
            "/ B",
            "/ logits.size",
            "It is V times too small: `mean()` of all entries divides by B · V. The loss is the mean over B images.",
        ),
        Slip(
            "logits - logits.max(axis=1, keepdims=True)",
            "logits",
            "Right for small logits, but large ones overflow in exp and give NaN. Take the largest logit of each "
            "row off "
            "first; p does not change.",
        ),
        Slip(
            "e = np.exp(logits - logits.max(axis=1, keepdims=True))",
            "logits -= logits.max(axis=1, keepdims=True)\n    e = np.exp(logits)",
            "The numbers are right, but `logits -= …` writes into the caller's array. Write `logits = logits - …`.",
        ),
    ],
    cases=cases,
    hints=[
        "For one image: ln p_label = y_label − ln Σ exp(y). Take the derivative with respect to y_k, once for "
        "the label "
        "and once for another k.",
        "It is −1 + p_label at the label and p_k elsewhere: p minus the one-hot vector. And then the mean over B.",
        "`np.eye(V)[labels]` is one row of the identity matrix for each label: the one-hot vectors.",
    ],
    solution="""
For one image the loss is L = −y_label + ln Σ exp(y). Its derivative with respect to y_k is exp(y_k) / Σ exp(y) = p_k,
and −1 more at the label: p − one-hot. The mean over the batch divides by B. The largest logit of a row is taken off
before exp, so that nothing overflows; the softmax stays the same.
""",
    right="Right: what the network said minus what it should have said, divided by B. Finite differences agree.",
)
