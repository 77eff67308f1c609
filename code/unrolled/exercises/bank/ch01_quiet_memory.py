from unrolled.exercises.kinds import Tune

TEXT = "the KEYS that she left in my old red car last week are gone"

exercise = Tune(
    id="ch01_quiet_memory",
    chapter=1,
    title="A memory that does not shout",
    objective="say how the two weights of a recurrent unit decide what its state owes to an early word",
    difficulty=3,
    minutes=6,
    question=r"""
The whole sentence is read, 14 words, and the window has lost KEYS long ago. Move the two weights of the recurrent unit
until KEYS, twelve words back, still changes the state by at least **0.25**, while the state itself never goes beyond
**0.45** on the way.
""",
    picture="FixedWindow",
    start={"text": TEXT, "k": 4, "t": 14, "s": 2, "w_I": 1.0, "w_R": 0.8},
    controls=["w_I", "w_R"],
    goals=[
        ("act2", 0.25, None, "KEYS still changes h⁽¹⁴⁾ by 0.25 or more"),
        ("h_max", None, 0.45, "the state never goes beyond 0.45"),
    ],
    answer={"w_I": 0.4, "w_R": 1.05},
    wrong=[
        (
            {"w_I": 0.0, "w_R": 1.1},
            [("h_max", None, 0.0001)],
            "With w_I = 0 no word reaches the state at all: it stays at 0, and there is nothing to remember.",
        ),
        (
            {"w_I": 0.4, "w_R": 1.5},
            [("act2", None, 0.15), ("h_max", 0.8, None), ("h14", 0.8, None)],
            "The state is large, yet KEYS hardly changes it: with so large a w_R the small words alone drive it up, "
            "and it would end there without KEYS too. What is always 0.86 tells nothing.",
        ),
        (
            {"w_I": 0.4, "w_R": -1.1},
            [("act2", 0.25, None), ("h3", None, 0.0)],
            "It remembers, but its sign flips at every word, and on the way it goes too far. Try a positive w_R.",
        ),
        (
            {"w_I": 0.4, "w_R": 1.15},
            [("act2", 0.25, None), ("h_max", 0.45, None)],
            "KEYS is remembered well. But the state goes beyond 0.45. Which of the two weights can be a little "
            "smaller?",
        ),
        (
            {"w_I": 1.0, "w_R": 1.0},
            [("act2", 0.1, 0.25), ("h_max", 0.45, None)],
            "Too loud and still too short: KEYS enters with tanh(w_I), most of which is lost again, because tanh is "
            "flat up there. A smaller w_I makes the state smaller; what makes it last?",
        ),
        (
            {"w_I": 0.3, "w_R": 0.9},
            [("act2", None, 0.25), ("h_max", None, 0.45)],
            "The state stays small, as it should, but KEYS fades: each word leaves less than w_R of what was there.",
        ),
        (
            {"w_I": 1.0, "w_R": 0.8},
            [("act2", None, 0.25), ("h_max", 0.45, None)],
            "The state jumps up at KEYS and then forgets. A larger w_I makes it louder, not longer.",
        ),
    ],
    hints=[
        "w_I says how far KEYS moves the state when it is read: tanh(w_I). That alone must stay below 0.45.",
        "For the rest w_R decides: below 1 the state fades, far above 1 it rises by itself. Try just above 1.",
    ],
    solution="""
For instance w_I = 0.4 and w_R = 1.05. KEYS moves the state by 0.38 when it is read. With w_R a little above 1 the unit
makes up for what tanh takes away, so after twelve more words 0.30 of it is left, and the state has stayed below 0.43.

The goals leave little room: at 1 and below the memory fades, and from about 1.1 on the state rises beyond 0.45.
""",
    right="Right: quiet, and it lasts. A training would have to find this narrow place by itself.",
)
