"""The gated recurrent unit. Slide "LSTM: Variants"; Cho et al. (2014)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unrolled.activations import sigmoid
from unrolled.cell import Cell, rows
from unrolled.rnn import State


class Gates(NamedTuple):
    """The three blocks of W_ih, W_hh and b, in this order."""

    z: np.ndarray  # (B, H) update gate: 1 takes the candidate, 0 keeps the state
    r: np.ndarray  # (B, H) reset gate
    n: np.ndarray  # (B, H) candidate, the slides' h-tilde


@dataclass(frozen=True)
class GRU(Cell):
    """The cell. Its params are W_ih (D, 3H), W_hh (H, 3H) and b (3H,), the blocks in the order z, r, n.

    reset_after: False, the slides' form: the reset gate acts on h before W_hh does. True: it acts on h W_hn + b_hn,
    as in cuDNN, PyTorch and Keras (whose z is 1 minus ours); params then hold b_hn (H,) too.
    """

    reset_after: bool = False
    State, blocks = State, 3

    def shapes(self, input_size, hidden_size):
        """The shape of each array of params, as a dict."""
        return super().shapes(input_size, hidden_size) | ({"b_hn": (hidden_size,)} if self.reset_after else {})

    def gates(self, params, x, state):
        """The gates and the candidate at a step: x (B, D) and the state before it give Gates of (B, H)."""
        W_hz, W_hr, W_hn = np.split(params["W_hh"], 3, axis=1)  # (H, H) each
        a_z, a_r, a_n = np.split(x @ params["W_ih"] + params["b"], 3, axis=-1)  # (B, H) each
        z = sigmoid(a_z + state.h @ W_hz)
        r = sigmoid(a_r + state.h @ W_hr)
        past = r * (state.h @ W_hn + params["b_hn"]) if self.reset_after else (r * state.h) @ W_hn
        n = np.tanh(a_n + past)
        return Gates(z, r, n)

    def step(self, params, x, state):
        """x (B, D) and the state before it give h (B, H) and the state after."""
        z, _, n = self.gates(params, x, state)
        h = (1 - z) * state.h + z * n
        return h, State(h)

    def step_grad(self, params, x, before, after, d_output, d_after):
        """The step read backwards; arguments and result as in RNN.step_grad, d_a is (B, 3H)."""
        W_hz, W_hr, W_hn = np.split(params["W_hh"], 3, axis=1)
        z, r, n = self.gates(params, x, before)
        d_h = d_output + d_after.h
        d_n = d_h * z
        d_z = d_h * (n - before.h)
        d_a_n = d_n * (1 - n**2)
        d_a_z = d_z * z * (1 - z)
        if self.reset_after:
            d_r = d_a_n * (before.h @ W_hn + params["b_hn"])
            d_past = (d_a_n * r) @ W_hn.T
        else:
            d_r = d_a_n @ W_hn.T * before.h
            d_past = d_a_n @ W_hn.T * r
        d_a_r = d_r * r * (1 - r)
        d_h_before = d_h * (1 - z) + d_a_z @ W_hz.T + d_a_r @ W_hr.T + d_past
        d_a = np.concatenate([d_a_z, d_a_r, d_a_n], axis=-1)  # (B, 3H)
        return d_a, State(d_h_before)

    def weight_grads(self, params, xs, before, after, d_as):
        """As Cell.weight_grads; the candidate's block of W_hh met r * h, or its gradient met r."""
        _, r, _ = self.gates(params, rows(xs), State(rows(before.h)))
        h, d_z_r, d_n = rows(before.h), rows(d_as)[:, : -r.shape[1]], rows(d_as)[:, -r.shape[1] :]
        grads = super().weight_grads(params, xs, before, after, d_as)
        d_W_hn = h.T @ (r * d_n) if self.reset_after else (r * h).T @ d_n
        grads["W_hh"] = np.concatenate([h.T @ d_z_r, d_W_hn], axis=1)
        return grads | ({"b_hn": (r * d_n).sum(axis=0)} if self.reset_after else {})
