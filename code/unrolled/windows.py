"""What a network with a fixed window sees of a sequence."""

import numpy as np

from unrolled.arguments import check_array, check_size


def windows(xs, k):
    """At every step the last k inputs side by side, the oldest first.

    xs (T, B, D) becomes (T, B, kD). Before the first step stand zeros.
    Raises TypeError or ValueError that names the argument.
    """
    T, B, D = check_array("xs", xs, ("T", "B", "D")).shape
    nothing = np.zeros((check_size("k", k) - 1, B, D), xs.dtype)
    padded = np.concatenate([nothing, xs])
    parts = [padded[i : i + T] for i in range(k)]
    return np.concatenate(parts, axis=-1)  # (T, B, kD)
