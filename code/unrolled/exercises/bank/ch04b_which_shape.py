from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch04b_which_shape",
    chapter=4,
    title="Which shape is it?",
    objective="choose the shape of a network from what is known when an answer is due",
    difficulty=1,
    minutes=3,
    question=r"""
A sensor on a washing machine sends ten numbers each second, as long as the machine runs. A network shall say **every
second, at once**, whether all is well. Which network?
""",
    choices=[
        (
            "Sequence to one: read everything, then answer from the last state.",
            "That answer comes once, when the machine has stopped. Asked is one for each second.",
        ),
        (
            "Sequence to sequence in step: a readout on every state.",
            "Right: an output for each input, at the same step. The state carries what was seen before, and nothing "
            "waits for the end.",
        ),
        (
            "Sequence to sequence delayed: an encoder reads, then a decoder writes.",
            "The decoder begins when the encoder has read everything. By then the laundry is done. A delay is needed "
            "where an output depends on later inputs.",
        ),
        (
            "One to sequence: the first second goes in, the answers come out.",
            "Then the network would hear the machine for one second only and guess the rest.",
        ),
        (
            "A readout on every state of a bidirectional layer, which also reads from the end.",
            "An output for each input, yes. But the second direction starts at the end of the sequence, and that is "
            "not there yet: “at once” is impossible.",
        ),
    ],
    answer="b",
    hints=[
        "How many answers are due, and when is each of them due?",
        "As many as inputs, each at the step of its input, without knowing what comes later.",
    ],
    solution="""
One answer for each input, due at the same step, from what was seen so far: sequence to sequence in step. The loss is
the mean over all steps, and every output counts.

Two questions decide the shape: how many answers, and how much must be read before each.
""",
)
