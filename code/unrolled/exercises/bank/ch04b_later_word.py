from unrolled.exercises.kinds import Tune

exercise = Tune(
    id="ch04b_later_word",
    chapter=4,
    title="The later word wins",
    objective="choose a recurrent weight that keeps a word for a while and still lets a later one win",
    difficulty=2,
    minutes=5,
    question=r"""
One unit reads "amazing but dull": 1 for a kind word, 0 for a neutral one, −1 for an unkind one, so $x$ = 1, 0, −1. Its
output is its opinion. After "amazing but" it must still be kind, $y^{(2)} \ge 0.3$. After "dull" it must be unkind,
$y^{(3)} \le -0.3$, although one kind and one unkind word were read. The activation is tanh.
""",
    picture="UnrolledNetwork",
    start={"w_I": 1.0, "w_R": 0.0, "w_y": 1.0, "b_h": 0.0, "b_y": 0.0, "activation": "tanh", "x": [1.0, 0.0, -1.0]},
    controls=["w_I", "w_R", "w_y"],
    goals=[
        ("y2", 0.3, None, "after the second word it is still kind: y⁽²⁾ is at least 0.3"),
        ("y3", None, -0.3, "after the third it is unkind: y⁽³⁾ is at most −0.3"),
    ],
    answer={"w_I": 1.0, "w_R": 0.6, "w_y": 1.0},
    wrong=[
        (
            {"w_R": 0.6, "w_y": -1.0},
            [("y1", None, -0.001)],
            "Already the first output has the wrong sign: it calls “amazing” unkind. Look at the weights on the way "
            "from x to y.",
        ),
        (
            {"w_I": 1.0},
            [("w_R", -0.001, 0.001)],
            "With w_R = 0 nothing is kept: at “but” the unit sees a 0 and has no opinion any more.",
        ),
        (
            {"w_R": -0.8},
            [("w_R", None, -0.001)],
            "A negative w_R turns the opinion round at each step: after “but” the unit takes back what it said.",
        ),
        (
            {"w_R": 1.5},
            [("y3", 0.0, None)],
            "It keeps “amazing” so well that “dull” cannot win. A state that never fades hears no news.",
        ),
        (
            {"w_R": 0.2},
            [("y2", None, 0.2999)],
            "It forgets too fast: of “amazing” too little is left after one neutral word.",
        ),
    ],
    hints=[
        "y⁽²⁾ is what is left of the first word after one step: it grows with w_R. What does w_R do to y⁽³⁾?",
        "The third word brings −w_I, and the past brings w_R times h⁽²⁾ against it. Try w_R between 0.5 and 0.9.",
    ],
    solution="""
With w_I = 1 and w_R = 0.6: h⁽¹⁾ = tanh(1) = 0.76, h⁽²⁾ = tanh(0.6 · 0.76) = 0.43, h⁽³⁾ = tanh(−1 + 0.6 · 0.43) = −0.63.

The kind word fades to 0.43 while it waits, and the unkind one arrives with its full weight. So the order decides,
which no bag of words can do. A single unit does it only in this crude way: with more words between the two it would
forget, and “not” it cannot read at all.
""",
)
