"""From phrases to arrays: a vocabulary, one number a word, and sequences of different lengths side by side."""

import numpy as np

from unrolled.arguments import check_array


def vocabulary(texts):
    """The different words of the texts, in alphabetical order. Words are what stands between blanks."""
    return sorted({word for text in texts for word in text.split()})


def one_hot(text, vocabulary, dtype=np.float64):
    """The words of a text as rows (T, D): a one at the place of the word in the vocabulary, which has D words.

    A word that is not in the vocabulary is a row of zeros. Raises ValueError for a text without words.
    """
    words = text.split()
    if not words:
        raise ValueError(f"text: expected at least one word, got {text!r}")
    place = {word: at for at, word in enumerate(vocabulary)}
    places = [place.get(word, len(vocabulary)) for word in words]
    return np.eye(len(vocabulary) + 1, dtype=dtype)[places, :-1]  # the column that is cut off is that of other words


def pad(sequences):
    """Sequences of different lengths, a list of B arrays (T_b, D), as one array: xs (T, B, D) and lengths (B,).

    T is the longest length; the others are filled up with zeros behind their end. `unroll` and `bptt` take the
    lengths and leave the padding alone. Raises ValueError for an empty list, an empty sequence or unequal D.
    """
    if not sequences:
        raise ValueError("sequences: expected at least one, got an empty list")
    D, dtype = sequences[0].shape[-1], sequences[0].dtype
    for number, sequence in enumerate(sequences):
        check_array(f"sequences[{number}]", sequence, ("T", D), dtype)
    lengths = np.array([len(sequence) for sequence in sequences])
    xs = np.zeros((lengths.max(), len(sequences), D), dtype)
    for number, sequence in enumerate(sequences):
        xs[: len(sequence), number] = sequence
    return xs, lengths
