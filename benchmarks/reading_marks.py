"""What in a text a unit may have to do with, and how well each unit's numbers tell it.

A mark is known from the text up to a character and the one after: "in a speaker's name", "characters since the line
began". For a mark that is true or false the measure is the area under the ROC curve (AUC), the chance that the unit is
higher where the mark is true than where it is false: 0.5 says nothing, 1 and 0 tell it perfectly. For a mark that
counts it is Spearman's rank correlation. As there are 128 units with six numbers each, some fit by chance: the best
is chosen on the first half of the text, and the number that is reported comes from the second. Beside it stands how
well the current character alone tells the mark, because what that tells needs no memory.
"""

import re

import numpy as np

from unrolled import trained

QUANTITIES = ("C", "h", "f", "i", "o", "g")


def marks(text):
    """The marks of a text, a dict of arrays (T,): booleans, and whole numbers for what counts."""
    T = len(text)
    characters = np.array(list(text))
    after = np.append(characters[1:], " ")
    letter = np.char.isalpha(characters)
    name, speech = np.zeros(T, bool), np.zeros(T, bool)
    for found in re.finditer(r"(?:^|(?<=\n))[A-Z][A-Z' \-]+:(?=\n)", text):
        name[found.start() : found.end() - 1] = True  # the colon itself is the end
        first = text.find("\n", found.end() + 1)
        speech[found.end() : first if first > 0 else T] = True
    line = since(characters == "\n")
    spoken = np.cumsum(characters == "\n") - np.maximum.accumulate(np.where(name, np.cumsum(characters == "\n"), 0))
    to_end = since((characters == "\n")[::-1])[::-1]
    return {
        "in a speaker's name": name,
        "in the first line of a speech": speech & ~name,
        "in a word": letter,
        "the word ends here": letter & ~np.char.isalpha(after),
        "the next character is a vowel": np.isin(after, list("aeiouAEIOU")),
        "the next character ends the line": after == "\n",
        "at most 5 characters to the end of the line": to_end <= 5,
        "in a word that began with a capital": capital(characters, letter) & ~name,
        "after a comma or semicolon in the same line": after_comma(characters),
        "characters since the line began": line,
        "letters since the word began": np.where(letter, since(~letter), 0),
        "characters since the last . ? or !": since(np.isin(characters, list(".?!"))),
        "lines since the speaker's name": spoken,
        "characters since the speaker's name": since(name),
    }


def since(event):
    """(T,) steps since the event was last true; it counts from the start before the first."""
    steps = np.arange(len(event))
    last = np.maximum.accumulate(np.where(event, steps, -1))
    return steps - last


def capital(characters, letter):
    began = np.maximum.accumulate(np.where(~letter, np.arange(len(characters)), -1)) + 1
    first = characters[np.minimum(began, len(characters) - 1)]
    return letter & np.char.isupper(first) & (since(~letter) > 1)


def after_comma(characters):
    comma = np.isin(characters, [",", ";"])
    return since(comma) < since(characters == "\n")


def ranks(columns):
    """Ranks down each column of (T, N), ties in their middle, from 1."""
    ranked = np.empty(columns.shape)
    for k, column in enumerate(columns.T):
        _, place, count = np.unique(column, return_inverse=True, return_counts=True)
        ranked[:, k] = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranked


def fits(ranked, mark):
    """The fit of every column to a mark: AUC for a boolean mark, Spearman's correlation for a number."""
    if mark.dtype == bool:
        positive = mark.sum()
        return (ranked[mark].sum(axis=0) - positive * (positive + 1) / 2) / (positive * (len(mark) - positive))
    m = ranks(mark[:, None])[:, 0]
    m, r = m - m.mean(), ranked - ranked.mean(axis=0)
    return (m @ r) / np.sqrt((m @ m) * (r * r).sum(axis=0))


def strength(fit, mark):
    """How far a fit is from saying nothing: 0 to 1."""
    return np.abs(2 * fit - 1) if mark.dtype == bool else np.abs(fit)


def from_character(text, halves, mark):
    """The fit of the best guess that sees the current character alone: its mean mark in the first half."""
    characters = np.array(list(text))
    means = {c: mark[halves[0]][characters[halves[0]] == c].mean() for c in set(characters[halves[0]])}
    guess = np.array([means.get(c, mark[halves[0]].mean()) for c in characters[halves[1]]])
    return float(fits(ranks(guess[:, None]), mark[halves[1]])[0])


def values(network, text):
    """The numbers of every unit at every character: a dict of arrays (T, H)."""
    read = trained.read(network, text)
    return {quantity: getattr(read, quantity) for quantity in QUANTITIES}


def evidence(network, text, best=3):
    """Everything measured about the units, ready for the result file."""
    read, found = values(network, text), {}
    half = len(text) // 2
    halves = slice(0, half), slice(half, len(text))
    ranked = [{q: ranks(read[q][part]) for q in QUANTITIES} for part in halves]
    every = marks(text)
    table = {q: {} for q in ("C", "f", "i", "o")}
    for name, mark in every.items():
        first, second = (
            {q: fits(r[q], mark[part]) for q in QUANTITIES} for r, part in zip(ranked, halves, strict=True)
        )
        places = [(strength(first[q], mark)[u], q, u) for q in QUANTITIES for u in range(len(first[q]))]
        chosen = sorted(places, reverse=True)[:best]
        found[name] = {
            "measure": "AUC" if mark.dtype == bool else "Spearman",
            "share": float(mark.mean()) if mark.dtype == bool else None,
            "character_alone": round(from_character(text, halves, mark), 3),
            "best": [{"unit": u, "quantity": q, "fit": round(float(second[q][u]), 3)} for _, q, u in chosen],
        }
        for q in table:
            table[q][name] = [round(float(v), 3) for v in second[q]]
    return {
        "text": "validation; chosen on its first half, fits measured on the second",
        "marks": found,
        "fits": table,
        "saturation": saturation(read),
        "memory": [round(float(m), 2) for m in (-1 / logarithm(read["f"])).mean(axis=0)],
        "horizon": [round(float(m), 2) for m in -1 / logarithm(read["f"]).mean(axis=0)],
    }


def logarithm(f):
    """log f, finite. -1 / log f is how many steps a cell state takes to shrink to 1/e behind this forget gate.

    Its mean over time, "memory", is ruled by the moments at which f is nearly 1. "horizon", -1 / mean of log f, is how
    many steps the cell really takes, because the gates it passes multiply.
    """
    return np.log(np.clip(f, 1e-12, 1 - 1e-9))


def saturation(read):
    """For each gate the share of its activations above 0.9, below 0.1, and the same for every unit."""
    return {
        q: {
            "open": float((read[q] > 0.9).mean()),
            "shut": float((read[q] < 0.1).mean()),
            "open_by_unit": [round(float(v), 3) for v in (read[q] > 0.9).mean(axis=0)],
            "shut_by_unit": [round(float(v), 3) for v in (read[q] < 0.1).mean(axis=0)],
        }
        for q in ("f", "i", "o")
    }
