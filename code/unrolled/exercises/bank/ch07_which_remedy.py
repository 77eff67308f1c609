from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch07_which_remedy",
    chapter=7,
    title="Which remedy first?",
    objective="choose a remedy by what the log of the gradient says",
    difficulty=1,
    minutes=3,
    question=r"""
A tanh network trains well for 3,000 updates. The norm of its gradient lies between 0.5 and 3. At update 3,001 it is
900, the loss jumps up, and at update 3,004 it is NaN. The inputs are clean. What do you try first?
""",
    choices=[
        (
            "ReLU in place of tanh.",
            "ReLU has no upper limit, so the states can grow too. It makes an explosion more likely, not less.",
        ),
        (
            "Start again from an orthogonal W_R.",
            "That helps the first updates. After 3,000 updates the matrix has moved, and nothing keeps it where it "
            "was.",
        ),
        (
            "Clip the norm of the gradient at about 3.",
            "Right. One step out of 3,000 was hundreds of times too long; the clip touches this one and leaves the "
            "others.",
        ),
        (
            "Add a forget gate: use an LSTM.",
            "An LSTM is for gradients that vanish. Its own can explode as well, and it is clipped like any other.",
        ),
        (
            "Truncate to the last 5 steps.",
            "It may prevent the spike, since the product is shorter. But from then on nothing older than 5 steps is "
            "learned. Is there a remedy that costs less?",
        ),
    ],
    answer="c",
    hints=[
        "Is the gradient too long always, or once?",
        "Which remedy leaves the 3,000 good steps exactly as they were?",
    ],
    solution="""
The gradient explodes once, in a network that trains well otherwise. A threshold of about the largest usual norm, 3,
leaves the usual steps alone and makes the one of length 900 three long, in the same direction.

Then look at the log again. If from now on nearly every step is clipped, the learning rate is too large.
""",
)
