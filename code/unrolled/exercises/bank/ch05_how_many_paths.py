from unrolled.exercises.kinds import Compute

T = 20

exercise = Compute(
    id="ch05_how_many_paths",
    chapter=5,
    title="How many paths?",
    objective="count the paths by which costs reach a shared weight",
    difficulty=1,
    minutes=2,
    question=r"""
A recurrent network is unrolled over 20 steps, with a cost at every step. A path begins at a cost, goes back in time for
as long as it likes, and ends at $W_R$ at one of the steps, 1 to 20. How many paths are there?
""",
    answer=T * (T + 1) // 2,
    tolerance=0,
    wrong=[
        (T, "20 is one path for each cost, as if each could reach W_R only at its own step."),
        (
            T * (T - 1) // 2,
            "190 counts only paths that go back. Each cost also has the path that ends at its own step: 20 more.",
        ),
        (T * T, "400 pairs each cost with each step. A cost does not depend on later steps."),
        (2**T, "A path never branches and never turns: once its cost and its end are chosen, there is just one."),
        (2**T - 1, "A path never branches and never turns: cost and end determine it."),
        (T + 1, "21 would be the states, the start included. Count the paths for each cost, then add up."),
        (2 * T, "40 is two for each cost. The cost of step 20 can end at any of 20 steps."),
    ],
    hints=[
        "How many has C₁? How many has C₂? And C₂₀?",
        "1 + 2 + 3 + … + 20. Pair the first with the last.",
    ],
    solution="""
The cost of step t can end at step t, t − 1, …, 1: that is t paths. All costs together have 1 + 2 + … + 20 =
20 · 21 / 2 = 210.
""",
    right="Right: 1 + 2 + … + 20. With 100 steps it would be 5050.",
)
