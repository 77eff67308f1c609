"""The simple recurrent cell: h(t) = g_h(W_I x(t) + W_R h(t-1) + b_h). Slides "Recurrent Neuron"; Elman (1990)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unrolled.arguments import check_array, check_rng, check_size
from unrolled.initializers import glorot_uniform, orthogonal


class State(NamedTuple):
    """What the cell remembers between two steps."""

    h: np.ndarray  # (B, H)


def relu(a):
    """What is positive stays, the rest becomes 0, entry by entry."""
    return np.maximum(a, 0)


# g_h, and its derivative written with the output h instead of the input a
ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "relu": (relu, lambda h: (h > 0).astype(h.dtype)),
}


@dataclass(frozen=True)
class RNN:
    """The cell. activation: g_h, "tanh" or "relu". Its params are W_ih (D, H), W_hh (H, H) and b (H,)."""

    activation: str = "tanh"

    def __post_init__(self):
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation: expected one of {sorted(ACTIVATIONS)}, got {self.activation!r}")

    def init(self, rng, input_size, hidden_size, dtype=np.float64):
        """Draw params: W_ih Glorot uniform, W_hh orthogonal, b zero (the defaults of Keras)."""
        D, H = check_size("input_size", input_size), check_size("hidden_size", hidden_size)
        params = {
            "W_ih": glorot_uniform(check_rng(rng), D, H),
            "W_hh": orthogonal(rng, H, H),
            "b": np.zeros(H),
        }
        return {name: p.astype(dtype) for name, p in params.items()}

    def zero_state(self, params, batch_size):
        """The state before the first step: h(0) = 0, of shape (B, H)."""
        W_hh = params["W_hh"]
        return State(h=np.zeros((check_size("batch_size", batch_size), len(W_hh)), W_hh.dtype))

    def check_state(self, params, state, batch_size):
        """Return `state` if h has shape (B, H), else raise ValueError or TypeError."""
        check_array("state.h", state.h, (batch_size, len(params["W_hh"])))
        return state

    def step(self, params, x, state):
        """x (B, D) and the state before it give h (B, H) and the state after."""
        g_h, _ = ACTIVATIONS[self.activation]
        a = x @ params["W_ih"] + state.h @ params["W_hh"] + params["b"]  # (B, H)
        h = g_h(a)
        return h, State(h)

    def step_grad(self, params, before, after, d_output, d_after):
        """The step read backwards.

        before, after: the states around the step. d_output, d_after: how the loss
        changes with the output and with the state after it. Returns d_a (B, H) and
        the gradient of the state before it.
        """
        _, dg_h = ACTIVATIONS[self.activation]
        d_h = d_output + d_after.h
        d_a = d_h * dg_h(after.h)
        return d_a, State(h=d_a @ params["W_hh"].T)
