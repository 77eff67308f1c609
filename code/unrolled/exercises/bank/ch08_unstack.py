from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch08_unstack",
    chapter=8,
    title="What static_rnn is handed",
    objective="follow a batch of sequences through transpose and unstack to the list that static_rnn reads",
    difficulty=2,
    minutes=3,
    question=r"""
`X` is a placeholder of shape `[None, 28, 10]`: instances, steps, inputs. How many instances there are is not known
while the graph is built.

```python
X_seqs = tf.unstack(tf.transpose(X, perm=[1, 0, 2]))
output_seqs, states = tf.contrib.rnn.static_rnn(basic_cell, X_seqs, dtype=tf.float32)
```

What is `X_seqs`?
""",
    choices=[
        (
            "A Python list of 28 tensors of shape (None, 10)",
            "Right: one tensor for each step, with the inputs of the whole batch at that step. The length of the list "
            "is the number of steps, and it is fixed from here on.",
        ),
        (
            "A Python list of tensors of shape (28, 10), one for each instance",
            "That would be unstack without the transpose. It fails: the length of the first axis is not known while "
            "the graph is built, so nobody can say how long the list is. What does the transpose bring to the front?",
        ),
        (
            "A Python list of 10 tensors of shape (None, 28)",
            "This takes the inputs apart, one by one. `perm=[1, 0, 2]` leaves the last axis where it is; the first "
            "two change places.",
        ),
        (
            "One tensor of shape (28, None, 10)",
            "This is what `tf.transpose` gives, and unstack comes after it: it takes the first axis apart. "
            "`static_rnn` asks for a list.",
        ),
        (
            "A Python list of 28 tensors of shape (None, 1, 10)",
            "28 tensors, yes. But unstack removes the axis along which it takes apart; an axis of length 1 is what "
            "`tf.split` would leave.",
        ),
        (
            "A Python list of 28 tensors of shape (10, None)",
            "28 tensors, yes. But the inputs stay the last axis: only the first two change places.",
        ),
    ],
    answer="a",
    hints=[
        "First the transpose alone: its result has as first axis the old axis 1, then the old 0, then the old 2.",
        "That is (28, None, 10). unstack takes the first axis apart and removes it.",
    ],
    solution="""
The transpose brings time to the front: (28, None, 10). unstack takes that first axis apart, and 28 tensors of shape
(None, 10) remain: for each step the inputs of all instances. This is what a cell reads at one step, and `static_rnn`
makes one copy of the cell for each tensor in the list.

Only an axis whose length is known can be taken apart while the graph is built. The number of instances may stay open,
the number of steps may not.
""",
)
