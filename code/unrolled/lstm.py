"""Long short-term memory. Slides "LSTM: Core Idea"; Hochreiter & Schmidhuber (1997), Gers et al. (2000)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unrolled.activations import sigmoid
from unrolled.cell import Cell


class State(NamedTuple):
    """What the cell remembers between two steps."""

    h: np.ndarray  # (B, H) hidden state
    c: np.ndarray  # (B, H) cell state, the slides' C


class Gates(NamedTuple):
    """The four blocks of W_ih, W_hh and b, in this order."""

    i: np.ndarray  # (B, H) input gate
    f: np.ndarray  # (B, H) forget gate
    g: np.ndarray  # (B, H) candidate, the slides' C-tilde
    o: np.ndarray  # (B, H) output gate


@dataclass(frozen=True)
class LSTM(Cell):
    """The cell. Its params are W_ih (D, 4H), W_hh (H, 4H) and b (4H,), the blocks in the order i, f, g, o."""

    State, blocks = State, 4

    def init(self, *args, forget_bias=1.0, input_bias=0.0, **kwargs):
        """As Cell.init; the forget gate's bias starts at 1, so that the cell keeps (Jozefowicz et al., 2015).

        forget_bias, input_bias: a number, or an array (H,) such as `initializers.chrono` draws.
        """
        params = super().init(*args, **kwargs)
        b_i, b_f, _, _ = np.split(params["b"], 4)
        b_i[:], b_f[:] = input_bias, forget_bias
        return params

    def gates(self, params, x, state):
        """The gates and the candidate at a step: x (B, D) and the state before it give Gates of (B, H)."""
        a = x @ params["W_ih"] + state.h @ params["W_hh"] + params["b"]  # (B, 4H)
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)  # (B, H) each
        i = sigmoid(a_i)
        f = sigmoid(a_f)
        g = np.tanh(a_g)
        o = sigmoid(a_o)
        return Gates(i, f, g, o)

    def step(self, params, x, state):
        """x (B, D) and the state before it give h (B, H) and the state after."""
        i, f, g, o = self.gates(params, x, state)
        c = f * state.c + i * g
        h = o * np.tanh(c)
        return h, State(h, c)

    def step_grad(self, params, x, before, after, d_output, d_after):
        """The step read backwards; arguments and result as in RNN.step_grad, d_a is (B, 4H)."""
        i, f, g, o = self.gates(params, x, before)
        d_h = d_output + d_after.h
        d_o = d_h * np.tanh(after.c)
        d_c = d_after.c + d_h * o * (1 - np.tanh(after.c) ** 2)
        d_f = d_c * before.c
        d_i = d_c * g
        d_g = d_c * i
        d_a_i = d_i * i * (1 - i)
        d_a_f = d_f * f * (1 - f)
        d_a_g = d_g * (1 - g**2)
        d_a_o = d_o * o * (1 - o)
        d_a = np.concatenate([d_a_i, d_a_f, d_a_g, d_a_o], axis=-1)  # (B, 4H)
        return d_a, State(h=d_a @ params["W_hh"].T, c=d_c * f)
