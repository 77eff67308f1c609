from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch09_sideways",
    chapter=9,
    title="Read it sideways",
    objective="decide which axis is time, and put it first without scrambling the data",
    difficulty=2,
    minutes=4,
    question=r"""
`images` has shape (B, 28, 28): image, row, column. The network shall read each image column by column, from left to
right. It wants (T, B, D). Which line makes its input?
""",
    choices=[
        (
            "`images.transpose(1, 0, 2)`",
            "This puts the rows first: step t is row t. That is the chapter's reading, top to bottom.",
        ),
        (
            "`images.reshape(28, -1, 28)`",
            "The shape is right and the data are scrambled: reshape cuts the long line of numbers anew, so step "
            "1 holds "
            "rows of many images. Use transpose to reorder axes.",
        ),
        (
            "`images.transpose(0, 2, 1)`",
            "Each image is flipped now, but the batch is still the first axis: the network would take images for "
            "steps.",
        ),
        (
            "`images.transpose(2, 0, 1)`",
            "Right: the columns become time, the batch stays in the middle, and the 28 pixels of a column, top "
            "to bottom, "
            "are what a step sees.",
        ),
        (
            "`images.T`",
            "`.T` turns all axes round: (column, row, image). Time is right, but rows are taken for the batch "
            "and images "
            "for the numbers of a step.",
        ),
    ],
    answer="d",
    hints=[
        "In the input, which axis of `images` must be at position 0? Which at position 1?",
        "Time is the column, axis 2. The batch is axis 0. The numbers of one step are the rows, axis 1.",
    ],
    solution="""
transpose lists the old axes in their new order: time = columns = axis 2, batch = axis 0, the numbers of a step = rows
= axis 1. So transpose(2, 0, 1).

Nothing in the network knows that it reads rows, so columns work too. In the chapter's run they came out a few points
behind rows after one epoch; that is one seed.
""",
)
