from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch09_count",
    chapter=9,
    title="Pixel by pixel: how many numbers?",
    objective="tell what the number of weights depends on, and what it does not depend on",
    difficulty=2,
    minutes=4,
    question=r"""
Read each image as 784 steps of one pixel, in place of 28 rows of 28 pixels. The layer keeps its 150 units, the readout
its 10 logits. How many numbers does the whole network have now?
""",
    answer=24_310,
    tolerance=0,
    wrong=[
        (28_360, "28 360 is the network for rows. One thing has changed: the number of inputs per step."),
        (22_800, "The readout is missing: 150 · 10 weights and 10 biases."),
        (24_160, "150 numbers are missing: either W_I, which is 1 × 150 now, or the bias b_h."),
        (24_300, "The ten biases of the readout are missing."),
        (141_760, "You gave W_I 784 inputs. At each step the network sees one pixel; 784 is the number of steps."),
        (1_810, "W_R is missing, and it is by far the largest: 150 × 150."),
    ],
    hints=[
        "Five arrays: W_I, W_R, b_h, W_y, b_y. Write down their shapes for D = 1, H = 150, ten classes.",
        "150 + 22 500 + 150 for the layer. The readout has not changed.",
    ],
    solution="""
D falls from 28 to 1, so W_I has 150 numbers instead of 4 200: 150 + 22 500 + 150 + 1 500 + 10 = 24 310. The number of
steps does not appear.

What grows is the way back: 783 steps in place of 27. A tanh network that reads pixel by pixel gets 35.0 % of the test
images right (reported by Le et al. 2015, quoted by Cooijmans et al. 2016).
""",
    right="Right: fewer numbers, but the way back for the gradient has grown from 27 steps to 783.",
)
