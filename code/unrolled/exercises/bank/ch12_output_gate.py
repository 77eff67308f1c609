from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch12_output_gate",
    chapter=12,
    title="“Finally we decide what to forget!”",
    objective="say what the output gate decides, and what it leaves alone",
    difficulty=1,
    minutes=3,
    question=r"""
So says the slide beside $o_t = \sigma(W_o [h_{t-1}, x_t] + b_o)$ and $h_t = o_t * \tanh(C_t)$. What does $o_t$ really
decide?
""",
    choices=[
        (
            "What is taken off the belt: where it is 0, C of this step becomes 0.",
            "That is the forget gate's work, and it is done by now: the formula of C has no o in it. Where o is 0, h "
            "is 0, and the belt carries on what it carried.",
        ),
        (
            "How much of the candidate is put onto the belt.",
            "That is the input gate: i stands beside C̃ in the formula of C. The output gate comes after the belt has "
            "been changed.",
        ),
        (
            "What of the belt is shown in h. C of this step does not change; the gates of the next step hear of it "
            "through h.",
            "Right: nothing is forgotten. Yet o is not without effect on the belt: h is an input of the next step's "
            "gates and candidate.",
        ),
        (
            "What of the belt is shown in h, and it can never act on the belt, now or later.",
            "Not at this step, that is true. But the next f, i and C̃ are computed from h, so a shut output gate hides "
            "the belt from them as well.",
        ),
        (
            "What the next layer or the readout sees; the LSTM's own next step reads C and not h.",
            "There is one h, and it goes both ways: out of the layer, and into the next step's gates, which read "
            "[h, x]. Only a variant, with peepholes, lets them see C.",
        ),
    ],
    answer="c",
    hints=[
        "In which of the two formulas, that of C and that of h, does o stand?",
        "h = o · tanh C, and C has no o in it. And where does h go from here?",
    ],
    solution="""
o stands in one formula only, h = o · tanh C. With o = 0 the unit is silent, h = 0, but C is what it was and can be
shown many steps later. Nothing is forgotten; that is the forget gate's work, and the slide's sentence belongs there.

The next step's f, i, C̃ and o are computed from h and x. So what is shown now may act on the belt one step later.
""",
)
