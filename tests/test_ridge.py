"""Linear regression: against the normal equations, and at its edges."""

import numpy as np
import pytest

from unrolled import ridge


@pytest.mark.parametrize("penalty", [0.0, 0.3])
def test_the_fit_solves_the_normal_equations(penalty):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)) + 3, rng.normal(size=(40, 2)) - 7
    line = ridge.fit(x, y, penalty)
    error = line.predict(x) - y
    np.testing.assert_allclose(error.mean(axis=0), 0, atol=1e-12)  # the bias is free
    np.testing.assert_allclose(x.T @ error / 40 + penalty * line.W, 0, atol=1e-12)


def test_a_line_is_found_again_and_a_penalty_makes_it_smaller():
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(30, 3)), rng.normal(size=(3, 2))
    line = ridge.fit(x, x @ W + 5)
    np.testing.assert_allclose(line.W, W, atol=1e-12)
    np.testing.assert_allclose(line.b, 5, atol=1e-12)
    assert np.linalg.norm(ridge.fit(x, x @ W + 5, 1.0).W) < np.linalg.norm(W)


def test_more_columns_than_rows_give_the_shortest_weights():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 9)), rng.normal(size=(5, 1))
    np.testing.assert_allclose(ridge.fit(x, y).predict(x), y, atol=1e-10)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="penalty: expected zero or more, got -1"):
        ridge.fit(np.zeros((4, 2)), np.zeros((4, 1)), -1)
    with pytest.raises(ValueError, match=r"y: expected shape \(4, V\)"):
        ridge.fit(np.zeros((4, 2)), np.zeros((3, 1)))
