from unrolled.exercises.kinds import Tune

exercise = Tune(
    id="ch05_wrong_way",
    chapter=5,
    title="The chain points the wrong way",
    objective="see that paths can disagree, and that the sum can have another sign than the shortest path",
    difficulty=2,
    minutes=5,
    question=r"""
Two steps; follow ${C}_2$. The slide's chain is the path that ends at step 2, the other one ends at step 1. Move the
weights until the two disagree and the chain is on the wrong side: the chain says that ${C}_2$ rises with $w_R$ (at
least **0.3**), and in truth it falls (the sum is at most **−0.3**).
""",
    picture="PathsBack",
    start={
        "w_I": 1.0,
        "w_R": -0.5,
        "w_y": 2.0,
        "h0": 1.0,
        "activation": "tanh",
        "x": [-0.8, 0.5],
        "target": [2.0, 2.0],
        "t": 2,
        "s": 2,
    },
    controls=["w_I", "w_R", "s"],
    goals=[
        ("p2", 0.3, None, "the path that ends at step 2 is at least 0.3"),
        ("sum", None, -0.3, "both paths together are at most −0.3"),
    ],
    answer={"w_R": 0.5},
    wrong=[
        (
            {"w_R": 0.0},
            [("w_R", -0.001, 0.001)],
            "With w_R = 0 nothing goes back from h₂ to h₁: the second path is zero, and the chain is the whole truth.",
        ),
        (
            {"w_R": -0.3},
            [("p2", 0.0, None), ("p1", 0.0, None)],
            "Both paths are positive, so they agree. The longer one has the factor w_R: what would turn its sign?",
        ),
        (
            {"w_R": 0.2},
            [("p2", 0.3, None), ("sum", -0.3, None)],
            "The paths disagree, but the chain still wins. The longer path must become larger, or the shorter one "
            "smaller.",
        ),
        (
            {"w_R": 0.7},
            [("p2", 0.0, 0.3), ("sum", None, -0.3)],
            "Nearly: the sum has the right sign, but the chain is below 0.3. It ends with the factor h₁: bring h₁ a "
            "little further from zero.",
        ),
        (
            {"w_R": 1.2},
            [("p2", None, 0.0), ("p1", None, 0.0)],
            "Both paths are negative, so they agree. The shorter one ends with the factor h₁, which has become "
            "positive here: it should be negative.",
        ),
        (
            {"w_I": -1.0},
            [("p2", None, 0.0), ("p1", 0.0, None)],
            "They disagree, but the other way round: the chain is negative. It has the sign of (y₂ − target) · h₁.",
        ),
    ],
    hints=[
        "y₂ stays below its target 2, so y₂ − target is negative. Then the chain is positive if h₁ is negative.",
        "The longer path has the factors w_R and h₀ = 1. With y₂ − target negative it is negative if w_R is positive.",
        "Leave w_I at 1 and try values of w_R between 0.2 and 0.7.",
    ],
    solution="""
Both paths begin with the same factor, which is negative, since y₂ stays below its target. The chain then has the
factor h₁: it is positive while h₁ = tanh(−0.8 w_I + w_R) is negative. The longer path has w_R (1 − h₁²) h₀ instead:
negative for a positive w_R.

With w_I = 1 and w_R = 0.5 the chain is 0.68, the longer path −1.07, the sum −0.39. A step that follows the chain makes
C₂ larger.
""",
    right="Right: a step that follows the chain would make C₂ larger. A part of a gradient is not a smaller gradient.",
)
