from math import tanh

from unrolled.exercises.kinds import Compute

f, i, g, o, before = 0.9, 0.5, -0.4, 0.8, 2.0
C = f * before + i * g

exercise = Compute(
    id="ch12_one_step",
    chapter=12,
    title="One step by hand",
    objective="compute the two states of an LSTM from its gates",
    difficulty=1,
    minutes=3,
    question=r"""
One unit. The cell state was $C_{t-1} = 2$; now the gates say $f_t = 0.9$, $i_t = 0.5$ and $o_t = 0.8$, and the
candidate is $\tilde{C}_t = -0.4$. What is $h_t$? Give three decimals.
""",
    answer=o * tanh(C),
    tolerance=0.001,
    wrong=[
        (o * C, "1.28 is o · C. What is shown is a filtered version of tanh C; the tanh is missing."),
        (C, "1.6 is the new cell state. It stays on the belt; shown is h = o · tanh C."),
        (tanh(C), "0.922 is tanh C. The output gate lets only 0.8 of it out."),
        (
            o * tanh(before),
            "0.771 comes from a cell state of 2: either the old one was read, or the minus of the candidate was lost. "
            "First update the belt: 0.9 · 2 + 0.5 · (−0.4).",
        ),
        (
            o * tanh(i * before + f * g),
            "f and i have changed places: f belongs to the old cell state, i to the candidate.",
        ),
        (o * tanh(f * before + g), "The input gate is forgotten: only 0.5 of the candidate goes onto the belt."),
        (
            o * tanh(before + i * g),
            "The forget gate is not applied: only 0.9 of the old cell state stays on the belt.",
        ),
        (tanh(o * C), "The output gate stands inside the tanh. First tanh C, then times o."),
    ],
    hints=[
        "Two lines: first the belt, C, and only then what is shown of it, h.",
        "C = f · C_before + i · C̃ = 0.9 · 2 + 0.5 · (−0.4) = 1.6. And h = o · tanh C.",
    ],
    solution="""
The belt first: 0.9 · 2 = 1.8 stays, 0.5 · (−0.4) = −0.2 comes on top, so C = 1.6.

Then what is shown of it: tanh 1.6 = 0.922, and 0.8 of it is h = 0.737. The belt still carries 1.6.
""",
    right="Right: 0.8 · tanh 1.6. The tanh keeps h between −1 and 1, however much lies on the belt.",
)
