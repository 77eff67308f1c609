from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch08_longer_graph",
    chapter=8,
    title="Which graph is larger?",
    objective="compare how static and dynamic graphs grow with the number of steps",
    difficulty=1,
    minutes=3,
    question=r"""
In this chapter the static graph of a layer that reads T steps has 35 + 5T operations. The dynamic graph of the same
layer has 129, however many steps are read. From which T on does the static graph have **more** operations than the
dynamic one?
""",
    answer=19,
    tolerance=0,
    wrong=[
        (18, "At T = 18 the static graph has 35 + 90 = 125 operations, still fewer than 129. Nearly there."),
        (18.8, "There the two would be equal, but steps come whole. Which is the first T beyond it?"),
        (20, "At T = 20 the static graph does have more, 135. But it has more already one step earlier."),
        (26, "26 · 5 = 130 is above 129, but the 35 operations that do not depend on T are forgotten."),
        (
            33,
            "The 35 were added to the 129. The static graph has them already, so less is left for the steps: 129 − 35.",
        ),
        (
            10,
            "At T = 10 the static graph has 35 + 50 = 85 operations, 44 fewer than the dynamic one. Each step adds 5.",
        ),
        (4, "Each step adds 5 operations, not 35. The 35 are there once, whatever T is."),
        (130, "130 is how many operations the static graph has by then. Asked is T, the number of steps."),
    ],
    hints=[
        "Write down when the static graph has more: 35 + 5T > 129.",
        "5T > 94, so T > 18.8. T is a whole number.",
    ],
    solution="""
35 + 5T > 129 says 5T > 94, that is T > 18.8. At T = 18 the static graph has 35 + 5 · 18 = 125 operations, at T = 19 it
has 35 + 5 · 19 = 130, one more than the dynamic graph.

So for a few steps the while loop is the larger graph: it needs operations of its own to go round. For the 28 rows of
an image the static graph has 175, for its 784 pixels 3955. The dynamic one still has 129.
""",
    right="Right: 35 + 5 · 19 = 130, one more than 129.",
)
