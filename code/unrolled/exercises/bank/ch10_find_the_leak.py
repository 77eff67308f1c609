from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch10_find_the_leak",
    chapter=10,
    title="Find the leaks",
    objective="find in a program for forecasting the lines that know more than could be known on the day",
    difficulty=2,
    minutes=6,
    question=r"""
A program forecasts tomorrow's power consumption. `fill_forward` gives a missing day the value of the day before it.
`windows` takes 28 days of `smooth` as inputs and the `load` of the day after them as the target, for every such piece,
in the order of time. `fit` reads the given windows once.

```text
 1  load = fill_forward(read("load.csv"))
 2  load = (load - load.mean()) / load.std()
 3  smooth = np.convolve(load, np.ones(7) / 7, mode="same")
 4  xs, targets = windows(smooth, load, steps=28)
 5  n = int(0.8 * len(targets))
 6  train, test = np.arange(n), np.arange(n, len(targets))
 7  for epoch in range(100):
 8      rng.shuffle(train)
 9      fit(model, xs[:, train], targets[train])
10      errors.append(mse(model, xs[:, test], targets[test]))
11  print("error on the test:", min(errors))
```

Which lines let the printed error profit from what nobody could know on the day of the forecast?
""",
    choices=[
        (
            "2 and 3",
            "Both do: the mean and the spread of the days to come, and a moving mean that reaches ahead. But there is "
            "a third. Who could know, before the test was over, which of the 100 networks would do best in it?",
        ),
        (
            "2 and 11",
            "Both do: the mean and the spread of the days to come, and the best of 100 tries, chosen after the test. "
            "There is a third. Which days enter the last value of `smooth` in a window?",
        ),
        (
            "3 and 11",
            "Both do: a moving mean that reaches ahead, and the best of 100 tries, chosen after the test. There is a "
            "third, and it looks harmless. From which days does every number in the program get its scale?",
        ),
        (
            "1, 2, 3 and 11",
            "One too many. Filling a gap with the value of the day before uses the past alone. (To interpolate between "
            "the days before and after it would be a leak.)",
        ),
        (
            "2, 3 and 11",
            "Right: a scale that knows the days to come, a moving mean that reaches three days ahead and so over the "
            "target itself, and the best of 100 tries, chosen by the test.",
        ),
        (
            "2, 3, 6 and 11",
            "One too many. The split is one in time: the last target of the training is a day before the first of the "
            "test. That a test window begins with days of the training is fine; by then they are past.",
        ),
        (
            "2, 3, 8 and 11",
            "One too many. The windows are shuffled after the split, among those of the training alone: that changes "
            "the order of learning, and tells nothing about the test.",
        ),
    ],
    answer="e",
    hints=[
        "Take the day at which a test window ends. For each line, ask whether it could have been run that evening, "
        "and with the same result.",
        'A mean of seven values, `mode="same"`, stands in the middle of its seven days. And which days enter '
        "`load.mean()`?",
        "The test is looked at 100 times. What is printed at the end?",
    ],
    solution="""
Line 2: mean and standard deviation are those of all days, the test's among them. Take them from the training days.

Line 3: a moving mean of seven days with mode="same" stands in the middle of its days. The last value of each window
contains the three days that follow, and the first of them is the target. Take the mean of the last seven days.

Line 11: the best of 100 errors on the test is no error on a test any more. Choose the epoch on days of their own,
between training and test, and look at the test once.

Harmless are filling forward (1), the split in time (6), and the shuffling (8), which comes after the split.
""",
)
