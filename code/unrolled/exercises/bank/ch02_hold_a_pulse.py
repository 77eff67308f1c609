from unrolled.exercises.kinds import Tune

STEPS = 20
PULSE = [1.0] + [0.0] * (STEPS - 1)

exercise = Tune(
    id="ch02_hold_a_pulse",
    chapter=2,
    title="Hold a pulse for 20 steps",
    objective="say what the recurrent weight does to the memory of a tanh neuron",
    difficulty=2,
    minutes=4,
    question=r"""
A tanh neuron gets one pulse, 1 at step 1, and nothing after it. Move the weights until it still remembers the pulse at
step 20: $h^{(20)} \ge 0.5$. Without the pulse it should stay silent, so the bias stays 0.
""",
    picture="RecurrentNeuron",
    start={"w_I": 1.0, "w_R": 0.8, "b": 0.0, "activation": "tanh", "x": PULSE},
    controls=["w_I", "w_R", "b"],
    goals=[
        ("h20", 0.5, None, "h⁽²⁰⁾ is at least 0.5"),
        ("b", -0.001, 0.001, "the bias is 0"),
    ],
    answer={"w_R": 1.5},
    wrong=[
        (
            {"w_R": 0.8, "b": 0.3},
            [("b", 0.001, None)],
            "The bias pushes h up, with the pulse or without it: such a neuron remembers nothing, it always says the "
            "same. Put the bias back to 0.",
        ),
        (
            {"w_R": 1.5, "b": -0.2},
            [("b", None, -0.001)],
            "The bias pulls h down at every step. Put it back to 0: the memory must come from w_R.",
        ),
        (
            {"w_R": -1.5},
            [("w_R", None, -1.0), ("h20", None, -0.5)],
            "It remembers, but its sign flips at each step: the pulse is positive at odd steps and negative at even "
            "ones. Take a positive w_R.",
        ),
        (
            {"w_I": -1.0, "w_R": 1.5},
            [("w_I", None, 0.0), ("w_R", 1.0, None)],
            "It holds the pulse upside down: with a negative w_I the first state is negative, and so it stays.",
        ),
        (
            {"w_R": 1.05},
            [("w_R", 1.0001, None), ("h20", 0.0, 0.5)],
            "Beyond 1 the pulse stays, but it settles where h = tanh(w_R · h), and that is still below 0.5 here. "
            "A little more.",
        ),
        (
            {"w_R": 1.0},
            [("w_R", 0.95, 1.0001)],
            "So close. At w_R = 1 the pulse still fades, only slowly, because tanh(h) is a little less than h.",
        ),
        (
            {"w_R": 0.5, "w_I": 2.0},
            [("w_I", 1.5, None), ("w_R", -1.0, 0.95)],
            "A larger w_I makes a louder pulse, not a longer one: tanh cuts it at 1, and then it fades all the same. "
            "What carries h from step to step?",
        ),
        (
            {"w_R": 0.9},
            [("w_R", 0.0, 0.95)],
            "It fades: each step keeps less than w_R of the state before, and w_R is below 1.",
        ),
    ],
    hints=[
        "Only one of the three numbers acts at steps 2 to 20: the one that multiplies h⁽ᵗ⁻¹⁾.",
        "A state can stay only where h = tanh(w_R · h). For w_R up to 1 that is h = 0 and nothing else.",
    ],
    solution="""
Any w_R from about 1.1 upwards, for instance 1.5. The state settles where h = tanh(w_R · h); with 1.5 that is h =
0.86. For w_R up to 1 the only such place is 0, so the pulse dies out, however loud it was.
""",
    right="Right: it settles where h = tanh(w_R · h) and stays there for ever.",
)
