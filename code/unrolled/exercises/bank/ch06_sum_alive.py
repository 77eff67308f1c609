from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch06_sum_alive",
    chapter=6,
    title="The gradient is 3.2",
    objective="tell the size of the weights' gradient from the distance that it reaches",
    difficulty=2,
    minutes=3,
    question=r"""
You train a simple recurrent network on sequences of 100 steps. The norm of $\partial \mathcal{L} / \partial W_R$ is
3.2, far from 0, and the loss falls. A colleague says: "So we have no vanishing gradient." What do you answer?
""",
    choices=[
        (
            "Right: W_R is the same at all steps, so a gradient that reaches W_R reaches all steps.",
            "The weight is the same, the terms are not. The gradient is a sum with one term for each step, and 3.2 "
            "may be the sum of the last few.",
        ),
        (
            "Not known yet: 3.2 may come from the last few steps alone. Look at the gradient at the state of each "
            "step.",
            "Right. The sum says nothing about the distance its terms come from.",
        ),
        (
            "Wrong: with 100 steps W_R's gradient always vanishes, so 3.2 must be a mistake in the code.",
            "The far terms vanish. The near ones do not, and W_R's gradient is their sum.",
        ),
        (
            "Rather the opposite: 3.2 is more than 1, so the gradient explodes.",
            "A single norm of 3.2 is no explosion; it depends on how the loss is scaled. Exploding is growth with the "
            "distance.",
        ),
        (
            "Right, for the loss falls; with a vanishing gradient it would stay where it is.",
            "It falls as long as something near can be learned. What cannot be learned is the part that needs the "
            "far steps.",
        ),
    ],
    answer="b",
    hints=[
        "The gradient of a shared weight is a sum over the steps. Which of its terms are small?",
        "Two networks can have the same norm, one with all steps in it, one with the last five only. What would tell "
        "them apart?",
    ],
    solution="""
The gradient of W_R is a sum of one term for each step, and the term that is k steps back carries k factors. The near
terms are alive, so the sum is alive, and so is training: the near part of the task is learned.

Only the gradient at the state of each step shows how far back it reaches. Plot its norm against the step.
""",
)
