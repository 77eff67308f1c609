"""Phrases as arrays: the right places, the right lengths, padding that is seen by nobody."""

import numpy as np
import pytest

from unrolled import LSTM, unroll, words

TEXTS = ["neon is not dull but amazing", "neon is amazing", "dull"]


def test_the_vocabulary_is_sorted_and_holds_each_word_once():
    assert words.vocabulary(TEXTS) == ["amazing", "but", "dull", "is", "neon", "not"]


def test_one_hot_puts_a_one_at_the_words_place_and_nothing_for_a_word_never_seen():
    xs = words.one_hot("is neon sparkling", words.vocabulary(TEXTS), np.float32)
    assert xs.shape == (3, 6) and xs.dtype == np.float32
    assert xs.argmax(axis=1).tolist()[:2] == [3, 4]
    assert xs.sum(axis=1).tolist() == [1, 1, 0]


def test_pad_keeps_every_sequence_and_fills_up_behind_it():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(T, 3)) for T in (2, 5, 1, 4)]
    xs, lengths = words.pad(sequences)
    assert xs.shape == (5, 4, 3) and lengths.tolist() == [2, 5, 1, 4]
    for b, sequence in enumerate(sequences):
        np.testing.assert_array_equal(xs[: len(sequence), b], sequence)
        assert not xs[len(sequence) :, b].any()


def test_a_padded_phrase_ends_in_the_same_state_as_the_phrase_alone():
    rng, vocabulary = np.random.default_rng(1), words.vocabulary(TEXTS)
    cell = LSTM()
    params = cell.init(rng, len(vocabulary), 4)
    xs, lengths = words.pad([words.one_hot(text, vocabulary) for text in TEXTS])
    _, states = unroll(cell, params, xs, lengths=lengths)
    for b, text in enumerate(TEXTS):
        _, alone = unroll(cell, params, words.one_hot(text, vocabulary)[:, None])
        np.testing.assert_allclose(states[-1].h[b], alone[-1].h[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: words.one_hot("  ", ["a"]), "text: expected at least one word"),
        (lambda: words.pad([]), "sequences: expected at least one"),
        (lambda: words.pad([np.ones((2, 3)), np.ones((0, 3))]), r"sequences\[1\]: expected shape"),
        (lambda: words.pad([np.ones((2, 3)), np.ones((2, 4))]), r"sequences\[1\]: expected shape"),
        (lambda: words.pad([np.ones((2, 3)), np.full((2, 3), np.nan)]), r"sequences\[1\]: expected finite"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
