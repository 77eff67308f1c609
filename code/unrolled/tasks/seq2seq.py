"""Small tasks answered with a sequence: numbers spelled, binary numbers added, strings said backwards or sorted."""

from typing import NamedTuple

import numpy as np

from unrolled import words
from unrolled.arguments import check_rng, check_size

BELOW_20 = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
LETTERS = "abcdefghijklmnopqrstuvwxyz-."  # the full stop says: the word ends here
SORTED = "abcdefgh."


class Task(NamedTuple):
    """A batch: what is read, what should be answered, and which answers count."""

    xs: np.ndarray  # (T, B, D)
    labels: np.ndarray  # (T, B) whole numbers
    counts: np.ndarray  # (T, B) True where an output counts


class Sorting(NamedTuple):
    """A batch for `EncoderDecoder`: what is read, how long it is, what should be written, and which of it counts."""

    xs: np.ndarray  # (T, B, D)
    lengths: np.ndarray  # (B,)
    symbols: np.ndarray  # (T + 1, B) whole numbers
    counts: np.ndarray  # (T + 1, B) True up to "the end"


def number_word(n):
    """47 is "forty-seven". n: 0 to 99, else ValueError."""
    if n not in range(100):
        raise ValueError(f"n: expected a whole number from 0 to 99, got {n!r}")
    if n < 20:
        return BELOW_20[n]
    return TENS[n // 10 - 2] + ("" if n % 10 == 0 else "-" + BELOW_20[n % 10])


def spelling(numbers):
    """One to sequence: a number at the first step (ten digits for the tens, ten for the units), its letters out."""
    spelled = [number_word(n) + "." for n in numbers]
    T, B = max(map(len, spelled)), len(spelled)
    xs, labels, counts = np.zeros((T, B, 20)), np.zeros((T, B), int), np.zeros((T, B), bool)
    for b, (n, word) in enumerate(zip(numbers, spelled, strict=True)):
        xs[0, b, [n // 10, 10 + n % 10]] = 1
        labels[: len(word), b] = [LETTERS.index(letter) for letter in word]
        counts[: len(word), b] = True
    return Task(xs, labels, counts)


def sums(rng, digits, batch_size):
    """Sequence to sequence in step: two binary numbers, lowest digit first; at each step a digit of their sum.

    The numbers have `digits` digits and a zero behind, so that the last carry has its step: T = digits + 1.
    """
    T, B = check_size("digits", digits) + 1, check_size("batch_size", batch_size)
    pairs = check_rng(rng).integers(0, 2, (T, B, 2))
    pairs[-1] = 0
    labels, carry = np.zeros((T, B), int), np.zeros(B, int)
    for t in range(T):
        total = pairs[t].sum(axis=1) + carry
        labels[t], carry = total % 2, total // 2
    return Task(pairs.astype(float), labels, np.ones((T, B), bool))


def backwards(rng, length, batch_size, letters):
    """Sequence to sequence delayed: read a string of `length` letters, then say it backwards.

    T = 2 · length. While it reads, x is one of the letters and no output counts; then x is the sign "now you", one
    entry more, and every output counts.
    """
    L, B, V = check_size("length", length), check_size("batch_size", batch_size), check_size("letters", letters)
    string = check_rng(rng).integers(0, V, (L, B))
    xs = np.concatenate([np.eye(V + 1)[string], np.tile(np.eye(V + 1)[V], (L, B, 1))])  # (2L, B, V + 1)
    counts = np.arange(2 * L)[:, None] >= np.full(B, L)
    return Task(xs, np.concatenate([np.zeros_like(string), string[::-1]]), counts)


def scrambled(rng, count, shortest, longest, keep=lambda answer: True):
    """`count` strings of letters a to h: a length is drawn for each, then every letter of it.

    keep: a function; a string whose letters in alphabetical order it refuses is drawn again.
    Raises ValueError when longest is below shortest.
    """
    rng, count = check_rng(rng), check_size("count", count)
    least, most = check_size("shortest", shortest), check_size("longest", longest)
    if most < least:
        raise ValueError(f"longest: expected at least {least} like shortest, got {most}")
    strings = []
    while len(strings) < count:
        letters = rng.integers(0, len(SORTED) - 1, rng.integers(least, most + 1))
        string = "".join(SORTED[k] for k in letters)
        if keep("".join(sorted(string))):
            strings.append(string)
    return strings


def sorting(strings):
    """Sequence to sequence delayed: read a string of letters a to h, then write them in alphabetical order, and ".".

    The strings may differ in length. Returns what `EncoderDecoder.gradients` takes: xs (T, B, 8), lengths (B,),
    symbols (T + 1, B) with the places of the letters in SORTED, and counts (T + 1, B), True up to the full stop.
    """
    V = len(SORTED)
    codes = [np.array([SORTED.index(letter) for letter in string]) for string in strings]
    xs, lengths = words.pad([np.eye(V)[code, :-1] for code in codes])
    symbols = np.full((len(xs) + 1, len(strings)), V - 1)
    for b, code in enumerate(codes):
        symbols[: len(code), b] = np.sort(code)
    return Sorting(xs, lengths, symbols, np.arange(len(symbols))[:, None] <= lengths)


def all_right(logits, task):
    """The share of sequences of which every output that counts is right."""
    return float(((logits.argmax(axis=2) == task.labels) | ~task.counts).all(axis=0).mean())
