from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch02_fell",
    chapter=2,
    title="By how much it fell",
    objective="choose the weights of a small layer by hand",
    difficulty=2,
    minutes=5,
    question=r"""
The layer of the two afternoons answers by how much the temperature **rose**: $h_1^{(t)} = \mathrm{relu}(x^{(t)})$ and
$h_2^{(t)} = \mathrm{relu}(x^{(t)} - h_1^{(t-1)})$, with

$$W_I = \begin{pmatrix} 1 \\ 1 \end{pmatrix}, \qquad
W_R = \begin{pmatrix} 0 & 0 \\ -1 & 0 \end{pmatrix}, \qquad
\mathbf{b}_h = \begin{pmatrix} 0 \\ 0 \end{pmatrix}.$$

Neuron 2 shall answer by how much it **fell**: 0 on Monday (0.2, 0.5), 0.4 on Tuesday (0.9, 0.5). What has to change?
""",
    choices=[
        (
            "Only the −1 in W_R: it becomes +1.",
            "Then h₂ = relu(x⁽ᵗ⁾ + h₁⁽ᵗ⁻¹⁾): it adds the two temperatures and never takes one from the other. "
            "The sign of the new input has to change too.",
        ),
        (
            "The second entry of W_I becomes −1, and the −1 in W_R becomes +1.",
            "Right: h₂ = relu(h₁⁽ᵗ⁻¹⁾ − x⁽ᵗ⁾). On Tuesday relu(0.9 − 0.5) = 0.4, on Monday relu(0.2 − 0.5) = 0.",
        ),
        (
            "Both entries of W_I become −1, and the −1 in W_R becomes +1.",
            "Neuron 1 would then say relu(−x) = 0 at every step: nobody remembers the last temperature. "
            "Neuron 1 must stay as it is.",
        ),
        (
            "The −1 moves to the other corner of W_R: row 1, column 2.",
            "That is the transpose. Row 1 belongs to neuron 1, so neuron 1 would now look at neuron 2, and neuron 2 at "
            "nothing but the input.",
        ),
        (
            "Nothing in W_I or W_R: a negative W_y in the readout turns rises into falls.",
            "ReLU has already made every fall 0. The readout cannot tell a fall from no change.",
        ),
    ],
    answer="b",
    hints=[
        "Write down the formula that neuron 2 should compute, in the form relu(… x⁽ᵗ⁾ + … h₁⁽ᵗ⁻¹⁾).",
        "h₂⁽ᵗ⁾ = relu(h₁⁽ᵗ⁻¹⁾ − x⁽ᵗ⁾). Row 2 of W_I and row 2 of W_R hold the two signs.",
    ],
    solution="""
h₂⁽ᵗ⁾ = relu(h₁⁽ᵗ⁻¹⁾ − x⁽ᵗ⁾): the factor of x, the second entry of W_I, becomes −1, and the factor of h₁, the −1 in
row 2 of W_R, becomes +1. Neuron 1 still copies the input.

Tuesday: relu(0.9 − 0.5) = 0.4. Monday: relu(0.2 − 0.5) = 0.
""",
)
