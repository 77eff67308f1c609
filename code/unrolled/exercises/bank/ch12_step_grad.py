import numpy as np

from unrolled.exercises.kinds import Case, Slip, Write


def step_grad(c_before, gates, c_after, d_h, d_c):
    i, f, g, o = gates
    d_o = d_h * np.tanh(c_after)
    d_C = d_c + d_h * o * (1 - np.tanh(c_after) ** 2)  # all that arrives at C
    d_i, d_f, d_g = d_C * g, d_C * c_before, d_C * i
    d_a = [d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g**2), d_o * o * (1 - o)]
    return np.concatenate(d_a, axis=1), d_C * f


def case(rng, name, B, H, edge=False, scale=1.0, dtype=np.float64):
    i, f, o = rng.uniform(0.05, 0.95, size=(3, B, H))
    g, c_before = rng.uniform(-0.95, 0.95, size=(B, H)), scale * rng.normal(size=(B, H))
    arrays = c_before, i, f, g, o, f * c_before + i * g, rng.normal(size=(B, H)), rng.normal(size=(B, H))
    c_before, i, f, g, o, c_after, d_h, d_c = (a.astype(dtype) for a in arrays)
    return Case(name, (c_before, (i, f, g, o), c_after, d_h, d_c), edge)


def cases(rng):
    c_before, gates, c_after, d_h, d_c = case(rng, "", 3, 4).arguments
    ends = np.ones((3, 4)), np.ones((3, 4)), np.zeros((3, 4)), np.zeros((3, 4))  # written in, kept, nothing, not shown
    return [
        case(rng, "4 sequences and 5 units", 4, 5),
        case(rng, "5 sequences and 2 units", 5, 2),
        case(rng, "a batch of one", 1, 3, edge=True),
        case(rng, "a single unit", 4, 1, edge=True),
        Case("the last step, where d_c is 0", (c_before, gates, c_after, d_h, np.zeros((3, 4))), edge=True),
        Case("a step whose h nobody asks for", (c_before, gates, c_after, np.zeros((3, 4)), d_c), edge=True),
        Case("gates that are all 0 or 1", (c_before, ends, c_before, d_h, d_c), edge=True),
        case(rng, "a C of several hundred", 3, 2, edge=True, scale=300.0),
        case(rng, "float32 numbers", 3, 4, edge=True, dtype=np.float32),
    ]


# `loss` stays empty, for two gradients come back; a test of their own compares them by finite differences.
exercise = Write(
    id="ch12_step_grad",
    chapter=12,
    title="The step read backwards",
    objective="derive the backward pass of an LSTM step, with both gradients that arrive and both that leave",
    difficulty=3,
    minutes=20,
    question=r"""
A step has computed $C_t = f_t * C_{t-1} + i_t * \tilde{C}_t$ and $h_t = o_t * \tanh(C_t)$. Two gradients of the loss
arrive: `d_h` at $h_t$, and `d_c` at $C_t$ from the step after it (the belt alone, without the way through $h_t$).
Return two:

- `d_a`, (B, 4H): the gradient for the four sums inside the sigmoids and the tanh, side by side in the order
  **i, f, g, o**, where g is $\tilde{C}_t$;
- `d_c_before`, (B, H): the gradient for $C_{t-1}$ along the belt, the gates held fixed.

You get `c_before` $= C_{t-1}$, the values of the `gates` as a tuple (i, f, g, o), and `c_after` $= C_t$, all (B, H).
""",
    docstring="All (B, H). Give d_a (B, 4H), blocks i, f, g, o, and d_c_before (B, H).",
    begin="i, f, g, o = gates",
    answer=step_grad,
    tolerance=1e-5,
    wrong=[
        Slip(
            "d_c + d_h * o",
            "d_h * o",
            "`d_c` is forgotten: what comes back along the belt is the reason why there is a belt.",
        ),
        Slip(
            " + d_h * o * (1 - np.tanh(c_after) ** 2)",
            "",
            "C gets a gradient from h as well: h = o · tanh C. Add `d_h * o * (1 - tanh(c_after)**2)` to `d_c`.",
        ),
        Slip(
            " * (1 - np.tanh(c_after) ** 2)",
            "",
            "On the way from h to C the slope of the tanh is forgotten: 1 − tanh² C.",
        ),
        Slip("d_h * o * (", "d_h * (", "On the way from h to C the output gate is forgotten: h = o · tanh C."),
        Slip(
            "[d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g**2), d_o * o * (1 - o)]",
            "[d_i, d_f, d_g, d_o]",
            "These are the gradients for the gates. Asked are those for the sums inside: times s (1 − s) for a "
            "sigmoid, 1 − g² for the tanh.",
        ),
        Slip(
            "[d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g**2), d_o * o * (1 - o)]",
            "[d_i * i, d_f * f, d_g * (1 - g**2), d_o * o]",
            "The slope of a sigmoid with the value s is s (1 − s). You multiplied by s and left 1 − s out.",
        ),
        Slip("(1 - g**2)", "g * (1 - g)", "g is a tanh, not a sigmoid: its slope is 1 − g²."),
        Slip(
            "d_C * g, d_C * c_before",
            "d_C * c_before, d_C * g",
            "i and f got each other's factor. In C, i is multiplied by the candidate, and f by the C before.",
        ),
        Slip("d_C * c_before", "d_C * c_after", "f is multiplied by the C before the step, not by the C after it."),
        Slip(
            "d_i * i * (1 - i), d_f * f * (1 - f)",
            "d_f * f * (1 - f), d_i * i * (1 - i)",
            "The blocks of i and f have changed places: the order is i, f, g, o.",
        ),
        Slip("d_C * f", "d_C", "`d_a` is right. On its way back to the C before, the gradient is multiplied by f."),
        Slip(
            "d_C * f",
            "d_c * f",
            "`d_a` is right. But all that arrives at C goes on to the C before, what came from h as well: not "
            "`d_c * f` alone.",
        ),
        Slip(
            ", axis=1",
            "",
            "The four blocks lie below each other, (4B, H). They belong side by side, (B, 4H): `axis=1`.",
        ),
        Slip(
            "d_C = d_c + d_h",
            "d_C = d_c\n    d_C += d_h",
            "The numbers are right, but `d_c += …` writes into the caller's array. Give the sum a new name.",
        ),
    ],
    cases=cases,
    hints=[
        "Begin at the end: h = o · tanh C. What does `d_h` give to o, and what to C? Then add what arrived at C "
        "already.",
        "All that arrives at C: `d_C = d_c + d_h * o * (1 - np.tanh(c_after) ** 2)`. From there read "
        "C = f · C_before + i · g factor by factor.",
        "d_i = d_C · g, d_f = d_C · C_before, d_g = d_C · i, d_o = d_h · tanh C. For the sums inside, times i (1 − i), "
        "f (1 − f), 1 − g², o (1 − o).",
    ],
    solution="""
From h = o · tanh C: o gets d_h · tanh C, and C gets d_h · o · (1 − tanh² C). Together with what came along the belt
that is d_C = d_c + d_h · o · (1 − tanh² C).

From C = f · C_before + i · g each factor gets d_C times its partner: i gets d_C · g, f gets d_C · C_before, g gets
d_C · i, and C_before gets d_C · f.

From the gates to the sums inside: a sigmoid with the value s has the slope s (1 − s), a tanh with the value g has
1 − g². Side by side, in the order i, f, g, o.
""",
    right="Right: finite differences agree. All that arrives at C goes on to the C before, times f.",
)
