from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch09_way_back",
    chapter=9,
    title="Only the last state is asked",
    objective="say how the first row learns from a loss that sees only the last state",
    difficulty=2,
    minutes=3,
    question=r"""
The loss sees $\mathbf{h}^{(28)}$ and nothing else: `d_ys` is zero at all other steps. How does the pixel row of step 1
take part in the gradient of $W_I$?
""",
    choices=[
        (
            "Not at all: only the last row gives a gradient.",
            "`d_ys` says how the loss depends on each output directly. It depends on h⁽¹⁾ indirectly too: h⁽²⁸⁾ was "
            "computed from h⁽²⁷⁾, and so on down to h⁽¹⁾.",
        ),
        (
            "Through 27 steps back, each with a factor from W_R and from the derivative of the activation; all "
            "28 rows' "
            "parts are added up.",
            "Right. W_I is one matrix used at 28 steps, so its gradient is a sum over 28 steps, and the part of row 1 "
            "has passed W_R 27 times.",
        ),
        (
            "Just like every other row: the loss gives each step the same share.",
            "No step gets a share by rule. What reaches step 1 has been multiplied 27 times on its way, and may have "
            "grown or shrunk a great deal.",
        ),
        (
            "By a weight of its own: W_I has 28 rows, one for each step.",
            "W_I has 28 inputs because a row has 28 pixels. That there are 28 steps as well is chance; all steps share "
            "W_I.",
        ),
        (
            "Only if the readout is applied at step 1 as well.",
            "The readout at step 28 is enough: h⁽²⁸⁾ depends on h⁽¹⁾ through all the states between.",
        ),
    ],
    answer="b",
    hints=[
        "Does h⁽²⁸⁾ change when a pixel of row 1 changes? If it does, so does the loss.",
        "h⁽¹⁾ acts on h⁽²⁾ through W_R, that on h⁽³⁾, and so on. How many times is W_R passed on the way back "
        "from 28 to 1?",
    ],
    solution="""
h⁽²⁸⁾ is computed from h⁽²⁷⁾, that from h⁽²⁶⁾, down to h⁽¹⁾, so the loss depends on every row. Backpropagation through
time carries the gradient back step by step; each of the 27 steps multiplies by W_R and by the derivative of the
activation. W_I is the same matrix at all steps, so its gradient is the sum of 28 parts.
""",
)
