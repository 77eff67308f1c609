import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def perplexity(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.exp(-log_p[np.arange(len(labels)), labels].mean())


def cases(rng):
    return [
        Case("6 steps and 4 characters", (rng.normal(size=(6, 4)) * 2, rng.integers(0, 4, 6))),
        Case("9 steps and 5 characters", (rng.normal(size=(9, 5)), rng.integers(0, 5, 9))),
        Case("no idea: all logits 0", (np.zeros((3, 62)), np.array([0, 61, 7])), edge=True),
        Case("one step", (rng.normal(size=(1, 5)), np.array([2])), edge=True),
        Case("logits in the thousands", (np.array([[3000.0, 2999.0], [-1.0, 1.0]]), np.array([1, 1])), edge=True),
    ]


exercise = Write(
    id="ch04a_perplexity",
    chapter=4,
    title="As if among how many?",
    objective="compute the perplexity of a language model from its logits",
    difficulty=2,
    minutes=8,
    question=r"""
A model read a text and gave `logits` (T, V): before each of T characters a score for each of the V that could come.
`labels` (T,) are the numbers of those that came. Return the **perplexity**, $\exp$ of the mean of
$-\ln p_{\text{label}}$, where $p$ is the softmax of each row.
""",
    docstring="exp of the mean of -ln p(label) over the rows of logits (T, V); labels (T,) whole numbers.",
    answer=perplexity,
    wrong=[
        Slip("np.exp(-log_p", "(-log_p", "This is the loss in nats. The perplexity is exp of it."),
        Slip(
            "np.exp(-log_p",
            "2 ** (-log_p",
            "2 to the power of a loss in nats. With the natural logarithm it is exp; 2 belongs to a loss in bits.",
        ),
        Slip(
            ".mean()",
            ".sum().clip(-700)",
            "You took exp of the sum: that grows with the length of the text. Take exp of the mean.",
        ),
        Slip(
            ".mean())",
            ".clip(-700)).mean()",
            "You took exp first and then the mean. It is the mean of the logarithms that counts; exp comes last.",
        ),
        Slip("-log_p", "log_p", "The minus is missing: this is the typical probability, 1 / perplexity."),
    ],
    cases=cases,
    hints=[
        "ln p_label = logit_label − ln Σ exp(logits), for each row.",
        "`log_p[np.arange(T), labels]` picks one entry of each row.",
        "Mean first, then exp, once.",
    ],
    solution="""
The log-softmax of each row, with its largest logit taken off first; of every row the entry of the label; minus the
mean of these; exp of that. A model without an idea has a perplexity of V, a perfect one has 1.
""",
    right="Right: V for a model without an idea, 1 for one that always knows.",
)
