from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch02_longer_memory",
    chapter=2,
    title="Longer memory",
    objective="count the numbers of a recurrent layer, and see what one more neuron costs",
    difficulty=2,
    minutes=5,
    question=r"""
The layer of the two afternoons compares a step with the one before it: one input, two neurons. Give it a third neuron,
which copies what neuron 1 said a step ago, so that neuron 2 can compare with **two** steps before. How many numbers do
$W_I$, $W_R$ and $\mathbf{b}_h$ have together then?
""",
    answer=15,
    tolerance=0,
    wrong=[
        (8, "8 is the count for two neurons: 2 + 4 + 2. With the third one W_R becomes 3 × 3."),
        (12, "12 leaves out the bias (or W_I): each of the two has one number for each of the three neurons."),
        (9, "9 is W_R alone. W_I and the bias have numbers too."),
        (11, "It seems that the third neuron got one row or one column of W_R only. W_R is 3 × 3: a weight from every "
             "neuron to every neuron, most of them 0 here."),
        (30, "Every step uses the same numbers: their count does not grow with the steps."),
        (21, "21 counts the input three times over. There is one input, so W_I has 3 numbers."),
    ],
    hints=[
        "What are the shapes of W_I, W_R and b for D = 1 input and H = 3 neurons?",
        "D · H + H · H + H. Weights that are 0 count as well: training may change them.",
    ],
    solution="""
The third neuron copies: h₃⁽ᵗ⁾ = relu(h₁⁽ᵗ⁻¹⁾), so after step t it holds x⁽ᵗ⁻¹⁾, and neuron 2 subtracts h₃⁽ᵗ⁻¹⁾ =
x⁽ᵗ⁻²⁾. A chain of such copies is a memory of fixed length, one neuron for each step.

D · H + H² + H = 3 + 9 + 3 = 15.
""",
    right="Right: 3 + 9 + 3. The square is what makes long chains of copies dear.",
)  # fmt: skip
