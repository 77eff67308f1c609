"""The functions that a weighted sum goes through, entry by entry, and their derivatives."""

import numpy as np


def sigmoid(a):
    """σ(a) = 1 / (1 + exp(-a)), written with tanh, which cannot overflow: σ(a) = (1 + tanh(a / 2)) / 2."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def relu(a):
    """What is positive stays, the rest becomes 0."""
    return np.maximum(a, 0)


# g_h, and its derivative written with the output h instead of the input a
ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "relu": (relu, lambda h: (h > 0).astype(h.dtype)),
    "linear": (lambda a: a, np.ones_like),
}
