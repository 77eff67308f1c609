from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch01_count",
    chapter=1,
    title="From which window on is it larger?",
    objective="count the numbers in a layer behind a window and in a recurrent layer",
    difficulty=2,
    minutes=4,
    question=r"""
Each word comes as D = 50 numbers. Two layers, both of 64 units:

- behind a window of $k$ words: one weight for each of the $50 k$ inputs and each unit, and one bias per unit;
- recurrent: one weight for each of the 50 inputs and each unit, one for each of the 64 numbers of the **state** and
  each unit, and one bias per unit.

What is the smallest $k$ at which the layer behind the window has **more** numbers than the recurrent one?
""",
    answer=3,
    tolerance=0,
    wrong=[
        (
            2,
            "At k = 2 the window's layer has 6 464 numbers, the recurrent one 7 360: 3 200 for the word, 4 096 for "
            "the state, 64 biases. If you found 2, the state was probably left out.",
        ),
        (1, "At k = 1 the two differ by the state alone, and it is the recurrent layer that has it."),
        (2.28, "That is where the two would be equal. A window holds a whole number of words."),
        (4, "At k = 4 it is more, but that is not the first time."),
        (65, "The word's 50 numbers seem to be missing: each word brings 50 · 64 weights to the window, not 64."),
        (147, "You divided all 7 360 numbers by 50. Each word brings 50 numbers to each of 64 units: 3 200."),
    ],
    hints=[
        "The recurrent layer: 50 · 64 + 64 · 64 + 64. It does not depend on k.",
        "The biases are the same in both. So when is 3 200 k more than 3 200 + 4 096?",
    ],
    solution="""
Recurrent: 50 · 64 + 64 · 64 + 64 = 7 360, for sentences of any length. Window: 3 200 k + 64, which is 3 264, 6 464, 9
664 for k = 1, 2, 3. So from three words on the window costs more, and it has seen three words.
""",
    right="Right: 9 664 against 7 360, and the window still sees three words only.",
)
