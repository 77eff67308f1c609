from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch04b_mask",
    chapter=4,
    title="Zero degrees",
    objective="choose a way to mark padding that real data cannot imitate",
    difficulty=2,
    minutes=3,
    question=r"""
Each sequence holds a day's temperatures in °C, one number a step, padded with 0.0 to the longest day. The Keras model
begins with `Masking(mask_value=0.0)`. On a winter day it is exactly 0.0 °C at some step in the middle. What happens?
""",
    choices=[
        (
            "An error: the value 0.0 is reserved.",
            "No value is reserved and no error comes. A layer cannot know what a 0.0 was meant to be.",
        ),
        (
            "Nothing special: only zeros at the end of a sequence are taken for padding.",
            "`Masking` looks at each step alone: where all numbers of a step equal the mask value, it is skipped, at "
            "the end or in the middle.",
        ),
        (
            "The step is skipped: the state stays what it was, as if that hour had not been. No error tells. Give the "
            "true lengths as a mask, or pad with a value that cannot occur.",
            "Right: a mask value must not occur as data. An explicit mask made of the lengths cannot go wrong.",
        ),
        (
            "The state is set to zero at that step.",
            "Skipping is not forgetting: at a masked step the state is carried over unchanged.",
        ),
        (
            "The sequence ends there: later steps are not read.",
            "The mask says yes or no for each step on its own. The steps behind are read again.",
        ),
    ],
    answer="c",
    hints=[
        "`Masking` compares every step with one value. Does it know where a sequence ends?",
        "What does a recurrent layer do with its state at a masked step?",
    ],
    solution="""
Masking(0.0) marks every step whose numbers are all 0.0, and the layer carries its state past it. So the hour at 0.0 °C
is lost without an error. Pad with something impossible, say −1000, or better pass mask=…, made from the lengths; in
PyTorch pack the sequences with their lengths.

With several numbers a step all of them must equal the mask value, which is rarer. A one-hot row that is all zeros for
an unknown word does it again.
""",
)
