from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch08_drawing",
    chapter=8,
    title="The box that does not belong there",
    objective="check a drawing of a recurrent step by the shapes of its arrays",
    difficulty=1,
    minutes=3,
    question=r"""
The program on the slide "Manual" has three inputs and five neurons, and is fed four instances. The slide after it
draws the shapes. For the first step, $t_0$, it says (with ω in place of w):

```
[4×3 x_0] × [3×5 w_x] + [5 b] = tanh [4×5 w_h] · [4×5 y_0]
```

One box has no place there. Which?
""",
    choices=[
        (
            "`x_0`, 4×3",
            "Four instances of three inputs each, one instance a row: this is what is fed into `X0`. It belongs there.",
        ),
        (
            "`w_x`, 3×5",
            "Three inputs lead to five neurons: this is `Wx` of the program. It belongs there.",
        ),
        (
            "`b`, 5",
            "One bias for each of the five neurons. It is added to every row of the 4×5 product, so it need not have "
            "four rows of its own. It belongs there.",
        ),
        (
            "`w_h`, 4×5",
            "Right: the program has no such weight. 4×5 is the shape of the result, tanh(X0 Wx + b) = Y0. And two 4×5 "
            "arrays cannot be multiplied anyway.",
        ),
        (
            "`y_0`, 4×5",
            "Four instances, five outputs each: this is the result `Y0`. It belongs there, and it is what the other "
            "boxes should give.",
        ),
        (
            "None: the state has weights as well, and they belong to every step.",
            "The weights of the state lead from five neurons to five: they are 5×5. And at the first step there is no "
            "state before that they could be multiplied with.",
        ),
    ],
    answer="d",
    hints=[
        "The program has three variables, `Wx`, `Wy` and `b`. Which of the boxes is one of them, which is an input, "
        "which is a result?",
        "Can a weight know how many instances the batch has? Look for a weight with a 4 in its shape.",
    ],
    solution="""
The program says `Y0 = tf.tanh(tf.matmul(X0, Wx) + b)`. X0 is 4×3, Wx is 3×5, so their product is 4×5; b, of shape 5,
is added to each row; tanh leaves the shape as it is. So Y0 is 4×5. Nothing else takes part: the box `w_h` is no
weight.

(In its second line the drawing has `w_h` again, in the place of the result, and adds b twice.)

A quick test for any such drawing: the number of instances, here 4, stands in the shapes of inputs and results, never
in that of a weight. Otherwise the weights would fit batches of four only.
""",
)
