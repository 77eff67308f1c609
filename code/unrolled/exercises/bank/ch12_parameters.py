from unrolled.exercises.kinds import Compute

D, H = 28, 150

exercise = Compute(
    id="ch12_parameters",
    chapter=12,
    title="What four blocks cost",
    objective="count the numbers of an LSTM layer, and compare them with those of a plain recurrent layer",
    difficulty=1,
    minutes=3,
    question=r"""
An LSTM reads an image as 28 rows of 28 pixels and has 150 units. How many numbers does the layer learn, the readout
left aside? Each of $W_f$, $W_i$, $W_C$, $W_o$ multiplies $[h_{t-1}, x_t]$, and each comes with **one** bias vector.
""",
    answer=4 * (D * H + H * H + H),
    tolerance=0,
    wrong=[
        (
            D * H + H * H + H,
            "26 850 is a plain recurrent layer of this size. The LSTM has four such blocks: three gates and the "
            "candidate.",
        ),
        (3 * (D * H + H * H + H), "These are three blocks, one for each gate. The candidate C̃ has weights too."),
        (
            4 * (D * H + H * H + 2 * H),
            "108 000 is PyTorch's count: `nn.LSTM` keeps two bias vectors, which are always added. Here each block has "
            "one.",
        ),
        (4 * (D * H + H * H), "The biases are missing: 150 in each of the four blocks."),
        (4 * (D * H + H * H) + H, "There is one bias vector in each block, so four of them."),
        (4 * H * H + 4 * H, "The weights from the input are missing: 28 · 150 in each block."),
        (4 * D * H + 4 * H, "The weights from the last h are missing, and they are most of it: 150 · 150 in each."),
        (
            4 * (D * H + D * H + H),
            "You counted h like the input, with 28 numbers. The last h has 150 numbers, one for each unit.",
        ),
        (28 * 4 * (D * H + H * H + H), "All steps use the same numbers: their count does not grow with the rows."),
    ],
    hints=[
        "How long is [h, x], and how many rows has W_f? Then count one block with its bias.",
        "One block: 150 · (150 + 28) + 150 = 26 850. How many blocks are there?",
    ],
    solution="""
[h, x] has 150 + 28 = 178 numbers. Each W has 150 rows of 178, and 150 biases: 26 700 + 150 = 26 850, as many as a
plain recurrent layer. Four such blocks, three gates and the candidate: 4 · 26 850 = 107 400.

Keras gives this number. PyTorch says 108 000, for it keeps a second bias vector in each block.
""",
    right="Right: four times a plain recurrent layer of the same size.",
)
