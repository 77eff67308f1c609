"""The small tasks: each label computed in another way, and shapes in which no two sizes are equal."""

import numpy as np
import pytest

from unrolled.tasks import seq2seq


def test_number_words():
    words = [seq2seq.number_word(n) for n in (0, 7, 12, 20, 47, 90, 99)]
    assert words == ["zero", "seven", "twelve", "twenty", "forty-seven", "ninety", "ninety-nine"]
    assert len({seq2seq.number_word(n) for n in range(100)}) == 100
    for n in (-1, 100, 7.5):
        with pytest.raises(ValueError, match="n: expected a whole number from 0 to 99"):
            seq2seq.number_word(n)


def test_spelling_reads_the_number_once_and_asks_for_every_letter_and_the_point():
    task = seq2seq.spelling([7, 47])
    assert task.xs.shape == (12, 2, 20) and task.counts.sum(axis=0).tolist() == [6, 12]
    assert np.argwhere(task.xs).tolist() == [[0, 0, 0], [0, 0, 17], [0, 1, 4], [0, 1, 17]]
    for b, word in enumerate(("seven.", "forty-seven.")):
        assert "".join(seq2seq.LETTERS[k] for k in task.labels[task.counts[:, b], b]) == word


def test_sums_are_those_of_whole_numbers():
    task = seq2seq.sums(np.random.default_rng(0), 8, 5)
    assert task.xs.shape == (9, 5, 2) and task.labels.shape == (9, 5) and task.counts.all()
    weight = 2 ** np.arange(9)
    first, second = (weight @ task.xs[:, :, k] for k in (0, 1))
    np.testing.assert_array_equal(weight @ task.labels, first + second)
    assert (first < 256).all() and (first + second).max() > 255  # a last carry occurs


def test_backwards_says_after_the_sign_what_was_read_from_its_end():
    task = seq2seq.backwards(np.random.default_rng(0), 3, 5, 4)
    assert task.xs.shape == (6, 5, 5) and (task.xs.sum(axis=2) == 1).all()
    np.testing.assert_array_equal(task.labels[3:], task.xs[:3].argmax(axis=2)[::-1])
    assert (task.xs[3:].argmax(axis=2) == 4).all() and (task.xs[:3].argmax(axis=2) < 4).all()
    assert task.counts.tolist() == [[False] * 5] * 3 + [[True] * 5] * 3


def test_all_right_forgives_only_what_does_not_count():
    task = seq2seq.backwards(np.random.default_rng(1), 2, 3, 4)
    logits = np.eye(4)[task.labels]
    assert seq2seq.all_right(logits, task) == 1
    logits[0] = -logits[0]  # not counted
    assert seq2seq.all_right(logits, task) == 1
    logits[3, 1] = -logits[3, 1]
    assert seq2seq.all_right(logits, task) == pytest.approx(2 / 3)


def test_scrambled_draws_every_length_and_keeps_what_it_is_asked_to():
    strings = seq2seq.scrambled(np.random.default_rng(0), 200, 2, 5)
    assert len(strings) == 200 and {len(s) for s in strings} == {2, 3, 4, 5}
    assert set("".join(strings)) == set("abcdefgh")
    kept = seq2seq.scrambled(np.random.default_rng(0), 30, 3, 3, lambda answer: answer[0] == "a")
    assert all(len(s) == 3 and "a" in s for s in kept) and any(s[0] != "a" for s in kept)
    with pytest.raises(ValueError, match="shortest: expected at least 1"):
        seq2seq.scrambled(np.random.default_rng(0), 3, 0, 5)
    with pytest.raises(ValueError, match="longest: expected at least 4 like shortest, got 3"):
        seq2seq.scrambled(np.random.default_rng(0), 3, 4, 3)


def test_sorting_reads_a_string_and_asks_for_its_letters_in_order_and_the_full_stop():
    strings = ["hedge", "ba", "cab"]
    task = seq2seq.sorting(strings)
    assert task.xs.shape == (5, 3, 8) and task.symbols.shape == task.counts.shape == (6, 3)
    for b, string in enumerate(strings):
        read = task.xs[: task.lengths[b], b].argmax(axis=1)
        due = task.symbols[task.counts[:, b], b]
        assert "".join(seq2seq.SORTED[k] for k in read) == string
        assert "".join(seq2seq.SORTED[k] for k in due) == "".join(sorted(string)) + "."
