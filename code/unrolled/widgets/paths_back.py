"""The living picture of the chapter on backpropagation through time."""

import numpy as np
import traitlets

from unrolled.activations import ACTIVATIONS
from unrolled.rnn import RNN, State
from unrolled.sequence import bptt, unroll
from unrolled.widgets.living import Picture, sensible, weight

EPSILON = 1e-5  # by so much w_R is moved up and down


class PathsBack(Picture):
    """Every path by which the cost of one step reaches the recurrent weight, drawn on the unrolled network.

    h_k = g(w_I x_k + w_R h_{k-1}), y_k = w_y h_k, cost C_k = (y_k - target_k)² / 2, all numbers, without biases.
    w_I, w_R, w_y: the weights. h0: the state before the first step. activation: g, "tanh" or "relu". x: 1 to 6 inputs.
    target: up to 6 numbers; a step without one has the target 0. t: the step whose cost is followed. s: from 1 to t,
    the step at which the path that is lit reaches w_R.
    measures: the controls that are numbers, T; h1 ... hT; C, the cost at t; p1 ... pt, what the path through each step
    adds to dC_t/dw_R; sum, all of them together; finite_difference, the same by moving w_R; total, dC/dw_R for the
    costs of all steps.
    Raises TraitError as RecurrentNeuron does. Slides "Training".
    """

    controls = ("w_I", "w_R", "w_y", "h0", "activation", "x", "target", "t", "s")
    words = "the unrolled network and every path back from a cost to w_R. Run this cell to drive it."
    most = 6

    w_I, w_R, w_y, h0 = weight(1.0), weight(0.8), weight(2.0), weight(1.0)
    activation = traitlets.Enum(["relu", "tanh"], "tanh").tag(sync=True)
    x = traitlets.List([0.2, -0.4, 0.2]).tag(sync=True)
    target = traitlets.List([1.0, 1.0, 0.0]).tag(sync=True)
    t = traitlets.Int(3).tag(sync=True)
    s = traitlets.Int(1).tag(sync=True)
    _finite = traitlets.validate("w_I", "w_R", "w_y", "h0")(Picture._check_number)

    @traitlets.validate("target")
    def _check_target(self, proposal):
        target = proposal["value"]
        if len(target) > self.most or not all(map(sensible, target)):
            raise traitlets.TraitError(
                f"target: expected up to {self.most} numbers of size 1000 at most, got {target!r}"
            )
        return [float(value) for value in target]

    @traitlets.validate("s")
    def _check_s(self, proposal):
        if not 1 <= proposal["value"] <= self.t:
            raise traitlets.TraitError(f"s: expected a step from 1 to t = {self.t}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.observe("t")
    def _take_s_along(self, change):
        if self.s > change["new"]:
            self.s = change["new"]

    def measured(self):
        x, T = np.array(self.x)[:, None, None], len(self.x)
        target = np.array([*self.target, *[0.0] * T])[:T, None, None]
        cell, start = RNN(self.activation), State(np.array([[self.h0]]))

        def run(w_R):
            """The params, the states, and how each cost changes with its output y."""
            params = {"W_ih": np.array([[self.w_I]]), "W_hh": np.array([[w_R]]), "b": np.zeros(1)}
            hs, states = unroll(cell, params, x, start)
            return params, states, self.w_y * hs - target  # (T, 1, 1)

        def cost(w_R):
            return (run(w_R)[2][self.t - 1] ** 2).item() / 2

        params, states, d_y = run(self.w_R)
        of_one = np.zeros_like(d_y)
        of_one[self.t - 1] = self.w_y * d_y[self.t - 1]
        d_one, _, _ = bptt(cell, params, x, states, of_one)
        d_all, _, _ = bptt(cell, params, x, states, self.w_y * d_y)
        h = [state.h.item() for state in states]
        slope = [ACTIVATIONS[self.activation][1](state.h).item() for state in states[1:]]  # g'(a_k) at k - 1
        carry = [self.w_R * slope[k] for k in range(T)]
        paths = {
            f"p{s}": of_one[self.t - 1].item() * np.prod(carry[s : self.t]).item() * slope[s - 1] * h[s - 1]
            for s in range(1, self.t + 1)
        }
        own = {name: getattr(self, name) for name in ("w_I", "w_R", "w_y", "h0", "t", "s")} | {"T": T}
        moved = (cost(self.w_R + EPSILON) - cost(self.w_R - EPSILON)) / (2 * EPSILON)
        sums = {"sum": d_one["W_hh"].item(), "finite_difference": moved, "total": d_all["W_hh"].item()}
        return own | {f"h{k}": h[k] for k in range(1, T + 1)} | {"C": cost(self.w_R)} | paths | sums
