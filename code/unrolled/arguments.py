"""Checks at the doors of the package: each error names the argument, what was expected and what came."""

import numpy as np


def check_array(name, value, shape, dtype=None):
    """Return `value` if it is a floating-point array of this shape without NaN or infinity.

    shape: one entry per axis, an int that must match or a letter that stands for any size of at least 1.
    dtype: that of params, which must match too; None takes any float. Raises TypeError for anything but a float
    array or another dtype, ValueError for a wrong shape, an empty axis, NaN or infinity.
    """
    wanted = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{name}: expected a NumPy array of shape {wanted}, got {type(value).__name__}")
    if not np.issubdtype(value.dtype, np.floating):
        raise TypeError(f"{name}: expected floating-point numbers, got dtype {value.dtype}; use {name}.astype(float)")
    if dtype is not None and value.dtype != dtype:
        raise TypeError(f"{name}: expected {dtype} as the params have, got {value.dtype}")
    fits = value.ndim == len(shape) and all(
        size >= 1 and (isinstance(want, str) or size == want) for size, want in zip(value.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name}: expected shape {wanted} with no axis empty, got {value.shape}")
    if not np.isfinite(value).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{name}: expected finite numbers, got {value[where]} at index {where}")
    return value


def check_lengths(lengths, T, B):
    """Return `lengths` as an array if they are B whole numbers from 1 to T, else raise ValueError."""
    lengths = np.asarray(lengths)
    if lengths.shape != (B,) or not np.issubdtype(lengths.dtype, np.integer):
        raise ValueError(f"lengths: expected {B} whole numbers, got shape {lengths.shape} of {lengths.dtype}")
    if lengths.min() < 1 or lengths.max() > T:
        raise ValueError(f"lengths: expected numbers from 1 to T = {T}, got {lengths.min()} to {lengths.max()}")
    return lengths


def check_size(name, value):
    """Return `value` if it is a whole number of at least 1, else raise TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected a whole number, got {value!r} ({type(value).__name__})")
    if value < 1:
        raise ValueError(f"{name}: expected at least 1, got {value}")
    return int(value)


def check_rng(rng):
    """Return `rng` if it is a NumPy Generator, else raise TypeError that says how to make one."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a NumPy Generator such as np.random.default_rng(0), got {type(rng).__name__}")
    return rng
