from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch05_detach",
    chapter=5,
    title="One word in the loop",
    objective="say what detaching the state keeps and what it cuts",
    difficulty=2,
    minutes=3,
    question=r"""
A long text is read in windows of 35 characters, one after the other:

```python
for window in text:
    state = state.detach()
    output, state = rnn(window, state)
    ...  # loss, backward, optimizer step
```

What does `detach` do here?
""",
    choices=[
        (
            "It sets the state to zero, so that each window starts fresh.",
            "The numbers stay as they are. Zeros would be `torch.zeros_like(state)`, and would throw the context away.",
        ),
        (
            "It keeps the numbers of the state, and stops the gradient at the border of the window.",
            "Right: forwards the windows are one text, backwards each is on its own. That is truncated BPTT.",
        ),
        (
            "It frees the memory of the old window. The gradient is the same as without it.",
            "Memory is freed because nothing asks for it any more. The gradient is another one: paths that cross the "
            "border are gone.",
        ),
        (
            "It freezes the weights for what the earlier windows have taught.",
            "Weights are not touched. What is cut is the record of how this state was computed.",
        ),
        (
            "It moves the state from the GPU to the CPU.",
            "That would be `.cpu()`. The state stays where it is.",
        ),
    ],
    answer="b",
    hints=[
        "A tensor has a value and a history. Which of the two does the next window need to go on reading?",
        "And which of the two would `backward` follow, back to the first character of the text?",
    ],
    solution="""
`detach` returns a tensor with the same numbers and no history. The next window reads on from where the last one
stopped; its gradient ends at the border. So paths longer than the window are left out, and time and memory stay the
same for each window.
""",
)
