from unrolled.exercises.kinds import Tune

exercise = Tune(
    id="ch07_turned",
    chapter=7,
    title="Turned by forty degrees",
    objective="say for which gradients clipping by value changes the direction, and by how much at most",
    difficulty=2,
    minutes=4,
    question=r"""
The first entry of the gradient is 5. Choose the second one and the threshold so that clipping **by value** turns the
gradient by at least 40 degrees.
""",
    picture="Clipping",
    start={"first": 5, "second": 3.0, "threshold": 4.0},
    controls=["second", "threshold"],
    goals=[("turned", 40.0, None, "clipping by value turns it by at least 40°")],
    answer={"second": 0.2, "threshold": 0.2},
    wrong=[
        (
            {"second": 0.0, "threshold": 0.5},
            [("second", -0.001, 0.001)],
            "An entry of 0 stays 0, and with one entry left there is nothing to turn. Give the second entry something.",
        ),
        (
            {"second": 3.0, "threshold": 1.0},
            [("second", 0.5, None)],
            "Cut to the same size, both entries give 45° from the axis. But this gradient is not far from there "
            "already. From which direction is the way to 45° long?",
        ),
        (
            {"second": -3.0, "threshold": 1.0},
            [("second", None, -0.5)],
            "Both entries are cut to the same size, and the sign stays: −45° from the axis. This gradient points "
            "nearly there already. Begin closer to the axis.",
        ),
        (
            {"second": 0.4, "threshold": 3.0},
            [("threshold", 0.5, None)],
            "The direction is a good one to start from. But only the large entry is cut, and not by much. How small "
            "must the threshold be for both to come out alike?",
        ),
    ],
    hints=[
        "When both entries are longer than θ they come out equally large: the clipped gradient stands at 45° to the "
        "axes. How near the axis must the gradient be for that to be a turn of 40°?",
        "A second entry of 0.4 stands at atan(0.4 / 5) = 4.6° to the axis. Then take a θ that is not above it.",
    ],
    solution="""
With the second entry 0.2 the gradient stands at atan(0.2 / 5) = 2.3° to the axis. A threshold of 0.2 cuts the first
entry to 0.2 as well: (0.2, 0.2) stands at 45°. The turn is 42.7°.

More than 45° is impossible with two entries; with N entries of which one is large it can come near 90°, for what is
clipped then points along the diagonal of N dimensions. Clipping by norm never turns at all.
""",
)
