import math

from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch09_first_loss",
    chapter=9,
    title="The first loss",
    objective="know what a network without an idea pays, so that a wrong start is seen at once",
    difficulty=1,
    minutes=2,
    question=r"""
Before any training the network has no idea and gives each of the ten digits about the same probability. Which loss do
you expect, in nats?
""",
    answer=math.log(10),
    tolerance=0.01,
    unit="nats",
    wrong=[
        (1.0, "1 is log₁₀(10). Nats are counted with the natural logarithm."),
        (math.log2(10), "This is log₂(10), the surprise in bits. Nats are counted with the natural logarithm."),
        (0.1, "0.1 is the probability of the label. The loss is the surprise, −ln of it."),
        (-math.log(10), "The size is right, the sign is not: ln(0.1) is negative, and the loss is −ln p."),
        (0.9, "0.9 is the share of wrong guesses. The loss is not a share, it is −ln p of the label."),
        (10 * math.log(10), "The surprises of all ten digits are added up here. Only that of the label counts."),
        (0.0, "0 would be a network that is sure and right. Without an idea it is neither."),
    ],
    hints=[
        "The loss of one image is −ln p of its label. What is p when all ten are alike?",
        "p = 1/10, so the loss is −ln(1/10) = ln …",
    ],
    solution="""
Each digit gets about one tenth: −ln(1/10) = ln 10 = 2.303, and the accuracy is near 10 %. The first loss that the
three frameworks print is a little above, because random weights are not quite without opinion, and random opinions
cost.

A first loss far from ln(number of classes) means that something is wrong before training has begun.
""",
    right="Right: ln 10 = 2.303. A first loss far from it is a warning.",
)
