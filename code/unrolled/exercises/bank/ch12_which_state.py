from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch12_which_state",
    chapter=12,
    title="Three arrays come back",
    objective="know which state PyTorch's LSTM returns where, and which one continues a sequence",
    difficulty=2,
    minutes=4,
    question=r"""
A long sequence is read in two parts, of shape (T, B, D) each:

```python
lstm = torch.nn.LSTM(D, H)
output, (h_n, c_n) = lstm(first)
```

What has come back, and how is the second part read so that the result is that of one long sequence?
""",
    choices=[
        (
            "`output` is C at every step, `h_n` and `c_n` the last h and C. Go on with `lstm(second, output[-1])`.",
            "`output` is h at every step. C is never in it: the belt of the earlier steps is not returned at all.",
        ),
        (
            "`output` is h at every step, `h_n` and `c_n` are the last h and C. Go on with `lstm(second, (h_n, c_n))`.",
            "Right: `output[-1]` and `h_n[0]` are the same numbers, and the last C is in `c_n` alone. The next step "
            "needs both.",
        ),
        (
            "`output` is h at every step, `h_n` and `c_n` are the last h and C. Go on with `lstm(second)`: the layer "
            "remembers its state.",
            "The layer holds weights, no state: without a second argument it starts from zeros again, and without a "
            "word.",
        ),
        (
            "`output` is h at every step, `h_n` and `c_n` are the last h and C. `h_n` is enough to go on, since C can "
            "be computed from it.",
            "h = o · tanh C, and o is not handed over: many C give the same h. Where o was shut, h says nothing about "
            "the belt.",
        ),
        (
            "`output` is h at every step, `h_n` and `c_n` are the h and C of all steps. Go on with "
            "`lstm(second, (h_n[-1], c_n[-1]))`.",
            "They hold the last step only. Their first axis counts layers, and here it has length 1: (1, B, H). It has "
            "to stay when they are handed on.",
        ),
    ],
    answer="b",
    hints=[
        "What does one step of an LSTM need from the step before? Both must be handed over.",
        "`output` has shape (T, B, H), the other two (1, B, H): one layer, last step. Which of them is equal to "
        "`output[-1]`?",
    ],
    solution="""
`output` (T, B, H) is h after every step. `h_n` (1, B, H) is the last of them, `c_n` (1, B, H) the last C; the 1 is the
number of layers. The C of earlier steps is not returned.

A step reads h, for its gates, and C, the belt. So `lstm(second, (h_n, c_n))` goes on where the first part stopped.
Without the second argument h and C start from zeros, and no error tells you.
""",
)
