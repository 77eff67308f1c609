from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch10_parentheses",
    chapter=10,
    title="A pair of parentheses",
    objective="read a formula as Python reads it, and not as it was meant",
    difficulty=1,
    minutes=3,
    question=r"""
The slides let the network go on from two starting points. The times of the second one are

```python
[i * resolution + t_min + (t_max-t_min/3) for i in range(n_steps)]
```

Somebody has another series and sets `t_min = 6`, `t_max = 30`, `resolution = 0.1`, `n_steps = 20`. At which time does
this sequence begin, with the line **as it is printed**?
""",
    answer=34,
    tolerance=0,
    wrong=[
        (
            14,
            "14 is a third of the way from 6 to 30, and surely what was meant. What does the line compute as printed?",
        ),
        (28, "28 is the bracket alone, 30 − 6/3. What stands in front of it?"),
        (8, "(30 − 6) / 3 = 8 is how far a third of the way is. The line has no parentheses round the difference."),
        (30, "30 comes out with t_min = 0, as on the slide, or when the `/3` is left out. Here t_min is 6."),
        (16, "6 + 30/3 = 16: you have divided t_max by 3. What stands directly before the slash?"),
        (35.9, "This is the last of the 20 times. The sequence begins with i = 0."),
        (34.1, "This is the second time. `range` begins with i = 0, so nothing is added to the first."),
    ],
    hints=[
        "Division comes before subtraction: what is `t_max-t_min/3` for 30 and 6?",
        "The bracket gives 30 − 2 = 28. For i = 0 only `t_min` is added to it.",
    ],
    solution="""
A slash binds more closely than a minus: t_max − t_min/3 = 30 − 2 = 28. With t_min in front the first time, i = 0, is
6 + 28 = 34, four units beyond t_max, where the network has seen nothing.

Meant is t_min + (t_max − t_min) / 3 = 6 + 24/3 = 14, a third of the way. With the slide's own t_min = 0 the slip is
harder to see: 30, the end of the interval, in place of 10.
""",
    right="Right: 6 + (30 − 2) = 34, beyond the end of the series. Meant was 6 + (30 − 6) / 3 = 14.",
)
