from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch09b_h_n_shape",
    chapter=9,
    title="The shape of h_n",
    objective="say the shape of h_n for several layers and two directions",
    difficulty=1,
    minutes=3,
    question=r"""
`gru = torch.nn.GRU(3, 5, num_layers=2, bidirectional=True, batch_first=True)` reads `xs` of shape `(7, 11, 3)`, seven
sequences of eleven steps: `output, h_n = gru(xs)`. Which shape has `h_n`?
""",
    choices=[
        (
            "(7, 10)",
            "This is what you make of it for a readout: the top layer's two directions side by side. `h_n` keeps all "
            "layers, and the directions apart.",
        ),
        (
            "(7, 11, 10)",
            "This is the shape of `output`: the top layer at every step. `h_n` holds the state after the last step "
            "only.",
        ),
        (
            "(7, 4, 5)",
            "`batch_first` turns `xs` and `output` and nothing else: in `h_n` the batch stays on the second axis.",
        ),
        ("(2, 7, 10)", "The two directions are not joined in `h_n`. Each has an entry of its own on the first axis."),
        (
            "(4, 7, 5)",
            "Right: 2 layers times 2 directions, then the batch, then the units. `batch_first` does not change it.",
        ),
        ("(2, 7, 5)", "Two entries would be enough for two layers in one direction, or for one layer in two."),
    ],
    answer="e",
    hints=[
        "One state of H numbers for each sequence: from how many layers, and in how many directions?",
        "`batch_first` is about arrays that have a time axis. Has `h_n` one?",
    ],
    solution="""
`h_n` is (layers · directions, B, H) = (2 · 2, 7, 5) = (4, 7, 5), whatever `batch_first` says. Its first axis counts
layer 1 forwards, layer 1 backwards, layer 2 forwards, layer 2 backwards. `output` is (7, 11, 2 · 5): the top layer at
every step, both directions side by side.
""",
)
