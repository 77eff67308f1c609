"""Where weights start. Each function draws a matrix (fan_in, fan_out) from an explicit generator."""

import numpy as np

from unrolled.arguments import check_rng, check_size


def glorot_uniform(rng, fan_in, fan_out):
    """Uniform in ±sqrt(6 / (fan_in + fan_out)): keeps the variance through a tanh layer. Glorot & Bengio (2010)."""
    limit = np.sqrt(6 / (fan_in + fan_out))
    return check_rng(rng).uniform(-limit, limit, (fan_in, fan_out))


def variance_scaling(rng, fan_in, fan_out):
    """Normal with standard deviation sqrt(2 / fan_in), cut at two of them and drawn again: for ReLU. He et al. (2015).

    The cut narrows the normal, so TensorFlow 1's `variance_scaling_initializer`, which the slides use, widens it by
    sqrt(1.3) first; so do we. The standard deviation that comes out is within 1 % of sqrt(2 / fan_in).
    """
    std = np.sqrt(1.3 * 2 / fan_in)
    draw = check_rng(rng).normal(0, std, (fan_in, fan_out))
    while (outside := np.abs(draw) > 2 * std).any():
        draw[outside] = rng.normal(0, std, outside.sum())
    return draw


def orthogonal(rng, fan_in, fan_out):
    """Rows or columns of length one, at right angles: W_hh then keeps the length of h. Saxe et al. (2014)."""
    q, r = np.linalg.qr(check_rng(rng).normal(size=(max(fan_in, fan_out), min(fan_in, fan_out))))
    q = q * np.sign(np.diag(r))  # without the signs the draw would not be uniform over rotations
    return q if fan_in >= fan_out else q.T


def identity(rng, fan_in, fan_out):
    """The identity matrix; nothing is drawn. A ReLU cell then starts as an adder that keeps all. Le et al. (2015)."""
    return np.eye(fan_in, fan_out)


def chrono(rng, hidden_size, longest):
    """Forget-gate biases log U(1, longest - 1), shape (H,); the input gate takes their negatives.

    A gate σ(b) keeps for about 1 / (1 - σ(b)) = 1 + exp(b) steps, so the units start with time scales from 2 to
    `longest` steps. Raises ValueError when longest is below 3. Tallec & Ollivier (2018).
    """
    if check_size("longest", longest) < 3:
        raise ValueError(f"longest: expected at least 3 steps, got {longest}")
    return np.log(check_rng(rng).uniform(1, longest - 1, check_size("hidden_size", hidden_size)))
