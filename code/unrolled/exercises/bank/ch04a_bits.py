import math

from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch04a_bits",
    chapter=4,
    title="From perplexity to bits",
    objective="turn the loss of a language model from one of its three units into another",
    difficulty=1,
    minutes=2,
    question=r"""
Somebody reports a character model with a perplexity of 5. How many bits per character is that?
""",
    answer=math.log2(5),
    tolerance=0.01,
    unit="bits",
    wrong=[
        (math.log(5), "1.609 = ln 5 is the loss in nats. A bit is smaller than a nat: divide by ln 2."),
        (math.log(5) * math.log(2), "You multiplied the nats by ln 2. A bit is the smaller unit, so there are more."),
        (5 / math.log(2), "That divides the perplexity by ln 2. The perplexity is no loss yet: take its logarithm."),
        (5.0, "5 is the perplexity itself, a number of choices. Bits count how often the choices must be halved."),
        (math.exp(5), "exp goes from nats to perplexity. Here the way is the other one."),
        (32.0, "2 to the power of 5: that turns bits into a perplexity. Here the way is the other one."),
        (math.log10(5), "That is log₁₀ 5. Bits are counted with the logarithm to base 2."),
        (0.2, "0.2 = 1/5 is the probability that such a model typically gives. Its loss is −log₂ of it."),
    ],
    hints=[
        "The perplexity is exp(loss in nats). So the loss in nats is …",
        "Bits are nats divided by ln 2, which is the same as log₂ of the perplexity.",
    ],
    solution="""
The loss in nats is ln 5 = 1.609. One bit is ln 2 = 0.693 nats, so this is 1.609 / 0.693 = 2.32 bits, which is log₂ 5.
In words: choosing among 5 takes a little more than two yes-or-no questions.
""",
    right="Right: log₂ 5 = 2.32, a little more than the two bits of a choice among four.",
)
