import math

from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch04a_best_bigram",
    chapter=4,
    title="The best that no memory can do",
    objective="compute the smallest loss that a model without memory can reach on a text",
    difficulty=2,
    minutes=4,
    question=r"""
A model sees one letter of *hello* and gives a probability to each letter that could come next. It knows the last
letter and nothing before it. There are four predictions: after h, after e, and twice after l. The loss is the mean of
$-\ln p$ of the letter that really came. What is the smallest loss it can reach? (With the natural logarithm the unit
of a loss is called a *nat*.)
""",
    answer=math.log(2) / 2,
    tolerance=0.005,
    unit="nats",
    wrong=[
        (math.log(2), "ln 2 is paid at two of the four predictions. After h and e the model can be sure."),
        (
            math.log(4),
            "ln 4 = 1.386 is the sum of the four losses, and also what a model pays that gives each letter 1/4. Asked "
            "is the mean, for a model that may learn that e follows h.",
        ),
        (0.5, "0.5 is the sum of four losses in bits, divided by 4. In nats each uncertain one costs ln 2 = 0.693."),
        (0.0, "It would have to be sure after both l's. But it sees the same l twice, and once l came, once o."),
        (math.log(2) / 4, "Only one l was counted. Both predictions after an l are uncertain."),
        (-math.log(2) / 2, "The size is right, the sign is not: ln 0.5 is negative, and the loss is −ln p."),
    ],
    hints=[
        "After h always comes e, after e always l: what do these two predictions cost at best?",
        "After l comes l once and o once. Whatever goes to l is missing for o: p and 1 − p. Which p makes "
        "−ln p − ln(1 − p) smallest?",
    ],
    solution="""
After h and after e the model can be sure: −ln 1 = 0, twice. After l it must give p to l and 1 − p to o, the same both
times; the two losses add up to −ln p − ln(1 − p), which is smallest at p = 1/2: ln 2 for each.

The mean over the four predictions is (0 + 0 + ln 2 + ln 2) / 4 = 0.347 nats.
""",
    right="Right: two sure predictions and two coins, (0 + 0 + ln 2 + ln 2) / 4 = 0.347.",
)
