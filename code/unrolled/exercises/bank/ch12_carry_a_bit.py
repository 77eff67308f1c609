import math

from unrolled.exercises.kinds import Tune

STEPS = 50
BIT = [1.0] + [round(3 * math.sin(5 * t * t)) / 10 for t in range(2, STEPS + 1)]  # then noise, always the same
WEIGHTS = [f"{kind}{gate}" for gate in "ifgo" for kind in ("w_x", "w_h", "b_")]

CHOOSY = {"w_xi": 10.0, "b_i": -7.0}  # an input gate that tells the bit from noise
KEEPING, READING = {"b_f": 8.0}, {"b_o": 5.0}

exercise = Tune(
    id="ch12_carry_a_bit",
    chapter=12,
    title="Carry this bit for 50 steps",
    objective="say what each of the three gates must do for a memory to last",
    difficulty=3,
    minutes=8,
    question=r"""
A bit, 1, arrives at step 1. What follows is noise between −0.3 and 0.3. Set the gates so that the bit can still be
read at step 50: $h_{50} \ge 0.6$, from a belt on which $C_{50}$ differs from $C_1$ by at most 0.1. It must be
**this** bit: at least 0.9 of $C_1$ is still on the belt, and the candidate's bias stays 0, so that nothing comes
from nothing. All three gates are set badly at the start.
""",
    picture="LSTMCell",
    start={**dict.fromkeys(WEIGHTS, 0.0), "w_xg": 2.0, "b_f": 1.0, "x": BIT},
    controls=WEIGHTS,
    goals=[
        ("h50", 0.6, None, "h₅₀ is at least 0.6"),
        ("C_change", -0.1, 0.1, "C₅₀ differs from C₁ by at most 0.1"),
        ("kept", 0.9, None, "at least 0.9 of C₁ is still on the belt"),
        ("b_g", -0.001, 0.001, "the candidate's bias is 0"),
    ],
    answer={**KEEPING, **CHOOSY, **READING},
    wrong=[
        (
            {"b_g": 1.0, **KEEPING, **CHOOSY, **READING},
            [("b_g", 0.001, None)],
            "The bias of the candidate fills the belt, with the bit or without it. Such a constant is no memory: put "
            "b_g back to 0.",
        ),
        (
            {"b_g": -0.5, **KEEPING, **CHOOSY, **READING},
            [("b_g", None, -0.001)],
            "The bias of the candidate puts something negative on the belt whenever the input gate lets it. Put b_g "
            "back to 0: what goes onto the belt must come from the input.",
        ),
        (
            {"w_xg": -2.0, **KEEPING, **CHOOSY, **READING},
            [("C1", None, -0.2)],
            "The bit lies on the belt upside down: with a negative w_xg the candidate of 1 is negative.",
        ),
        (
            {"w_xi": -10.0, **KEEPING, **READING},
            [("w_xi", None, -0.05), ("i1", None, 0.5)],
            "The input gate works the wrong way round: it shuts on the bit and opens on the noise. Take a positive "
            "w_xi.",
        ),
        (
            {"b_i": -7.0, **KEEPING, **READING},
            [("i1", None, 0.5), ("i2", None, 0.2)],
            "The input gate is shut at step 1 too: it keeps the noise out, and the bit as well. Let it open on a "
            "large input: a large w_xi against a negative b_i.",
        ),
        (
            {"b_f": 2.0, "b_i": 3.0, "w_hg": 4.0, **READING},
            [("kept", None, 0.9), ("h50", 0.6, None)],
            "h₅₀ is high, but this is not what lay on the belt at step 1. New loads replaced it, the noise or the "
            "cell's own h among them. The forget gate must keep C₁ itself: raise b_f.",
        ),
        (
            {"w_xf": 10.0, **CHOOSY, **READING},
            [("w_xf", 0.05, None), ("f1", 0.9, None), ("kept", None, 0.9)],
            "The forget gate is open at step 1, where the belt is still empty, and not at the steps after it. It must "
            "stay open whatever comes in: a large b_f, and w_xf near 0.",
        ),
        (
            {"b_f": 4.0, **CHOOSY, **READING},
            [("f2", 0.97, None), ("kept", None, 0.9)],
            "Nearly open is not open enough: 0.982 looks like all of it, but 0.982 to the power of 49 is 0.41. Raise "
            "b_f further.",
        ),
        (
            {"b_f": 2.0, **CHOOSY, **READING},
            [("kept", None, 0.9)],
            "The forget gate takes a part of the load off at every step, and 49 such parts are nearly all of it. "
            "What must b_f be for f to come close to 1?",
        ),
        (
            {"b_i": 5.0, **KEEPING, **READING},
            [("i2", 0.1, None)],
            "The input gate stands open while the noise goes by, so noise is put on the belt at every step. It should "
            "open on 1 and stay shut on 0.3: look at the line of i.",
        ),
        (
            {**KEEPING, **CHOOSY},
            [("C_change", -0.1, 0.1), ("h50", None, 0.6), ("o50", None, 0.8)],
            "The bit is still on the belt, and nobody can read it: the output gate is not open enough at step 50. "
            "Look at o.",
        ),
    ],
    hints=[
        "One gate at a time. Keep first: what must f be if 49 factors of it are still 0.9?",
        "The input gate must tell 1 from 0.3. A large w_xi makes it steep, a negative b_i moves the place where it "
        "opens: it stands half open where w_xi · x + b_i = 0.",
        "Last the output gate: it may stand open all the time, so a bias is enough.",
    ],
    solution="""
Keep: b_f = 8 gives f = σ(8) = 0.9997, and 0.9997 to the power of 49 is 0.98. Put on: w_xi = 10 and b_i = −7 open the
input gate on the bit, σ(3) = 0.95, and shut it on the loudest noise, σ(−4) = 0.02. Read: b_o = 5 gives o = 0.99. All
weights on h stay 0.

Then C₁ = 0.92 and C₅₀ = 1.01: a little noise still slips in. A steeper gate, or one that opens later, lets in less.
""",
    right="Right: keep with f, choose with i, read with o. The belt itself does nothing, and that is why it remembers.",
)
