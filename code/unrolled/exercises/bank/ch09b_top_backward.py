from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch09b_top_backward",
    chapter=9,
    title="Which of the six?",
    objective="find a direction of a layer in h_n",
    difficulty=1,
    minutes=2,
    question=r"""
`output, h_n = gru(xs)` for a bidirectional GRU of three layers. `h_n[k]` is the finished state of the **middle**
layer, read **backwards**. Which whole number from 0 to 5 is $k$?
""",
    answer=3,
    tolerance=0,
    wrong=[
        (2, "This is the middle layer read forwards. In each layer the forward direction comes first."),
        (
            4,
            "You counted all forward states first. The directions of one layer stand side by side: count layer by "
            "layer.",
        ),
        (1, "This is the first layer read backwards. The middle layer begins two entries later."),
        (5, "This is the top layer read backwards, `h_n[-1]`. The middle one is asked for."),
        (0, "This is the first layer read forwards, the first entry of all."),
        (-3, "The right entry, counted from the end. The question asks for a number from 0 to 5."),
    ],
    hints=[
        "The first axis goes layer by layer, and within a layer forwards first, then backwards.",
        "Layer 1 has the entries 0 and 1.",
    ],
    solution="""
Layer 1 has the entries 0 (forwards) and 1 (backwards), layer 2 has 2 and 3, layer 3 has 4 and 5. So the middle layer
backwards is h_n[3]. For layer l and direction d, both counted from 0, the index is 2l + d.
""",
    right="Right: 2l + d, for layer l and direction d counted from 0.",
)
