from unrolled.exercises.kinds import Compute

exercise = Compute(
    id="ch09b_packed_steps",
    chapter=9,
    title="What packing computes",
    objective="count the steps that a packed batch computes, and those that a padded one does",
    difficulty=1,
    minutes=3,
    question=r"""
A batch of four sequences with 9, 2, 4 and 5 steps is packed with `pack_padded_sequence` and read by a GRU with two
layers, in one direction. How many times is the equation of a GRU step computed for one sequence, in all: sequences,
steps and layers counted together?
""",
    answer=40,
    tolerance=0,
    wrong=[
        (20, "These are the steps of one layer. The second layer reads the states of the first, step by step."),
        (
            72,
            "This is 4 · 9 · 2, the padded batch: every sequence has as many steps as the longest. What does packing "
            "leave out?",
        ),
        (
            36,
            "This is the padded batch, 4 · 9, and one layer. Packing leaves the padding out, and there are two layers.",
        ),
        (18, "9 · 2 counts rounds of the loop. In each round all sequences that are still alive take a step."),
        (80, "Twice too many: that would be two directions. This GRU reads in one."),
        (8, "4 · 2 counts sequences and layers. Each sequence takes as many steps as it is long."),
    ],
    hints=[
        "Packing keeps the real steps only. How many are there?",
        "Each layer takes all of them: one state after each step is what the next layer reads.",
    ],
    solution="""
The packed data hold 9 + 2 + 4 + 5 = 20 steps, which is the sum of the lengths and of `batch_sizes`. Each of the two
layers takes every one of them: 2 · 20 = 40. The padded batch has 4 · 9 = 36 steps in each layer, 72 in all.
""",
    right="Right: the sum of the lengths, once for each layer.",
)
