from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch05_missing_term",
    chapter=5,
    title="What the chain forgets",
    objective="find where a recurrent weight occurs in a cost, the hidden places included",
    difficulty=1,
    minutes=3,
    question=r"""
$$\frac{\partial {C}_2}{\partial W_R} = \frac{\partial {C}_2}{\partial y_2}\, \frac{\partial y_2}{\partial h_2}\,
\frac{\partial h_2}{\partial g}\, \frac{\partial g}{\partial a}\, \frac{\partial a}{\partial W_R}
\qquad\text{with}\qquad a = W_I x_2 + W_R h_1 + b_h$$

Taken with $\partial a / \partial W_R = h_1$, what does this chain leave out of $d {C}_2 / d W_R$?
""",
    choices=[
        (
            "The way through y₁: C₁ depends on W_R as well.",
            "It does, but that is another cost: dC₁/dW_R is a summand of its own in the sum over t. C₂ does not ask "
            "for y₁.",
        ),
        (
            "The way through h₃, which depends on h₂.",
            "C₂ was decided at step 2. No later state can change it, so no path to it leads through h₃.",
        ),
        (
            "The way through h₁: it is multiplied by W_R, and was itself computed with W_R.",
            "Right. In a the weight occurs twice, in sight and inside h₁. Moving it moves both.",
        ),
        (
            "The way through x₂: the input is multiplied by a weight too.",
            "By W_I, and that is another weight. x₂ is given and does not move when W_R does.",
        ),
        (
            "Nothing: h₁ is a number that step 1 has left behind.",
            "It is a number, but not a fixed one. Would h₁ have the same value with another W_R?",
        ),
    ],
    answer="c",
    hints=[
        "Turn W_R a little, in thought. Which of the quantities in a move?",
        "x₂ and b_h stay. W_R moves, of course. And h₁ = g(W_I x₁ + W_R h₀ + b_h)?",
    ],
    solution="""
a contains the product W_R h₁. Its derivative by W_R has two parts, as that of any product: h₁, and W_R times the
derivative of h₁. The chain has the first. The second is there because h₁ = g(W_I x₁ + W_R h₀ + b_h) was computed with
the same W_R. (It is zero if h₀ = 0, for then W_R did not act at step 1.)
""",
)
