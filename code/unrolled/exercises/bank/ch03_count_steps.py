from unrolled.exercises.kinds import Tune

exercise = Tune(
    id="ch03_count_steps",
    chapter=3,
    title="Four answers from one set of weights",
    objective="explain how steps with the same weights and the same input can answer differently",
    difficulty=2,
    minutes=5,
    question=r"""
The input is 1 at each of the four steps, and all steps share their weights. Yet they shall give four different
answers: find weights with which the network counts its steps, $y^{(1)} = 1$, $y^{(2)} = 2$, $y^{(3)} = 3$,
$y^{(4)} = 4$. The activation is ReLU.
""",
    picture="UnrolledNetwork",
    start={"w_I": 0.5, "w_R": 0.0, "w_y": 1.0, "b_h": 0.0, "b_y": 0.0, "activation": "relu", "x": [1.0, 1.0, 1.0, 1.0]},
    controls=["w_I", "w_R", "w_y", "b_h", "b_y"],
    goals=[(f"y{t}", t - 0.01, t + 0.01, f"y⁽{'¹²³⁴'[t - 1]}⁾ is {t}") for t in (1, 2, 3, 4)],
    answer={"w_I": 1.0, "w_R": 1.0},
    wrong=[
        (
            {"w_I": 1.0},
            [("w_R", -0.001, 0.001)],
            "All four answers are the same: with w_R = 0 each step sees its own input and nothing else. What could "
            "make step 2 differ from step 1?",
        ),
        (
            {"w_I": 1.0, "w_R": 2.0},
            [("w_R", 1.01, None)],
            "The steps get larger and larger: with w_R above 1 the past is multiplied at each step. A counter adds "
            "the same each time.",
        ),
        (
            {"w_I": 1.0, "w_R": -1.0},
            [("w_R", None, -0.001)],
            "A negative w_R takes away what was counted so far, and ReLU cuts at 0: it goes up and down.",
        ),
        (
            {"w_I": 1.0, "w_R": 0.8},
            [("w_R", 0.001, 0.99)],
            "It grows, but less at each step: only a part of the past is kept. How much of it does a counter keep?",
        ),
        (
            {"w_I": 1.0, "w_R": 1.0, "b_y": 1.0},
            [("y1", 1.01, None), ("b_y", 0.001, None)],
            "It counts, but not from 1: the output's bias is added to every answer.",
        ),
        (
            {"w_I": 1.0, "w_R": 1.0, "b_h": 1.0},
            [("y1", 1.01, None)],
            "It adds the same at each step, but too much. What enters at each step is w_I + b_h, and w_y multiplies "
            "what comes out.",
        ),
        (
            {"w_R": 1.0},
            [("y1", None, 0.99)],
            "It adds the same at each step, but too little. What enters at each step is w_I + b_h, and w_y multiplies "
            "what comes out.",
        ),
    ],
    hints=[
        "Same weights, same input: only one thing differs between the steps, the state that comes from the left.",
        "A counter keeps all it has and adds 1: h⁽ᵗ⁾ = h⁽ᵗ⁻¹⁾ + 1. Which w_R keeps all?",
    ],
    solution="""
w_I = 1 and w_R = 1, the rest as it was: h⁽ᵗ⁾ = relu(1 · 1 + 1 · h⁽ᵗ⁻¹⁾) = h⁽ᵗ⁻¹⁾ + 1. The weights and the inputs are
the same at all steps; the state is not, and it is enough.

Other settings do it as well, such as w_I = 0 with b_h = 1, or w_I = 0.5 with w_y = 2.
""",
    right="Right: the same weights, the same input, four answers. The state alone tells the steps apart.",
)
