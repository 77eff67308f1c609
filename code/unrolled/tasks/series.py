"""Time series: the slides' generated one, and what is cut from a series to learn from. Slides "Time series"."""

import numpy as np

from unrolled.arguments import check_array, check_rng, check_size

T_MIN, T_MAX, RESOLUTION = 0.0, 30.0, 0.1


def time_series(t):
    """f(t) = t sin(t) / 3 + 2 sin(5t), for a number or an array. Géron (2017), chapter 14."""
    return t * np.sin(t) / 3 + 2 * np.sin(5 * t)


def training_instances(rng, batch_size, steps, t_min=T_MIN, t_max=T_MAX):
    """Pieces of the series from random places: the inputs, and as targets the same piece one value later.

    Both are (T, B, 1) with T = steps, B = batch_size; all times lie between t_min and t_max. Raises TypeError or
    ValueError that names the argument.
    """
    B, T = check_size("batch_size", batch_size), check_size("steps", steps)
    if not t_max - t_min > T * RESOLUTION:
        raise ValueError(
            f"t_max: expected more than t_min + {T * RESOLUTION:g} = {t_min + T * RESOLUTION:g}, got {t_max}"
        )
    first = check_rng(rng).uniform(t_min, t_max - T * RESOLUTION, B)
    values = time_series(first + RESOLUTION * np.arange(T + 1)[:, None])[..., None]  # (T + 1, B, 1)
    return values[:-1], values[1:]


def sliding_windows(values, steps, horizon=1):
    """All pairs of `steps` neighbouring values and the `horizon` values that follow them, in the order of time.

    values: (N, D). Returns xs (T, B, D) with T = steps and B = N - steps - horizon + 1, and targets (horizon, B, D):
    xs[:, b] ends just before targets[:, b] begins. Raises TypeError or ValueError that names the argument.
    """
    T, F = check_size("steps", steps), check_size("horizon", horizon)
    N, _ = check_array("values", values, ("N", "D")).shape
    if N < T + F:
        raise ValueError(f"values: expected at least steps + horizon = {T + F} of them, got {N}")
    rows = np.arange(T + F)[:, None] + np.arange(N - T - F + 1)  # (T + F, B), which value stands where
    return values[rows[:T]], values[rows[T:]]
