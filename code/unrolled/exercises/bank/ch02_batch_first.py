from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch02_batch_first",
    chapter=2,
    title="The wrong axis first",
    objective="know what happens when batch and time are swapped, and why no error tells you",
    difficulty=2,
    minutes=3,
    question=r"""
Four sequences of 6 steps with D = 3 numbers each lie in an array of shape (4, 6, 3), batch first. You hand it to
`unroll(cell, params, xs)`, which expects (T, B, D). The layer has H = 5 neurons. What comes back?
""",
    choices=[
        (
            "A ValueError: the shapes do not fit.",
            "They fit: three axes, and the last one is D = 3 as it should be. T and B may be anything, so nobody can "
            "tell that they are swapped.",
        ),
        (
            "Outputs of shape (6, 4, 5), all right: the code finds out which axis is time.",
            "Nothing in the array says which axis is time. The first one is taken, always.",
        ),
        (
            "Outputs of shape (4, 6, 5), all right: only the axes of the result are swapped.",
            "The shape is this one, but the numbers are not. Step 2 is computed from the state after step 1, and "
            "step 1 "
            "of your array is another sequence.",
        ),
        (
            "Outputs of shape (4, 6, 5): the first step of each of 6 “sequences” starts from zeros, and then the "
            "state goes from one of your sequences into the next.",
            "Right: the 4 sequences are read as 4 steps. Only what starts from zeros in both readings can agree: the "
            "first step of the first sequence.",
        ),
    ],
    answer="d",
    hints=[
        "Read the array as `unroll` does: how many steps, and how many sequences side by side?",
        "4 steps of 6 sequences. What is `xs[1]`, and which state does it meet?",
    ],
    solution="""
unroll reads 4 steps of 6 sequences and gives (4, 6, 5) without an error. xs[1], in truth your second sequence, is
taken for step 2, so the state of the first sequence flows into the second. One output of 24 is right. The cure: write
the shape where an array is made, and test with T, B and D all different.
""",
)
