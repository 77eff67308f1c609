from unrolled.exercises.kinds import Compute

T, D, H = 20, 4, 10
ONE = D * H + H * H + H

exercise = Compute(
    id="ch03_untied_parameters",
    chapter=3,
    title="What separate weights would cost",
    objective="count the parameters of an unrolled network, with shared weights and without",
    difficulty=1,
    minutes=3,
    question=r"""
A recurrent layer with D = 4 inputs and H = 10 neurons is drawn for T = 20 steps. Now cut the ties: every one of the 20
copies gets its **own** $W_I$, $W_R$ and $\mathbf{b}_h$. How many numbers has this network to learn? There is no
readout.
""",
    answer=T * ONE,
    tolerance=0,
    wrong=[
        (ONE, "150 is the recurrent layer, whose copies share everything. Here each of the 20 has its own."),
        (T * (D * H + H * H), "The biases are missing: each copy has 10 of them."),
        (T * D * H + H * H + H, "You gave each copy its own W_I, and let all share W_R and b. All three are untied."),
        (T * H * H + D * H + H, "You gave each copy its own W_R, and let all share W_I and b. All three are untied."),
        (
            T * ONE - H * H,
            "You left out the first W_R, because it multiplies h⁽⁰⁾ = 0. Sharp, but it is there: count the numbers, "
            "not the useful ones.",
        ),
        (T * (D * H + H), "W_R is missing: 10 · 10 in each copy."),
        ((T + 1) * ONE, "There are T + 1 states, but only T copies: one for each step."),
    ],
    hints=[
        "Count one copy first: W_I, W_R, b.",
        "One copy: 4 · 10 + 10 · 10 + 10 = 150. How many copies are there?",
    ],
    solution="""
One copy has 4 · 10 + 10 · 10 + 10 = 150 numbers. Twenty copies of their own: 20 · 150 = 3000.

Tied, the network has 150, whatever T is.
""",
    right="Right: 3000 instead of 150, and still only good for sequences of up to 20 steps.",
)
