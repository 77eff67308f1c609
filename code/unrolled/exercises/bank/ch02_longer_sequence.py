from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch02_longer_sequence",
    chapter=2,
    title="A longer sequence than ever before",
    objective="say what the steps of a recurrent layer share, and what is new at each step",
    difficulty=1,
    minutes=2,
    question=r"""
A recurrent layer with D = 3 inputs and H = 5 neurons was trained on sequences of 6 steps. Now a sequence of 100 steps
comes. What happens?
""",
    choices=[
        (
            "It cannot be read: the layer was made for 6 steps.",
            "The number of steps occurs in no shape: W_I is (H, D), W_R is (H, H), b is (H). The step is applied as "
            "often as there are inputs.",
        ),
        (
            "It is read, and the layer gets weights for steps 7 to 100.",
            "Weights do not belong to steps. All steps use the same W_I, W_R and b; what is new at each step is "
            "the state.",
        ),
        (
            "It is read with the 45 numbers that the layer has; only the state is new at each step.",
            "Right: 15 + 25 + 5 numbers, used a hundred times. Whether the layer is any good at step 100 is another "
            "question.",
        ),
        (
            "Steps 7 to 100 are ignored: the layer looks at 6 steps.",
            "There is no window of 6 steps. Each state is computed from the one before, as long as inputs come.",
        ),
        (
            "It is read, and W_R changes a little at each step, because it is the layer's memory.",
            "The memory of a sequence is the state h. W_R changes only when we train.",
        ),
    ],
    answer="c",
    hints=[
        "Write down the shapes of all weights. In which of them does T, the number of steps, occur?",
        "In none. So what differs between step 6 and step 7?",
    ],
    solution="""
The weights, 3 · 5 + 5 · 5 + 5 = 45 numbers, are the same at every step. The state h is what differs. So a layer reads
sequences of any length; it may still do badly on lengths it was never trained on.
""",
)
