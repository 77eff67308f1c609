import math

from unrolled.exercises.kinds import Tune

NOISE = [round(10 * math.sin(5 * t * t)) / 10 + 0.0 for t in range(1, 61)]

exercise = Tune(
    id="ch06_survive",
    chapter=6,
    title="Survive 50 steps",
    objective="balance the size of the recurrent matrix against the slope of the activation",
    difficulty=2,
    minutes=6,
    question=r"""
A network of 8 tanh units, with an orthogonal matrix, reads 60 inputs. Move radius and strength, and make its gradient
survive: 50 steps back its norm shall lie between 0.1 and 10 (it starts as 1). The inputs must stay at least 0.3
strong, for a network that hears nothing has nothing to learn.
""",
    picture="GradientDistance",
    start={
        "matrix": "orthogonal",
        "radius": 0.8,
        "activation": "tanh",
        "strength": 1.0,
        "clip": False,
        "threshold": 1.0,
        "x": NOISE,
    },
    controls=["radius", "strength"],
    goals=[
        ("log10_50", -1.0, 1.0, "log₁₀ of the norm 50 steps back is between −1 and 1"),
        ("strength", 0.299, None, "the strength of the inputs is at least 0.3"),
    ],
    answer={"radius": 1.2, "strength": 0.5},
    wrong=[
        (
            {"radius": 1.0, "strength": 0.0},
            [("strength", None, 0.299)],
            "It survives because all units stay where tanh is steepest, at 0: nothing comes in. With inputs the slopes "
            "fall below 1. Turn the input up and make up for it.",
        ),
        (
            {"radius": 2.0, "strength": 0.5},
            [("log10_50", 1.0, None)],
            "Now it grows with the distance. A little less: a smaller radius, or louder inputs, which lower the "
            "slopes.",
        ),
        (
            {"radius": 1.5},
            [("radius", 1.45, None), ("log10_50", None, -1.0)],
            "A large W_R drives the units towards 1 and −1, where tanh is flat: look at the mean slope. More is not "
            "better here.",
        ),
        (
            {"radius": 1.0},
            [("radius", None, 1.001), ("log10_50", None, -1.0)],
            "With a radius of 1 or less every factor is at most 1, and with inputs the slopes are below 1. Something "
            "must make up for the slopes.",
        ),
        (
            {"radius": 1.2},
            [("log10_50", None, -1.0)],
            "Nearly. Loud inputs push the units to where tanh is flat: try the same radius with a smaller strength.",
        ),
    ],
    hints=[
        "One step back multiplies by W_R and by the slopes. Their mean stands under the plot.",
        "Softer inputs keep tanh steep. Then a radius a little above 1 makes up for the rest.",
        "Try a strength of 0.5, and radii between 1.1 and 1.4.",
    ],
    solution="""
For instance strength 0.5 and radius 1.2: the mean slope is 0.78, and 50 steps back the norm is 0.35.
The radius times the typical slope must be near 1.

It is a narrow path. Another radius, louder inputs or one training step may leave it again.
""",
    right="Right: the matrix stretches as much as the slopes shrink. It holds for these inputs; that is the catch.",
)
