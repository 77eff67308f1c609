from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch09_softmax_twice",
    chapter=9,
    title="The loss stays at 1.46",
    objective="recognise a softmax too many by the loss it leaves behind",
    difficulty=2,
    minutes=3,
    question=r"""
A classifier of ten digits trains well by its accuracy, 97 % on the training images. But its loss falls to about
1.46 nats and stays there. What is the likely reason?
""",
    choices=[
        (
            "The learning rate is too large.",
            "Then the loss would jump about or blow up, and the accuracy with it. Here the loss is steady and the "
            "accuracy high.",
        ),
        (
            "The labels are shuffled against the images.",
            "Then there would be nothing to learn: the loss would stay near ln 10 = 2.30 and the accuracy near 10 %.",
        ),
        (
            "The model ends with a softmax, and the loss takes another one.",
            "Right: between 0 and 1 the “logits” of a perfect answer cost ln(e + 9) − 1 = 1.461. The order of the "
            "classes survives, so the accuracy looks fine.",
        ),
        (
            "The gradient vanishes on its way through 28 steps.",
            "Then the network would not have learned to get 97 % right. It knows the answers; only the price is odd.",
        ),
        (
            "The network is overfitting.",
            "Overfitting makes the loss on the training images too small, not too large.",
        ),
    ],
    answer="c",
    hints=[
        "The accuracy is high, so the largest logit is nearly always the right one. What could keep the loss up?",
        "Compute the loss of a perfect answer when the logits can only lie between 0 and 1: 1 for the label, 0 "
        "for nine others.",
    ],
    solution="""
A loss “from logits” takes the softmax itself. When the model ends with one too, its outputs lie between 0 and 1, and
even a perfect answer, 1 for the label and 0 for the rest, costs −ln(e / (e + 9)) = ln(e + 9) − 1 = 1.461 nats. A loss
that gets stuck near 1.46 with ten classes is the sign.
""",
)
