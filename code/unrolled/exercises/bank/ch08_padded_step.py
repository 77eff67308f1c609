from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch08_padded_step",
    chapter=8,
    title="A step that is only padding",
    objective="say what dynamic_rnn gives beyond the end of a sequence, and where its last state is",
    difficulty=2,
    minutes=3,
    question=r"""
Two instances are padded to two steps; the second has one step only, and zeros after it:

```python
outputs, states = tf.nn.dynamic_rnn(basic_cell, X, sequence_length=[2, 1], dtype=tf.float32)
```

`outputs` has the shape (instances, steps, neurons), `states` (instances, neurons). What are `outputs[1, 1]`, the
padded step of the second instance, and `states[1]`?
""",
    choices=[
        (
            "Zeros, and zeros: it has ended.",
            "The output is zero, yes. But the state would be lost if it were set to zero, and it is what a classifier "
            "reads. It is carried over the padding unchanged.",
        ),
        (
            "The output of its first step once more, and the state after its first step",
            "The state is right. Repeating the last valid output is what Keras does with a mask; `dynamic_rnn` writes "
            "something else there.",
        ),
        (
            "Zeros, and the state after its first step",
            "Right: the output says that there is nothing, the state waits. So `outputs[:, -1]` is wrong for all "
            "sequences that are padded, and `states` is right for all.",
        ),
        (
            "The output of a step that has read zeros, and the state after it",
            "This is what happens without `sequence_length`: the cell reads the zeros as an input like any other, and "
            "the state changes. Here it was told where the sequence ends.",
        ),
        (
            "Zeros, and the state after a step that has read zeros",
            "The output is zero, yes. But a padded step does not touch the state: for this instance the result of the "
            "cell is thrown away.",
        ),
        (
            "Zeros, and the state with which it began",
            "The output is zero, yes. But the first step was a real one, and it has changed the state. How many steps "
            "does `sequence_length` give the second instance?",
        ),
    ],
    answer="c",
    hints=[
        "Two rules for what lies beyond the end: one for the outputs, another one for the state.",
        "Whoever reads `states` at the end wants the state after the last valid step, for each instance.",
    ],
    solution="""
Beyond the end of a sequence `dynamic_rnn` writes zeros into the outputs and copies the state. The second instance has
one valid step, so `outputs[1, 0]` is its output, `outputs[1, 1]` is zero, and `states[1]` is the state after the first
step; for this cell it is the same as `outputs[1, 0]`.

Keras with a mask carries the state in the same way, but repeats the last valid output.
""",
)
