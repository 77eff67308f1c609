from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch04a_argmax",
    chapter=4,
    title="A temperature without effect",
    objective="say what the temperature changes and what it leaves as it is",
    difficulty=2,
    minutes=3,
    question=r"""
A program writes text by always taking the likeliest character: `softmax(logits / T).argmax()`. Its text is dull, and
its author raises $T$ from 1 to 2. What happens to the text?
""",
    choices=[
        (
            "It becomes more varied, with more mistakes.",
            "So it would if characters were drawn at random. Here nothing is drawn. Which is the largest number after "
            "all of them were divided by 2?",
        ),
        (
            "It becomes even duller.",
            "A lower temperature makes drawn text duller, a higher one livelier. But here nothing is drawn at all.",
        ),
        (
            "Nothing: it is the same text, character by character.",
            "Right: dividing all logits by the same positive number keeps their order, and argmax asks for nothing "
            "else. It is the text of temperature 0, whatever T says.",
        ),
        (
            "The probabilities no longer sum to one, so it fails.",
            "The division comes before the softmax, and the softmax makes the sum one again.",
        ),
        (
            "The loss on a validation text gets better.",
            "The text does not change, and neither does the trained network. (The loss of a sharpened or flattened "
            "distribution would in fact be worse, if the network was well trained.)",
        ),
    ],
    answer="c",
    hints=[
        "Write down three logits, for instance 2, 1 and −1, and divide them by 2. Which one is the largest?",
        "T changes how far apart the probabilities are. What does argmax look at?",
    ],
    solution="""
Dividing by a positive T keeps the order of the logits, and the softmax keeps it too. The likeliest character stays the
likeliest, so argmax picks the same one at every step, and the whole text is the same. The temperature acts only where
characters are drawn at random from the probabilities.
""",
)
