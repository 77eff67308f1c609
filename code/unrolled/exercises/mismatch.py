"""Says how what a function returned differs from what was expected, in words for a reader."""

import numpy as np

FLOATS = (float, int, np.floating, np.integer)


def name_of(value):
    """What a value is, in words for a reader."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return "a masked array" if isinstance(value, np.ma.MaskedArray) else "a NumPy array"
    name = type(value).__name__[:40]
    return {"ellipsis": "the `...` of the starter", "generator": "a generator (is there a `yield`?)"}.get(
        name, f"{'an' if name[0] in 'aeiou' else 'a'} `{name}`"
    )


def complaint(expected, came, tolerance, what="the result"):
    """Why `came` is not `expected`: (kind, words), or None when it is. Tuples and dicts are compared part by part."""
    if came is None:
        return "none", f"{what} is None. Is there a `return`?"
    if isinstance(expected, dict):
        return _dict(expected, came, tolerance, what)
    if isinstance(expected, tuple | list):
        return _tuple(expected, came, tolerance, what)
    if not isinstance(expected, np.ndarray):
        return _number(expected, came, tolerance, what)
    return _array(expected, came, tolerance, what)


def _dict(expected, came, tolerance, what):
    if not isinstance(came, dict):
        return "type", f"{what} should be a dict; {name_of(came)} came."
    for key, part in expected.items():
        if key not in came:
            return "type", f"{what} has no entry `{key!r}`."
        if found := complaint(part, came[key], tolerance, f"{what}[{key!r}]"):
            return found
    return None


def _tuple(expected, came, tolerance, what):
    if not isinstance(came, tuple | list):
        return "type", f"{what} should be {len(expected)} things; {name_of(came)} came."
    if len(came) != len(expected):
        return "type", f"{what} should be {len(expected)} things; {len(came)} came."
    names = getattr(expected, "_fields", None) or [f"{i + 1}" for i in range(len(expected))]
    for name, part, theirs in zip(names, expected, came, strict=True):
        if found := complaint(part, theirs, tolerance, f"{what.removesuffix(',')}, part {name},"):
            return found
    return None


def _number(expected, came, tolerance, what):
    array = isinstance(came, np.ndarray) and not isinstance(came, np.ma.MaskedArray)
    if array:
        came = np.asarray(came)  # a subclass, such as a matrix, does some things differently
        came = came[()] if came.shape == () and came.dtype.kind in "fiu" else came
    if isinstance(came, bool) or not isinstance(came, FLOATS):
        if array:
            return "shape", f"{what} should be one number; an array of shape {came.shape} came."
        return "type", f"{what} should be one number; {name_of(came)} came."
    try:
        return _values(np.float64(expected), np.float64(came), tolerance, what)
    except OverflowError:
        return "value", f"{what} is a number too large for floating point."


def _array(expected, came, tolerance, what):
    if not isinstance(came, np.ndarray) or isinstance(came, np.ma.MaskedArray):
        return "type", f"{what} should be a NumPy array of shape {expected.shape}; {name_of(came)} came."
    came = np.asarray(came)
    if came.dtype.kind == "O":
        return "dtype", f"{what} is an array of objects, not of numbers. Are its rows of different lengths?"
    if came.dtype.kind not in "fiub":
        return "dtype", f"{what} should hold numbers of dtype {expected.dtype}; `{came.dtype.name[:20]}` came."
    if came.shape != expected.shape:
        return "shape", f"{what} should have shape {expected.shape}; {came.shape} came.{_shapes(expected, came)}"
    found = _values(expected, came, tolerance, what)
    if not found and came.dtype != expected.dtype:
        kind = "whole numbers" if came.dtype.kind in "iub" else "another precision"
        return "dtype", f"{what} has the right values, but dtype {came.dtype}, {kind}; {expected.dtype} is expected."
    return found


def _shapes(expected, came):
    """What a wrong shape suggests."""
    if came.ndim > 1 and came.shape == expected.shape[::-1]:
        return " Is it transposed?"
    if came.ndim and sorted(came.shape) == sorted(expected.shape):
        return " Are two axes swapped?"
    if came.size == expected.size and came.size > 1:
        return " The count of numbers is right, their arrangement is not."
    if came.ndim < expected.ndim:
        return " An axis is missing: was one summed over, or indexed away?"
    if came.ndim > expected.ndim:
        return " There is an axis too many."
    return ""


def _values(expected, came, tolerance, what):
    """Compare numbers of the same shape. The error is measured against the largest number expected."""
    if not np.isfinite(came).all():
        kind = "NaN" if np.isnan(came).any() else "infinity"
        return "nan", f"{what} contains {kind}. Was something too large for exp, or divided by 0?"
    with np.errstate(over="ignore"):
        wide = np.asarray(expected, np.float64), np.asarray(came, np.float64)
        error = np.abs(wide[0] - wide[1])
    if not error.size or error.max() <= tolerance * max(1.0, np.abs(wide[0]).max()):
        return None
    where = np.unravel_index(error.argmax(), error.shape)
    place = f" at index {tuple(int(i) for i in where)}" if error.ndim else ""
    return "value", f"{what} is off{place}: {wide[0][where]:.6g} expected, {wide[1][where]:.6g} came."
