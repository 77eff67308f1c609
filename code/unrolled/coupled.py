"""Coupled gates: what is forgotten makes room for what is written, i = 1 - f. Slide "LSTM: Variants"; Greff et al.
(2017) call it CIFG."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unrolled.activations import sigmoid
from unrolled.cell import Cell
from unrolled.lstm import State


class Gates(NamedTuple):
    """The three blocks of W_ih, W_hh and b, in this order."""

    f: np.ndarray  # (B, H) forget gate
    g: np.ndarray  # (B, H) candidate, the slides' C-tilde
    o: np.ndarray  # (B, H) output gate


@dataclass(frozen=True)
class CoupledLSTM(Cell):
    """The cell. Its params are W_ih (D, 3H), W_hh (H, 3H) and b (3H,), the blocks in the order f, g, o."""

    State, blocks = State, 3

    def init(self, *args, forget_bias=1.0, **kwargs):
        """As Cell.init; the forget gate's bias starts at 1. forget_bias: a number or an array (H,)."""
        params = super().init(*args, **kwargs)
        b_f, _, _ = np.split(params["b"], 3)
        b_f[:] = forget_bias
        return params

    def gates(self, params, x, state):
        """The gates and the candidate at a step: x (B, D) and the state before it give Gates of (B, H)."""
        a = x @ params["W_ih"] + state.h @ params["W_hh"] + params["b"]  # (B, 3H)
        a_f, a_g, a_o = np.split(a, 3, axis=-1)  # (B, H) each
        f = sigmoid(a_f)
        g = np.tanh(a_g)
        o = sigmoid(a_o)
        return Gates(f, g, o)

    def step(self, params, x, state):
        """x (B, D) and the state before it give h (B, H) and the state after."""
        f, g, o = self.gates(params, x, state)
        c = f * state.c + (1 - f) * g
        h = o * np.tanh(c)
        return h, State(h, c)

    def step_grad(self, params, x, before, after, d_output, d_after):
        """The step read backwards; arguments and result as in RNN.step_grad, d_a is (B, 3H)."""
        f, g, o = self.gates(params, x, before)
        d_h = d_output + d_after.h
        d_o = d_h * np.tanh(after.c)
        d_c = d_after.c + d_h * o * (1 - np.tanh(after.c) ** 2)
        d_f = d_c * (before.c - g)
        d_g = d_c * (1 - f)
        d_a_f = d_f * f * (1 - f)
        d_a_g = d_g * (1 - g**2)
        d_a_o = d_o * o * (1 - o)
        d_a = np.concatenate([d_a_f, d_a_g, d_a_o], axis=-1)  # (B, 3H)
        return d_a, State(h=d_a @ params["W_hh"].T, c=d_c * f)
