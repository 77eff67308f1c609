"""The simple recurrent cell: h(t) = g_h(W_I x(t) + W_R h(t-1) + b_h). Slides "Recurrent Neuron"; Elman (1990)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unrolled.activations import ACTIVATIONS
from unrolled.cell import Cell


class State(NamedTuple):
    """What the cell remembers between two steps."""

    h: np.ndarray  # (B, H)


@dataclass(frozen=True)
class RNN(Cell):
    """The cell. activation: g_h, "tanh", "relu" or "linear". Its params are W_ih (D, H), W_hh (H, H) and b (H,)."""

    activation: str = "tanh"
    State = State

    def __post_init__(self):
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation: expected one of {sorted(ACTIVATIONS)}, got {self.activation!r}")

    def step(self, params, x, state):
        """x (B, D) and the state before it give h (B, H) and the state after."""
        g_h, _ = ACTIVATIONS[self.activation]
        a = x @ params["W_ih"] + state.h @ params["W_hh"] + params["b"]  # (B, H)
        h = g_h(a)
        return h, State(h)

    def step_grad(self, params, x, before, after, d_output, d_after):
        """The step read backwards.

        x, before, after: the input and the states around the step. d_output, d_after: how the loss changes with the
        output and with the state after it. Returns d_a (B, H) and the gradient of the state before it.
        """
        _, dg_h = ACTIVATIONS[self.activation]
        d_h = d_output + d_after.h
        d_a = d_h * dg_h(after.h)
        return d_a, State(h=d_a @ params["W_hh"].T)
