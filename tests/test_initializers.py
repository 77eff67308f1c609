"""Where weights start: their spread, and what each scheme promises."""

import numpy as np
import pytest

from unrolled import initializers


def test_glorot_uniform_has_its_limit_and_variance():
    w = initializers.glorot_uniform(np.random.default_rng(0), 300, 500)
    limit = np.sqrt(6 / 800)
    assert w.shape == (300, 500)
    assert np.abs(w).max() <= limit
    assert w.std() == pytest.approx(limit / np.sqrt(3), rel=0.01)


def test_variance_scaling_has_hes_spread_and_no_tails():
    w = initializers.variance_scaling(np.random.default_rng(0), 400, 300)
    assert w.std() == pytest.approx(np.sqrt(2 / 400), rel=0.01)
    assert np.abs(w).max() <= 2 * np.sqrt(2.6 / 400)


@pytest.mark.parametrize(("fan_in", "fan_out"), [(5, 5), (7, 4), (3, 6)])
def test_orthogonal_is_orthogonal(fan_in, fan_out):
    q = initializers.orthogonal(np.random.default_rng(0), fan_in, fan_out)
    product = q.T @ q if fan_in >= fan_out else q @ q.T
    np.testing.assert_allclose(product, np.eye(min(fan_in, fan_out)), atol=1e-12)


@pytest.mark.parametrize("scheme", ["glorot_uniform", "variance_scaling", "orthogonal"])
def test_the_same_seed_gives_the_same_weights_and_no_seed_is_refused(scheme):
    draw = getattr(initializers, scheme)
    np.testing.assert_array_equal(draw(np.random.default_rng(3), 4, 5), draw(np.random.default_rng(3), 4, 5))
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        draw(np.random, 4, 5)


def test_identity_is_the_identity_whatever_the_seed():
    np.testing.assert_array_equal(initializers.identity(np.random.default_rng(0), 3, 3), np.eye(3))
    np.testing.assert_array_equal(initializers.identity(np.random.default_rng(1), 2, 3), np.eye(2, 3))


def test_chrono_spreads_the_time_scales_over_the_longest_sequence():
    b = initializers.chrono(np.random.default_rng(0), 20_000, 100)
    scales = 1 + np.exp(b)  # how many steps a gate σ(b) keeps
    assert b.shape == (20_000,)
    assert scales.min() >= 2
    assert scales.max() <= 100
    assert scales.mean() == pytest.approx(51, rel=0.02)
    assert scales.std() == pytest.approx(98 / np.sqrt(12), rel=0.02)
    with pytest.raises(ValueError, match="longest: expected at least 3 steps, got 2"):
        initializers.chrono(np.random.default_rng(0), 5, 2)
