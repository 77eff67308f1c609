"""The LSTM whose gates look at the cell state. Slide "LSTM: Variants"; Gers & Schmidhuber (2000)."""

from dataclasses import dataclass

import numpy as np

from unrolled.activations import sigmoid
from unrolled.cell import rows
from unrolled.lstm import LSTM, Gates, State

# How a gate looks at C, the same read backwards, and the gradient of the weights.
FORMS = {
    "full": (lambda c, W: c @ W, lambda d_a, W: d_a @ W.T, lambda c, d_a: c.T @ d_a),
    "diagonal": (lambda c, w: c * w, lambda d_a, w: d_a * w, lambda c, d_a: (c * d_a).sum(axis=0)),
}


@dataclass(frozen=True)
class PeepholeLSTM(LSTM):
    """The cell. The input and the forget gate see C before the step, the output gate sees the new one.

    form: "diagonal", each gate sees its own entry of C, as in the paper, TensorFlow 1 and ONNX; "full", it sees all
    of C, as the slides' W_f · [C, h, x] says. Its params are those of LSTM and W_ci, W_cf, W_co, of shape (H,) or
    (H, H). They start at zero: the cell begins as an LSTM.
    """

    form: str = "diagonal"

    def __post_init__(self):
        if self.form not in FORMS:
            raise ValueError(f"form: expected one of {sorted(FORMS)}, got {self.form!r}")

    def shapes(self, input_size, hidden_size):
        """The shape of each array of params, as a dict."""
        H = (hidden_size,)
        peephole = H if self.form == "diagonal" else H + H
        return super().shapes(input_size, hidden_size) | dict.fromkeys(["W_ci", "W_cf", "W_co"], peephole)

    def gates(self, params, x, state):
        """The gates and the candidate at a step: x (B, D) and the state before it give Gates of (B, H)."""
        see, _, _ = FORMS[self.form]
        a = x @ params["W_ih"] + state.h @ params["W_hh"] + params["b"]  # (B, 4H)
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)  # (B, H) each
        i = sigmoid(a_i + see(state.c, params["W_ci"]))
        f = sigmoid(a_f + see(state.c, params["W_cf"]))
        g = np.tanh(a_g)
        c = f * state.c + i * g
        o = sigmoid(a_o + see(c, params["W_co"]))
        return Gates(i, f, g, o)

    def step_grad(self, params, x, before, after, d_output, d_after):
        """The step read backwards; arguments and result as in RNN.step_grad, d_a is (B, 4H)."""
        _, see_grad, _ = FORMS[self.form]
        i, f, g, o = self.gates(params, x, before)
        d_h = d_output + d_after.h
        d_o = d_h * np.tanh(after.c)
        d_a_o = d_o * o * (1 - o)
        d_c = d_after.c + d_h * o * (1 - np.tanh(after.c) ** 2) + see_grad(d_a_o, params["W_co"])
        d_f = d_c * before.c
        d_i = d_c * g
        d_g = d_c * i
        d_a_i = d_i * i * (1 - i)
        d_a_f = d_f * f * (1 - f)
        d_a_g = d_g * (1 - g**2)
        d_c_before = d_c * f + see_grad(d_a_i, params["W_ci"]) + see_grad(d_a_f, params["W_cf"])
        d_a = np.concatenate([d_a_i, d_a_f, d_a_g, d_a_o], axis=-1)  # (B, 4H)
        return d_a, State(h=d_a @ params["W_hh"].T, c=d_c_before)

    def weight_grads(self, params, xs, before, after, d_as):
        """As Cell.weight_grads, and the peepholes: of each gate the C it saw."""
        _, _, see_weights = FORMS[self.form]
        d_i, d_f, _, d_o = np.split(rows(d_as), 4, axis=-1)
        return super().weight_grads(params, xs, before, after, d_as) | {
            "W_ci": see_weights(rows(before.c), d_i),
            "W_cf": see_weights(rows(before.c), d_f),
            "W_co": see_weights(rows(after.c), d_o),
        }
