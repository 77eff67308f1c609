from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch09b_counts_padding",
    chapter=9,
    title="Which of them counts the padding?",
    objective="tell a loss that leaves the padding out from one that does not",
    difficulty=2,
    minutes=4,
    question=r"""
A tagger gives one label to each step: logits $(B, T, V)$, labels $(B, T)$, which were padded with **0**; class 0 is a
real tag. `valid` $(B, T)$ is True where a step is data. One of these five losses counts the padding. Which?
""",
    choices=[
        (
            "cross_entropy(logits[valid], labels[valid])",
            "Indexing with the mask keeps (N, V) logits and (N,) labels of the steps that count: the padding is gone.",
        ),
        (
            "cross_entropy(logits.transpose(1, 2), labels.masked_fill(~valid, -100))",
            "−100 is what `cross_entropy` ignores, in the sum and in the number it divides by.",
        ),
        (
            "cross_entropy(logits.transpose(1, 2), labels, ignore_index=-100)",
            "Right: the option is there, but no label is −100. The padding has the label 0, which is a real tag.",
        ),
        (
            "cross_entropy(logits.transpose(1, 2), labels, reduction='none')[valid].mean()",
            "`reduction='none'` gives one number a step, (B, T), and the mean is taken over those that count.",
        ),
        (
            "SequenceLabeller.gradients(xs, labels, counts, lengths), with counts made from the lengths",
            "Only the outputs that count enter the sum and the number it is divided by.",
        ),
    ],
    answer="c",
    hints=[
        "For each line ask: at which step does it learn that this is padding?",
        "An option that ignores a label does something only if that label occurs.",
    ],
    solution="""
The third. `ignore_index` compares labels with −100, and none of them is: the padding was filled with 0, and the network
is trained to say "tag 0" there. Nothing warns. Fill with −100, as the second line does, choose the steps with the mask,
or take the mean yourself.

Setting ignore_index=0 would be no way out here: it would leave out every real step with tag 0 as well.
""",
)
