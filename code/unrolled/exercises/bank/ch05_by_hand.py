from unrolled.exercises.kinds import Compute

w_I, w_R, w_y, h_0 = 2.0, 0.5, 2.0, 1.0
h_1 = w_I * 0.5 + w_R * h_0  # 1.5
h_2 = w_I * 0.125 + w_R * h_1  # 1
d_h = (w_y * h_2 - 1.5) * w_y  # 1

exercise = Compute(
    id="ch05_by_hand",
    chapter=5,
    title="Two paths by hand",
    objective="compute the gradient of a recurrent weight as a sum over paths",
    difficulty=2,
    minutes=5,
    question=r"""
A recurrent neuron with **ReLU**: $h_t = \mathrm{relu}(w_I x_t + w_R h_{t-1})$, $y_t = w_y h_t$, with $w_I = 2$,
$w_R = 0.5$, $w_y = 2$ and $h_0 = 1$. It reads $x_1 = 0.5$ and $x_2 = 0.125$. At step 2 the answer 1.5 is wanted, and
${C}_2 = \frac{1}{2} (y_2 - 1.5)^2$. What is $d {C}_2 / d w_R$, all paths counted? Give two decimals.
""",
    answer=d_h * (h_1 + w_R * h_0),
    tolerance=0.01,
    wrong=[
        (d_h * h_1, "1.5 is the slide's chain, the path that ends at step 2. The other one goes on through h₁."),
        (d_h * w_R * h_0, "0.5 is the path through h₁. The path that ends at step 2 comes on top."),
        (-d_h * (h_1 + w_R * h_0), "The size is right, the sign is not: the derivative of C₂ by y₂ is y₂ − 1.5."),
        ((w_y * h_2 - 1.5) * (h_1 + w_R * h_0), "The factor w_y is forgotten: the way from y₂ to h₂."),
        (w_y * (h_1 + w_R * h_0), "This is the derivative of y₂. To get that of C₂, multiply by y₂ − 1.5."),
        (d_h * (h_1 + h_0), "On its way from h₂ to h₁ a path is multiplied by w_R. That factor is missing."),
        (d_h * (h_1 + w_I * h_0), "From h₂ to h₁ the way goes through w_R, not through w_I."),
        (
            d_h * (h_2 + w_R * h_1),
            "Your paths end one step late: w_R at step s multiplies the state before, h₁ at step 2 and h₀ at step 1.",
        ),
        ((w_y * h_2 - 1.5) ** 2 / 2, "This is the cost C₂ itself, not its derivative."),
    ],
    hints=[
        "First forwards: h₁, h₂, y₂. Both sums are positive, so ReLU has the slope 1 everywhere.",
        "h₁ = 1.5, h₂ = 1, y₂ = 2. Back to h₂: (2 − 1.5) · 2 = 1. From there one path ends at once, with h₁; the other "
        "takes a factor w_R and ends with h₀.",
    ],
    solution="""
Forwards: h₁ = 2 · 0.5 + 0.5 · 1 = 1.5, h₂ = 2 · 0.125 + 0.5 · 1.5 = 1, y₂ = 2.

Back to h₂: (y₂ − 1.5) · w_y = 0.5 · 2 = 1. ReLU has the slope 1 at both steps.

The path that ends at step 2: 1 · h₁ = 1.5. The path that ends at step 1: 1 · w_R · h₀ = 0.5. Together 2. The slide's
chain alone would give three quarters of it.
""",
    right="Right: 1.5 in sight and 0.5 through h₁.",
)
