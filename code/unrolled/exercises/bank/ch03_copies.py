from unrolled.exercises.kinds import Compute

W_R, X = 0.5, (8, 2, 1)
H1 = X[0]
H2 = X[1] + W_R * H1
H3 = X[2] + W_R * H2

exercise = Compute(
    id="ch03_copies",
    chapter=3,
    title="One weight in three places",
    objective="add up the gradients of the copies of a shared weight",
    difficulty=2,
    minutes=5,
    question=r"""
One neuron without activation function and bias, unrolled for three steps: $h^{(t)} = x^{(t)} + w_R\, h^{(t-1)}$,
with $w_R = 0.5$, $h^{(0)} = 0$ and the inputs 8, 2, 1. The loss is simply $\mathcal{L} = h^{(3)}$. What is
$d\mathcal{L} / d w_R$?
""",
    answer=H2 + W_R * H1,
    tolerance=0.01,
    wrong=[
        (H2, "6 is the gradient of the copy at step 3 alone. h⁽²⁾, which stands beside it, contains w_R too."),
        (W_R * H1, "4 is the gradient of the copy at step 2 alone. What about the copy at step 3?"),
        (
            H2 + H1,
            "The copy at step 2 reaches the loss through the copy at step 3: its gradient 8 is multiplied by w_R = "
            "0.5 on the way.",
        ),
        (
            (H2 + W_R * H1) / 3,
            "This is the mean over the three copies. A change of the one weight moves all copies at once, and their "
            "effects add up.",
        ),
        ((H2 + W_R * H1) / 2, "This is a mean. A change of the one weight moves all copies, and their effects add up."),
        (
            H3 + W_R * H2 + W_R**2 * H1,
            "A copy multiplies the state before its step: h⁽⁰⁾, h⁽¹⁾, h⁽²⁾. The last one, h⁽³⁾, is not multiplied by "
            "anything.",
        ),
        (W_R**2, "0.25 is how L depends on the first input: both steps multiply it by w_R. The weight is asked for."),
    ],
    hints=[
        "Give the three copies names, w₁, w₂, w₃, and compute the states: h⁽¹⁾ = 8, h⁽²⁾ = 2 + w₂ · 8, h⁽³⁾ = 1 + "
        "w₃ · h⁽²⁾.",
        "The derivative by w₃ is h⁽²⁾. The derivative by w₂ is w₃ · h⁽¹⁾. That by w₁ has h⁽⁰⁾ = 0 in it. Add them up.",
    ],
    solution="""
The states: h⁽¹⁾ = 8, h⁽²⁾ = 2 + 0.5 · 8 = 6, h⁽³⁾ = 1 + 0.5 · 6 = 4.

Copy by copy: w₃ multiplies h⁽²⁾ = 6. w₂ multiplies h⁽¹⁾ = 8, and its effect passes through w₃: 0.5 · 8 = 4. w₁
multiplies h⁽⁰⁾ = 0. The sum is 6 + 4 + 0 = 10.

Check: h⁽³⁾ = 1 + 2 w + 8 w², so the derivative is 2 + 16 w = 10.
""",
    right="Right: 6 from the copy at step 3, 4 from the copy at step 2, nothing from the first.",
)
