from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch03_which_shape",
    chapter=3,
    title="Which shape has what comes out?",
    objective="follow the shapes through two recurrent layers, and tell outputs from last states",
    difficulty=2,
    minutes=3,
    question=r"""
A batch of 32 sequences, each of 10 steps with 7 numbers, goes through two recurrent layers, one on top of the other,
with 64 neurons each:

```python
rnn = torch.nn.RNN(7, 64, num_layers=2, batch_first=True)
output, h_n = rnn(xs)
```

Which shapes have `xs`, `output` and `h_n`?
""",
    choices=[
        (
            "(32, 10, 7), (32, 10, 64), (2, 32, 64)",
            "Right: `output` is the top layer at every step, `h_n` the last step of every layer. And h_n keeps its "
            "layers in front; batch_first does not touch it.",
        ),
        (
            "(32, 10, 7), (32, 10, 64), (32, 2, 64)",
            "Nearly: batch_first speaks of the sequences, input and output. In h_n the layers stay in front.",
        ),
        (
            "(32, 10, 7), (32, 10, 128), (2, 32, 64)",
            "128 would be two directions side by side. Two layers stand on top of each other: what comes out is the "
            "top one's 64.",
        ),
        (
            "(10, 32, 7), (10, 32, 64), (2, 32, 64)",
            "This is time first, PyTorch's default. Here batch_first is set.",
        ),
        (
            "(32, 10, 7), (32, 64), (2, 32, 10, 64)",
            "It is the other way round: `output` has every step of the top layer, `h_n` only the last step.",
        ),
        (
            "(32, 7, 10), (32, 64, 10), (2, 32, 64)",
            "The numbers of one step come last. Between them and the batch stands time.",
        ),
    ],
    answer="a",
    hints=[
        "Three questions: is batch or time in front? Which layers are in it? Which steps are in it?",
        "`output` is for the reader above: the top layer, every step. `h_n` is for going on: every layer, last step.",
    ],
    solution="""
xs is (B, T, D) = (32, 10, 7), since batch_first is set. `output` is what a reader above the layers sees: the top
layer's state at every step, (B, T, H) = (32, 10, 64). `h_n` is what is needed to go on: the last state of each layer,
(layers, B, H) = (2, 32, 64), whatever batch_first says.
""",
)
