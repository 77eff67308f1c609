from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch06_greater_than_zero",
    chapter=6,
    title="“Greater than 0”",
    objective="say for which recurrent weights a gradient vanishes and when it can explode",
    difficulty=1,
    minutes=3,
    question=r"""
The slide says: the derivative goes to 0 if $|W_R|$ is less than one, and "alternatively, if it is greater than 0 then
we have an exploding gradient". Test it with one linear neuron, $h^{(t)} = w_I x^{(t)} + w_R h^{(t-1)}$, and
$w_R = 0.5$. How does its gradient behave over 100 steps?
""",
    choices=[
        (
            "It explodes, for 0.5 is greater than 0.",
            "That is what the sentence says. Compute it: 0.5 times 0.5 times 0.5 ... Does the product grow?",
        ),
        (
            "It vanishes: 0.5 to the power of 100 is 8e-31. The slide means greater than one.",
            "Right: for 0.5 both sentences of the slide apply, and only the first is true. It must read greater than "
            "one.",
        ),
        (
            "Nothing much happens: for 0.5 it neither vanishes nor explodes, since 0.5 lies between 0 and 1.",
            "Between 0 and 1 a product of many factors goes to 0. Only a factor of size 1 keeps it.",
        ),
        (
            "It is halved, once.",
            "Once for each step: the same weight is met again at every one of the 100 steps.",
        ),
        (
            "It depends on the inputs x.",
            "With tanh it would, through the slope. This neuron is linear: its slope is 1, and dh/dh one step before "
            "is w_R, whatever comes in.",
        ),
    ],
    answer="b",
    hints=[
        "For the linear neuron each step back multiplies by w_R and by nothing else.",
        "What is 0.5 to the power of 10? And to the power of 100?",
    ],
    solution="""
Each step back multiplies by w_R = 0.5, so after 100 steps 0.5 to the power of 100 = 7.9e-31 is left. It vanishes,
although 0.5 is greater than 0. The border lies at size one: below it a product of many factors goes to 0, above it
can grow without bound. The errata page lists the slip.
""",
)
