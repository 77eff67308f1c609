from math import tanh

from unrolled.exercises.kinds import Compute

f, i, g, o, C = 0.9, 0.4, 0.5, 0.8, 0.5  # the gates of step 2, but o and C are those of step 1
w_hf, w_hi, w_hg = 3.0, 2.0, 1.5
through_f, through_i, through_g = C * f * (1 - f) * w_hf, g * i * (1 - i) * w_hi, i * (1 - g**2) * w_hg
shown = o * (1 - tanh(C) ** 2)  # how h of step 1 changes with C of step 1
after = f * C + i * g  # C of step 2

exercise = Compute(
    id="ch12_not_only_f",
    chapter=12,
    title="Not only f",
    objective="find every path from one cell state to the next, and see what the famous shortcut leaves out",
    difficulty=3,
    minutes=10,
    question=r"""
“Along the belt the gradient is multiplied by $f_t$” leaves something out. One unit, so all are numbers:
$C_1 = 0.5$ and $o_1 = 0.8$; at step 2 $f_2 = 0.9$, $i_2 = 0.4$ and $\tilde{C}_2 = 0.5$. The weights from $h_1$ to the
sums inside $f_2$, $i_2$ and $\tilde{C}_2$ are $w_{hf} = 3$, $w_{hi} = 2$ and $w_{hg} = 1.5$. What is the whole
derivative $d C_2 / d C_1$, the paths through $h_1$ included ($o_1$ does not change)? Give three decimals.
""",
    answer=f + shown * (through_f + through_i + through_g),
    tolerance=0.001,
    wrong=[
        (
            f,
            "0.9 is the path along the belt. But C₁ is also shown in h₁, and h₁ acts on f₂, i₂ and C̃₂.",
        ),
        (
            shown * (through_f + through_i + through_g),
            "These are the paths through h₁. The straight one, along the belt, comes on top: f₂.",
        ),
        (
            f + (1 - tanh(C) ** 2) * (through_f + through_i + through_g),
            "o₁ is forgotten: h₁ = o₁ · tanh C₁, and only that part of C₁ is shown.",
        ),
        (
            f + o * (through_f + through_i + through_g),
            "The derivative of the tanh in h₁ = o₁ · tanh C₁ is forgotten: 1 − tanh² C₁.",
        ),
        (
            f + through_f + through_i + through_g,
            "You took h₁ for C₁. h₁ = o₁ · tanh C₁ has a derivative of its own, o₁ (1 − tanh² C₁).",
        ),
        (
            f + o * (1 - tanh(after) ** 2) * (through_f + through_i + through_g),
            "The tanh is taken at C₂. What goes into step 2 is h₁, which shows C₁.",
        ),
        (
            f + shown * (C * w_hf + g * w_hi + i * w_hg),
            "The derivatives of the sigmoids and of the tanh are forgotten: f (1 − f), i (1 − i) and 1 − C̃².",
        ),
        (
            f + shown * (through_f + through_i + i * g * (1 - g) * w_hg),
            "The candidate is a tanh, not a sigmoid: its derivative is 1 − C̃², not C̃ (1 − C̃).",
        ),
        (
            f + shown * (through_i + through_g),
            "The path through the forget gate is missing: h₁ acts on f₂, and f₂ is multiplied by C₁.",
        ),
        (
            f + shown * through_g,
            "Only the candidate is followed. h₁ acts on the gates f₂ and i₂ as well.",
        ),
        (
            f + shown * (through_f + through_g),
            "The path through the input gate is missing: h₁ acts on i₂, and i₂ is multiplied by C̃₂.",
        ),
    ],
    hints=[
        "Draw the paths from C₁ to C₂: one along the belt, and three that begin with h₁.",
        "C₂ = f₂ C₁ + i₂ C̃₂, and f₂, i₂, C̃₂ all depend on h₁. So it is f₂ + (dh₁/dC₁) · (C₁ df₂/dh₁ + C̃₂ di₂/dh₁ + "
        "i₂ dC̃₂/dh₁).",
        "dh₁/dC₁ = o₁ (1 − tanh² C₁) = 0.8 · 0.7864. A sigmoid has the slope f (1 − f), the tanh 1 − C̃², and each is "
        "multiplied by its weight.",
    ],
    solution="""
Along the belt: f₂ = 0.9.

From C₁ to h₁: o₁ (1 − tanh² 0.5) = 0.8 · 0.7864 = 0.6292.

From h₁ to C₂, three paths. Through f₂: C₁ · f₂ (1 − f₂) · w_hf = 0.5 · 0.09 · 3 = 0.135. Through i₂:
C̃₂ · i₂ (1 − i₂) · w_hi = 0.5 · 0.24 · 2 = 0.24. Through C̃₂: i₂ (1 − C̃₂²) · w_hg = 0.4 · 0.75 · 1.5 = 0.45. Together
0.825.

0.9 + 0.6292 · 0.825 = 1.419. The shortcut says 0.9 and never more than 1; the whole derivative can be larger than 1,
so gradients can explode in an LSTM as well.
""",
    right="Right: 0.9 along the belt and 0.519 through h₁. Together more than 1: an LSTM's gradient can explode too.",
)
