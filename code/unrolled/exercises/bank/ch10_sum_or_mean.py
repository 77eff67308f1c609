from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch10_sum_or_mean",
    chapter=10,
    title="A sum under the name of a mean",
    objective="turn a summed loss into a mean squared error, and say what the sum does to the learning rate",
    difficulty=1,
    minutes=3,
    question=r"""
The slides' program computes its loss with `tf.reduce_sum(tf.square(outputs - y))` and prints it under the name "MSE".
A batch has 50 sequences of 20 steps, with one output at each. In one run the line reads

```text
MSE: 45.2
```

What is the mean squared error?
""",
    answer=0.0452,
    tolerance=0.0001,
    wrong=[
        (45.2, "45.2 is the sum of all squared errors. Over how many of them was it taken?"),
        (0.904, "You have divided by the 50 sequences. Each of them has 20 errors."),
        (2.26, "You have divided by the 20 steps. Each of them has an error for every sequence of the batch."),
        (45_200, "The wrong way round: a mean is smaller than the sum that it is made of."),
        (
            0.2126,
            "This is the root of the mean squared error, in the units of the series. Asked is the mean square itself.",
        ),
        (0.6457, "45.2 / 70: the numbers of sequences and steps were added. How many errors are there in all?"),
        (6.7231, "This is the root of the sum. No root is needed: divide the sum by the number of errors."),
    ],
    hints=[
        "A mean is the sum over how many there are. How many squared errors does a batch have?",
        "50 · 20 · 1 = 1000 errors.",
    ],
    solution="""
There are 50 · 20 · 1 = 1000 squared errors, so the mean is 45.2 / 1000 = 0.0452. Its root, 0.21, is the size of a
typical error in the units of the series.

The gradient of the sum is 1000 times as long as that of the mean as well. Plain gradient descent takes the same steps
with a thousandth of the learning rate, and with the old one it may well blow up. Adam divides by the size of
the gradient and takes nearly the same steps with both: here the sum spoils the name and not the training.
""",
    right="Right: 1000 errors. The gradient is 1000 times as long too, so for the same steps plain gradient descent "
    "needs a thousandth of the learning rate. Adam hardly notices.",
)
