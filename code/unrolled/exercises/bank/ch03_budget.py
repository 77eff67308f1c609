from unrolled.exercises.kinds import Tune

exercise = Tune(
    id="ch03_budget",
    chapter=3,
    title="Ten thousand numbers",
    objective="say which sizes decide how many numbers a recurrent network learns, and choose H for a budget",
    difficulty=2,
    minutes=4,
    question=r"""
A network reads images as 28 rows of 28 pixels and chooses among 10 classes. It may learn at most 10,000 numbers,
readout included, and should use them: at least 9,900. It keeps one layer, and it reads all 28 rows in batches of 150.
What is to be changed, and to what?
""",
    picture="Shapes",
    start={"T": 28, "B": 150, "D": 28, "H": 128, "V": 10, "layers": 1, "bidirectional": False, "library": "book"},
    controls=["T", "B", "H", "layers"],
    goals=[
        ("parameters", 9900, 10000, "the network learns 9,900 to 10,000 numbers"),
        ("T", 28, 28, "it reads 28 rows"),
        ("B", 150, 150, "the batch is 150"),
        ("layers", 1, 1, "it has one layer"),
    ],
    answer={"H": 82},
    wrong=[
        (
            {"T": 7},
            [("T", None, 27)],
            "Fewer steps save nothing: T is in no weight. Put it back to 28, and look at what the count depends on.",
        ),
        ({"T": 56}, [("T", 29, None)], "T is in no weight: longer sequences cost no numbers. Put it back to 28."),
        (
            {"B": 10},
            [("B", None, 149)],
            "A smaller batch saves memory and not one number to learn: B is in no weight. Put it back to 150.",
        ),
        ({"B": 200}, [("B", 151, None)], "B is in no weight. Put it back to 150."),
        (
            {"H": 50, "layers": 2},
            [("layers", 2, None)],
            "A second layer costs H · H for its input and H · H for its own state. One layer is asked for.",
        ),
        (
            {"H": 100},
            [("H", 100, None)],
            "H enters squared: with H = 100 the recurrent matrix alone has 100 · 100 = 10,000 numbers, and there are "
            "two more matrices.",
        ),
        (
            {"H": 83},
            [("parameters", 10000.5, None)],
            "A little too many. One unit less takes away a row and a column of W_R, and a part of the rest.",
        ),
        (
            {"H": 40},
            [("parameters", None, 9899.5)],
            "It fits, but a good part of the budget is left. A larger H is possible.",
        ),
    ],
    hints=[
        "The count is 28 · H + H · H + H for the layer and 10 · H + 10 for the readout. Which of the sliders is in it?",
        "H² + 39 H + 10 is to be just below 10,000. H² alone says: below 100. Try 80 and go on from there.",
    ],
    solution="""
Only H is left to change: T and B are in no weight, and the layer, the inputs and the classes are given. The count is
28 H + H² + H + 10 H + 10 = H² + 39 H + 10. For H = 82 it is 6724 + 3198 + 10 = 9932, for H = 83 already 10 136.
""",
    right="Right: H = 82, 9,932 numbers, and neither the number of rows nor the batch had a say.",
)
