from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch10_output_projection",
    chapter=10,
    title="How small is the forecaster?",
    objective="count the parameters of a forecaster with a projection at every step",
    difficulty=1,
    minutes=3,
    question=r"""
The slides' forecaster reads one number at each of 20 steps. It has a recurrent layer of 100 ReLU neurons, with a bias,
and an output projection: after every step, one number is made from the 100 outputs, with a bias too. How many
parameters does it have?
""",
    answer=10_301,
    tolerance=0,
    wrong=[
        (10_300, "One number is missing: the bias of the projection."),
        (
            10_201,
            "A hundred numbers are missing: W_I, b_h and the weights of the projection are a hundred each. Which of "
            "them is left out?",
        ),
        (10_200, "101 numbers are missing: either the whole projection, or both biases."),
        (301, "W_R is missing, from each of the 100 neurons to each of them. It is by far the largest."),
        (401, "W_R is not one number for each neuron: every neuron reads the outputs of all 100."),
        (206_020, "The parameters are not copied for each step: all 20 steps use the same."),
        (
            12_220,
            "You gave each step a projection of its own, 20 times 101. It is one and the same after every step, as "
            "W_R is.",
        ),
        (12_201, "You gave W_I 20 inputs. The network sees one number at each step; 20 is the number of steps."),
        (
            10_401,
            "PyTorch's `nn.RNN` does have this many: it keeps two biases, which are added. The slides' layer has one.",
        ),
        (20_301, "W_R is counted twice. There is one, 100 × 100, for all steps."),
    ],
    hints=[
        "Five arrays: W_I, W_R, b_h of the layer, W_y and b_y of the projection. Write down their shapes.",
        "100 + 10 000 + 100 for the layer. The projection has a weight for each neuron, and one bias.",
    ],
    solution="""
W_I has 1 · 100 numbers, W_R has 100 · 100, b_h has 100; the projection has 100 weights and one bias:
100 + 10 000 + 100 + 100 + 1 = 10 301.

The number of steps does not appear: the projection is shared by all of them, as the layer is. So the same network can
read 20 steps or 300, and go on alone for as long as one likes.
""",
    right="Right: 100 + 10 000 + 100 for the layer, 100 + 1 for the projection, however many steps are read.",
)
