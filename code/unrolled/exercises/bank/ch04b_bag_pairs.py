from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch04b_bag_pairs",
    chapter=4,
    title="What a bag can know",
    objective="compute the best a classifier can do that does not see the order of the words",
    difficulty=1,
    minutes=3,
    question=r"""
A test set has 200 phrases. 80 of them are 40 pairs: the same words in another order, one positive, one negative. A
classifier sees only how often each word occurs. It gets **every** phrase outside the pairs right. What percentage of
all 200 does it get right?
""",
    answer=80,
    tolerance=0,
    unit="%",
    wrong=[
        (60, "60 would mean that it gets every phrase of the pairs wrong. It must answer both phrases of a pair alike. "
             "How many of the two are right then?"),
        (100, "It sees no difference between the two phrases of a pair, so it cannot get both right."),
        (90, "A bag answers both phrases of a pair alike, so one of the two is wrong: 40 wrong phrases, not 20."),
        (50, "One half is right of the 80 phrases in pairs. The other 120 are all right."),
        (20, "20 % is what it gets wrong, or what the pairs bring in. Asked is the share that is right."),
        (70, "The pairs hold 80 phrases, not 120: 120 are outside."),
    ],
    hints=[
        "Take one pair. The classifier sees the same counts twice. What are its two answers, and how many are right?",
        "One of two is right in each of 40 pairs, whatever its weights. Add the 120 others.",
    ],
    solution="""
The two phrases of a pair have the same counts, so the classifier gives both the same answer. One label is positive, the
other negative: exactly one of the two is right. 40 pairs bring 40 right answers, the others 120. 160 of 200 is 80 %.

More training or better weights change nothing. What is missing is not in the input.
""",
    right="Right: one of each pair, whatever the weights are. The order is not in the input.",
)  # fmt: skip
