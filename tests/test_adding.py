"""The adding problem: what is marked, what guessing costs, bad arguments."""

import numpy as np
import pytest

from unrolled.tasks.adding import adding


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    xs, targets = adding(np.random.default_rng(0), batch_size=300, steps=7)
    assert xs.shape == (7, 300, 2)
    assert targets.shape == (300, 1)
    assert xs.dtype == targets.dtype == np.float32
    numbers, marks = xs[..., 0], xs[..., 1]
    assert set(np.unique(marks)) == {0, 1}
    assert (marks[:3].sum(axis=0) == 1).all()
    assert (marks[3:].sum(axis=0) == 1).all()
    assert (marks.sum(axis=1) > 0).all()  # every step has its turn
    np.testing.assert_allclose((numbers * marks).sum(axis=0), targets[:, 0], rtol=1e-6)
    assert 0 <= numbers.min() < 0.01 < 0.99 < numbers.max() <= 1


def test_adding_costs_what_its_docstring_says():
    xs, targets = adding(np.random.default_rng(1), 200_000, 4, np.float64)
    assert ((targets - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.01)
    second = (xs[2:, :, 0] * xs[2:, :, 1]).sum(axis=0)
    assert ((targets[:, 0] - second - 0.5) ** 2).mean() == pytest.approx(1 / 12, rel=0.01)


def test_adding_is_fixed_by_its_generator_and_names_bad_arguments():
    first, again, other = (adding(np.random.default_rng(s), 3, 5)[0] for s in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(ValueError, match="steps: expected at least 2"):
        adding(np.random.default_rng(0), 3, 1)
    with pytest.raises(ValueError, match="batch_size: expected at least 1, got 0"):
        adding(np.random.default_rng(0), 0, 5)
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        adding(0, 3, 5)
