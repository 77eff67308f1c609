"""The living picture of the chapter on the LSTM."""

import math

import numpy as np
import traitlets

from unrolled.lstm import LSTM, State
from unrolled.sequence import bptt, unroll
from unrolled.widgets.living import Picture, weight

GATES = "ifgo"  # the order of the cell's params
WEIGHTS = [f"{kind}{gate}" for gate in GATES for kind in ("w_x", "w_h", "b_")]


def pulse_then_noise(T):
    """1 at step 1, then numbers between -0.3 and 0.3 that are always the same."""
    return [1.0] + [round(3 * math.sin(5 * t * t)) / 10 for t in range(2, T + 1)]


class LSTMCell(Picture):
    """One LSTM cell with one number as its state, as a machine: what is on the belt, and how far each gate is open.

    C(t) = f C(t-1) + i g, h(t) = o tanh(C(t)), from C(0) = h(0) = 0. w_xi, w_hi, b_i: the weights of the input gate,
    i = sigmoid(w_xi x + w_hi h(t-1) + b_i); ..f the forget gate's, ..g the candidate's (with tanh), ..o the output
    gate's. gate: "i", "f", "g" or "o", whose sliders are shown. x: 1 to 60 inputs. t: the step that is shown.
    measures: the weights, T; C1 ... CT and in the same way h, f, i, o and g; C_last, h_last; C_change, C_last - C1;
    kept, the product f2 f3 ... fT: the part of C1 that is still on the belt; d_C, the derivative of CT by C1, all
    ways counted, those through h too.
    Raises TraitError as RecurrentNeuron does. Slides "LSTM: Core Idea".
    """

    controls = (*WEIGHTS, "gate", "x", "t")
    words = "an LSTM cell as a machine with a belt and three valves. Run this cell to drive it."
    most = 60

    w_xi, w_hi, b_i = weight(10.0), weight(0.0), weight(-7.0)  # opens on the pulse, stays shut on noise
    w_xf, w_hf, b_f = weight(0.0), weight(0.0), weight(4.0)  # keeps 0.982
    w_xg, w_hg, b_g = weight(2.0), weight(0.0), weight(0.0)
    w_xo, w_ho, b_o = weight(0.0), weight(0.0), weight(2.0)
    gate = traitlets.Enum(list(GATES), "f").tag(sync=True)
    t = traitlets.Int(1).tag(sync=True)
    x = traitlets.List(pulse_then_noise(24)).tag(sync=True)
    _finite = traitlets.validate(*WEIGHTS)(Picture._check_number)

    def measured(self):
        cell, params, xs = LSTM(), self._params(), np.array(self.x)[:, None, None]
        _, states = unroll(cell, params, xs)
        gates = [cell.gates(params, x, state) for x, state in zip(xs, states[:-1], strict=True)]
        numbers = {"C": [state.c for state in states[1:]], "h": [state.h for state in states[1:]]}
        numbers |= {name: [getattr(step, name) for step in gates] for name in "fiog"}
        numbers = {name: [value.item() for value in values] for name, values in numbers.items()}
        C, h, T = numbers["C"], numbers["h"], len(xs)
        named = {f"{name}{t}": value for name, values in numbers.items() for t, value in enumerate(values, start=1)}
        own = {name: getattr(self, name) for name in WEIGHTS} | {"T": T}
        last = {"C_last": C[-1], "h_last": h[-1], "C_change": C[-1] - C[0], "kept": math.prod(numbers["f"][1:])}
        return own | named | last | {"d_C": self._d_C(cell, params, xs, states, gates)}

    def _params(self):
        kinds = {"W_ih": "w_x", "W_hh": "w_h", "b": "b_"}
        params = {name: np.array([[getattr(self, kind + gate) for gate in GATES]]) for name, kind in kinds.items()}
        return params | {"b": params["b"][0]}

    @staticmethod
    def _d_C(cell, params, xs, states, gates):
        """The derivative of CT by C1: the gradient that arrives at the state after step 1, through C and through h."""
        _, _, d_states = bptt(cell, params, xs, states, np.zeros_like(xs), State(h=np.zeros((1, 1)), c=np.ones((1, 1))))
        d = d_states[1]
        return (d.c + d.h * gates[0].o * (1 - np.tanh(states[1].c) ** 2)).item()
