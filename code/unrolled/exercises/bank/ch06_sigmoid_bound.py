from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch06_sigmoid_bound",
    chapter=6,
    title="The bound for a sigmoid",
    objective="find how large a recurrent weight may be before a gradient can explode",
    difficulty=2,
    minutes=4,
    question=r"""
A recurrent neuron uses the sigmoid, $h^{(t)} = \sigma(w_I x^{(t)} + w_R h^{(t-1)} + b_h)$. Up to which size $|w_R|$ is
it impossible that its gradient grows from one step to the step before, whatever the inputs are?
""",
    answer=4,
    tolerance=0,
    wrong=[
        (1, "1 is the bound for tanh, whose slope is at most 1. How steep is the sigmoid at its steepest?"),
        (
            0.25,
            "0.25 is the largest slope of the sigmoid. The weight times this slope may be 1; how large is the weight?",
        ),
        (2, "The sigmoid's value at 0 is 0.5, and you took that. Asked is its slope there: σ (1 − σ)."),
        (0.5, "0.5 is the sigmoid's value at 0. Its slope there is σ (1 − σ); the weight may be 1 over that."),
        (-4, "Right size; a size is not negative."),
    ],
    hints=[
        "One step back multiplies by w_R · σ′(a). Where is σ′(a) = σ(a) (1 − σ(a)) largest, and how large?",
        "At a = 0 the sigmoid is 0.5 and its slope 0.5 · 0.5 = 0.25. The product of weight and slope must stay at or "
        "below 1.",
    ],
    solution="""
One step back multiplies by w_R · σ′(a), and σ′ = σ (1 − σ) is at most 0.5 · 0.5 = 1/4, at a = 0. So |w_R| / 4 is the
largest factor there can be, and up to |w_R| = 4 it is at most 1.

For a layer the same holds with the largest singular value of W_R in the place of |w_R|. With tanh the bound is 1.
""",
    right="Right: 1 over the largest slope, 1/4. For tanh the same bound is 1.",
)
