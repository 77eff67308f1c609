"""The slides' series, and what is cut from a series."""

import numpy as np
import pytest

from unrolled import data
from unrolled.tasks.series import RESOLUTION, T_MAX, sliding_windows, time_series, training_instances


def test_the_series_is_the_slides():
    t = np.pi / 2
    assert time_series(t) == pytest.approx(t / 3 + 2)
    assert time_series(0.0) == 0


def test_training_instances_are_pieces_and_their_continuation():
    xs, targets = training_instances(np.random.default_rng(0), 50, 20)
    assert xs.shape == targets.shape == (20, 50, 1)
    np.testing.assert_array_equal(xs[1:], targets[:-1])
    dense = time_series(np.arange(0, T_MAX, 0.001))
    for b in range(5):  # each piece lies on the series
        first = np.abs(dense - xs[0, b, 0]).argsort()[:200] * 0.001
        errors = np.abs(time_series(first[:, None] + RESOLUTION * np.arange(20)) - xs[:, b, 0]).max(axis=1)
        assert errors.min() < 0.02


def test_training_instances_stay_between_the_times():
    xs, targets = training_instances(np.random.default_rng(0), 4000, 20, t_min=0, t_max=2.1)
    assert max(xs.max(), targets.max()) <= time_series(np.arange(0, 2.1, 0.001)).max() + 1e-4
    assert np.abs(xs[0]).max() <= np.abs(time_series(np.arange(0, 0.1001, 0.001))).max()


def test_sliding_windows_end_before_their_targets_begin():
    values = np.arange(24.0).reshape(12, 2)
    xs, targets = sliding_windows(values, 4, 3)
    assert xs.shape == (4, 6, 2)
    assert targets.shape == (3, 6, 2)
    for b in range(6):
        np.testing.assert_array_equal(xs[:, b], values[b : b + 4])
        np.testing.assert_array_equal(targets[:, b], values[b + 4 : b + 7])


def test_bad_arguments_are_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="t_max: expected more than t_min"):
        training_instances(rng, 5, 20, t_min=29)
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        training_instances(0, 5, 20)
    with pytest.raises(ValueError, match=r"values: expected at least steps \+ horizon = 7 of them, got 6"):
        sliding_windows(np.zeros((6, 1)), 4, 3)
    with pytest.raises(ValueError, match=r"values: expected shape \(N, D\)"):
        sliding_windows(np.zeros(6), 4)


def test_seattle_is_four_years_without_a_gap():
    weather = data.seattle()
    assert weather.values.shape == (1461, 4)
    assert (np.diff(weather.days) == np.timedelta64(1, "D")).all()
    assert str(weather.days[0]) == "2012-01-01"
    high, low, precipitation, wind = weather.values.T
    assert (high >= low).all()
    assert (high.min(), high.max()) == (-1.6, 35.6)
    assert (precipitation.max(), wind.max()) == (55.9, 9.5)
    assert len(weather.names) == 4
