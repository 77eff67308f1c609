"""Is a hand-written gradient right? Move one number a little, see how the loss moves, compare."""

import numpy as np


def finite_difference(loss, array, epsilon=1e-6):
    """The gradient of loss() with respect to `array`, entry by entry: (loss(+ε) - loss(-ε)) / 2ε.

    loss: a function without arguments that reads `array`. array: float64, changed for a moment and put back.
    Raises TypeError for another dtype: in float32 the rounding is larger than the difference.
    """
    if array.dtype != np.float64:
        raise TypeError(f"array: expected float64, got {array.dtype}; rounding would drown the difference")
    grad = np.empty_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + epsilon
        above = loss()
        array[index] = kept - epsilon
        below = loss()
        array[index] = kept
        grad[index] = (above - below) / (2 * epsilon)
    return grad


def check(loss, arrays, grads, rtol=1e-6, epsilon=1e-6):
    """Compare hand-written gradients with finite differences; return the largest relative error.

    arrays, grads: dicts with the same names. The error of an array is its largest difference divided by its largest
    gradient. Raises AssertionError that names the array when the error exceeds rtol or a shape differs.
    """
    worst = 0.0
    for name, array in arrays.items():
        if np.shape(grads[name]) != array.shape:  # or broadcasting would compare what does not belong together
            raise AssertionError(f"gradient of {name}: expected shape {array.shape}, got {np.shape(grads[name])}")
        numeric = finite_difference(loss, array, epsilon)
        error = np.abs(grads[name] - numeric).max() / max(np.abs(numeric).max(), 1e-8)
        if not error <= rtol:
            raise AssertionError(f"gradient of {name}: relative error {error:.1e} exceeds {rtol:.0e}")
        worst = max(worst, error)
    return worst
