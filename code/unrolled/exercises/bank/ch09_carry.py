from unrolled.exercises.kinds import Tune

exercise = Tune(
    id="ch09_carry",
    chapter=9,
    title="From the first row to the last",
    objective="see how exactly a recurrent weight must be set for a number to survive 28 steps",
    difficulty=2,
    minutes=4,
    question=r"""
One ReLU neuron reads 28 rows. The first gives it a 1, the others nothing. Move the weights until the 1 arrives at
step 28 unchanged: $h^{(1)}$ and $h^{(28)}$ both between 0.9 and 1.1. It must come from the first row, so the bias
stays 0.
""",
    picture="RecurrentNeuron",
    start={"w_I": 1.0, "w_R": 0.8, "b": 0.0, "activation": "relu", "x": [1.0] + [0.0] * 27},
    controls=["w_I", "w_R", "b"],
    goals=[
        ("h1", 0.9, 1.1, "h⁽¹⁾ lies between 0.9 and 1.1"),
        ("h28", 0.9, 1.1, "h⁽²⁸⁾ lies between 0.9 and 1.1"),
        ("b", -0.001, 0.001, "the bias is 0"),
    ],
    answer={"w_R": 1.0},
    wrong=[
        (
            {"w_R": 0.95, "b": 0.05},
            [("b", 0.001, None)],
            "Now the bias refills what is lost: the neuron would say about the same if the first row had been empty. "
            "Put the bias back to 0.",
        ),
        (
            {"w_R": 1.0, "b": -0.05},
            [("b", None, -0.001)],
            "The bias takes a little at every step. Put it back to 0.",
        ),
        (
            {"w_R": -1.0},
            [("w_R", None, 0.0)],
            "With a w_R that is not positive the sum at step 2 is not positive either, and ReLU makes it 0: gone after "
            "one step.",
        ),
        (
            {"w_I": 0.25, "w_R": 1.05},
            [("h28", 0.9, 1.1)],
            "It arrives, but not unchanged: h⁽¹⁾ is something else. What grew or fell on the way was only made "
            "up for at "
            "the start. Let w_I be 1.",
        ),
        (
            {"w_R": 1.2},
            [("w_R", 1.1, None)],
            "It grows: each step multiplies by w_R, 27 times. 1.2 already gives 1.2²⁷ = 137, and ReLU sets no limit.",
        ),
        (
            {"w_R": 1.05},
            [("w_R", 1.0001, 1.1)],
            "Only a few hundredths too much, but 27 times over: 1.05²⁷ = 3.7.",
        ),
        (
            {"w_R": 0.95},
            [("w_R", 0.9, 0.9999)],
            "Only a few hundredths too little, but 27 times over: 0.95²⁷ = 0.25.",
        ),
        (
            {"w_R": 0.7},
            [("w_R", 0.0, 0.9)],
            "It fades: each step multiplies by w_R, 27 times. 0.8²⁷ is 0.002.",
        ),
    ],
    hints=[
        "While the inputs are 0 and the sum is positive, ReLU does nothing: h⁽ᵗ⁾ = w_R · h⁽ᵗ⁻¹⁾. And 27 times in "
        "a row?",
        "h⁽²⁸⁾ = w_R²⁷ · h⁽¹⁾. Which w_R has a 27th power between 0.9 and 1.1?",
    ],
    solution="""
w_I = 1, w_R = 1, b = 0. From step 2 on h⁽ᵗ⁾ = w_R · h⁽ᵗ⁻¹⁾, so h⁽²⁸⁾ = w_R²⁷ · h⁽¹⁾. Between 0.9 and 1.1 that needs a
w_R between 0.996 and 1.004. With w_R = 1.2 the number is 137 at the end, with 0.8 it is 0.002. So narrow is the way
for a plain recurrent network, and the gradient goes the same way back.
""",
    right="Right: w_R²⁷ must be near 1, and that leaves w_R between 0.996 and 1.004. Hardly any room.",
)
