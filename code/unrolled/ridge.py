"""Linear regression with a closed form: the cheapest forecast that learns, and the one to beat."""

from typing import NamedTuple

import numpy as np

from unrolled.arguments import check_array


class Linear(NamedTuple):
    """y = x W + b."""

    W: np.ndarray  # (K, V)
    b: np.ndarray  # (V,)

    def predict(self, x):
        """x (N, K) -> (N, V)."""
        return x @ self.W + self.b


def fit(x, y, penalty=0.0):
    """The line that makes mean (x W + b - y)^2 + penalty W^2 smallest, with b free of the penalty.

    x: (N, K). y: (N, V). Hoerl & Kennard (1970). Raises TypeError or ValueError that names the argument.
    """
    N, K = check_array("x", x, ("N", "K")).shape
    check_array("y", y, (N, "V"))
    if not penalty >= 0:
        raise ValueError(f"penalty: expected zero or more, got {penalty!r}")
    x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
    rows = np.concatenate([x - x_mean, np.sqrt(N * penalty) * np.eye(K)])  # the penalty as K more examples
    W = np.linalg.lstsq(rows, np.concatenate([y - y_mean, np.zeros((K, y.shape[1]))]), rcond=None)[0]
    return Linear(W, y_mean - x_mean @ W)
