"""Writes data/phrases.tsv: short phrases and their sentiment, made by this program from word lists and patterns.

    python data/make_phrases.py

Nobody said these phrases; the authors of this book made them up. The label follows from the pattern by three rules:
an adjective brings its own sentiment, a negator before it turns that round, and what stands after "but" decides.
Patterns marked as pairs come in both orders, the same words with opposite labels. Only the phrases of the kind "wild",
at the end of this file, were written and labelled by hand, outside of the patterns. The same seed gives the same file.
"""

import random
from pathlib import Path

POSITIVE = (
    "amazing", "beautiful", "bright", "brilliant", "charming", "cheerful", "clever", "delightful", "excellent", "fresh",
    "gentle", "graceful", "lovely", "marvellous", "pleasant", "splendid", "superb", "sweet", "warm", "wonderful",
)  # fmt: skip
NEGATIVE = (
    "annoying", "awful", "bitter", "bland", "boring", "broken", "clumsy", "dirty", "dismal", "dreary",
    "dull", "gloomy", "messy", "noisy", "shabby", "stale", "terrible", "tiresome", "ugly", "useless",
)  # fmt: skip
SUBJECTS = (
    "neon", "music", "winter", "breakfast", "the lamp", "the soup", "the song", "the garden", "the bridge", "the cake",
    "the poem", "the lesson", "this town", "this tea", "our tent", "our train", "my hat", "the old clock",
    "the new film", "the little shop", "the long walk", "the first page", "the school play", "our holiday home",
)  # fmt: skip
VERBS = "is", "was", "seems", "remains"
VERY = "very", "really", "so", "truly", "quite"
NEGATORS = "not", "hardly", "never"

# In a pattern A is an adjective, A2 another one of the same sentiment, B one of the opposite sentiment. The sign says
# whose sentiment the phrase has: +1 that of A, -1 that of B.
PAIRS = {"not-but": ("S V not B but A", +1), "but": ("S V B but A", +1)}
PATTERNS = {
    "plain": ("S V A", +1),
    "very": ("S V VERY A", +1),
    "and": ("S V A and A2", +1),
    "negated": ("S V NOT A", -1),
    "not-very": ("S V not VERY A", -1),
    **PAIRS,
}
LONGER = {  # seen in no training phrase
    "not-and-not": ("S V not A and not A2", -1),
    "very-but-very": ("S V VERY B but VERY A", +1),
    "not-very-but": ("S V not VERY B but A", +1),
    "and-but": ("S V B and B2 but A", +1),
    "not-but-and": ("S V not B but A and A2", +1),
}
COUNTS = {"plain": 30, "very": 40, "and": 30, "negated": 50, "not-very": 30, "not-but": 60, "but": 60}  # of the test
SPLITS = {"test": 1, "validation": 0.5, "train": 4}  # times COUNTS
EACH_LONGER = 48
SLIDE = "neon is amazing", "neon is not amazing", "neon is not dull but amazing"  # kept for the test

WILD = {
    1: """
anything but boring
far from dull
hardly a dull moment all evening
not a single boring minute
dull it is not
what a lovely evening that was
i could listen to this all day
nothing about this trip went wrong
you will want to come back
my grandmother asked for the recipe
the children did not want to leave
it made me laugh out loud
better than i had hoped
we will certainly come again
this is how bread should taste
it works and it is beautiful
who could say no to this soup
no complaints at all
the best hour of my week
i forgot the rain and the cold
it never disappoints
worth every minute of the long walk
never have i slept so well
ugly outside but what a warm welcome
i expected it to be awful and was wrong
the garden smells of summer
you cannot go wrong with this lamp
everyone left with a smile
not bad at all
a bright idea and a splendid result
""",
    0: """
amazing it is not
anything but charming
far from wonderful
nobody would call it lovely
i have seen better
i want my money back
it could have been wonderful
the cake tasted of soap
we left after ten minutes
once was enough
it broke on the first day
beautiful to look at but useless
everything i hoped it would not be
not worth the walk
my feet are still wet
it was supposed to be fresh
nothing works and nobody cares
i fell asleep before the end
a waste of a bright morning
the lamp went out again
they promised a splendid view of a wall
less charming than a parking lot
too sweet and too loud
so much noise and so little music
it used to be a lovely place
i would rather walk home in the rain
could anything be more tiresome
the soup was cold and so was the tea
who needs another broken clock
the worst of a long day
""",
}


def fill(rng, pattern, label, sign):
    """A phrase of the pattern with this label, and the same words with the two sentiments exchanged."""
    (A, A2), (B, B2) = rng.sample(POSITIVE, 2), rng.sample(NEGATIVE, 2)
    negator, (very, very2) = rng.choice(NEGATORS), rng.sample(VERY, 2)
    verb = rng.choice(VERBS[:2] if negator == "never" else VERBS)  # "seems never dull" is no English
    words = {"S": rng.choice(SUBJECTS), "V": verb, "NOT": negator, "A": A, "A2": A2, "B": B, "B2": B2}
    turned = words | {"A": B, "A2": B2, "B": A, "B2": A2}
    phrase, other = (
        " ".join(
            next(intensifiers) if part == "VERY" else chosen.get(part, part)
            for part in pattern.split()
        )
        for chosen, intensifiers in ((words, iter((very, very2))), (turned, iter((very, very2))))
    )  # fmt: skip
    return (phrase, other) if (sign > 0) == (label == 1) else (other, phrase)


def part(rng, made, split, patterns, counts):
    """The rows of one split: as many phrases of each pattern as counts says, half of them with either label."""
    rows = []
    for kind, (pattern, sign) in patterns.items():
        while sum(row[3] == kind for row in rows) < counts[kind]:
            label = len(rows) % 2
            phrase, other = fill(rng, pattern, label, sign)
            new = [(label, phrase, split, kind)]
            if kind in PAIRS:
                new.append((1 - label, other, split, kind))
            if not made & {row[1] for row in new}:
                made |= {row[1] for row in new}
                rows += new
    return rows


def phrases(seed=2017):
    """All rows (label, phrase, split, kind); no phrase occurs twice."""
    rng = random.Random(seed)
    rows = [(1, SLIDE[0], "test", "plain"), (0, SLIDE[1], "test", "negated")]
    rows += [(1, SLIDE[2], "test", "not-but"), (0, "neon is not amazing but dull", "test", "not-but")]
    made = {row[1] for row in rows}
    for split, times in SPLITS.items():
        kept = [row for row in rows if row[2] == split]
        counts = {kind: int(n * times) - sum(row[3] == kind for row in kept) for kind, n in COUNTS.items()}
        rows += part(rng, made, split, PATTERNS, counts)
    rows += part(rng, made, "longer", LONGER, dict.fromkeys(LONGER, EACH_LONGER))
    return rows + [(label, line, "wild", "wild") for label, lines in WILD.items() for line in lines.strip().split("\n")]


def main():
    lines = ["label\tphrase\tsplit\tkind", *("\t".join(map(str, row)) for row in phrases())]
    Path(__file__).with_name("phrases.tsv").write_bytes(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main()
