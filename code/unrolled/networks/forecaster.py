"""At every step say what comes next: cell, readout and Adam; and go on alone. Slides "Time series"."""

import numpy as np

from unrolled import readout
from unrolled.arguments import check_array, check_size
from unrolled.gru import GRU
from unrolled.optim import Adam, clip_by_norm
from unrolled.sequence import bptt, unroll


class Forecaster:
    """A cell with a linear readout at every step; the loss is the mean squared error over all steps that count.

    cell: such as RNN("relu"). params: those of the cell and of `readout` in one dict. learning_rate: Adam's.
    max_norm: longer gradients are cut to this length.
    """

    def __init__(self, cell, params, learning_rate=0.001, max_norm=np.inf):
        self.cell, self.params, self.max_norm = cell, params, max_norm
        self.optimizer = Adam(params, learning_rate)

    def predict(self, xs):
        """xs (T, B, D) -> (T, B, V), from a zero state."""
        ys, _ = unroll(self.cell, self.params, xs)
        return readout.linear(self.params, ys)

    def loss(self, xs, targets):
        """The mean squared error as a float; targets as in `gradients`."""
        return float(((self.predict(xs)[-len(targets) :] - targets) ** 2).mean())

    def gradients(self, xs, targets):
        """The loss of a batch, and its gradient for every entry of params.

        targets: (S, B, V) for the last S steps, the others do not count: S = T for one at every step, S = 1 for one
        after the last.
        """
        T, B, _ = xs.shape
        S = len(check_array("targets", targets, ("S", B, self.params["b_y"].size)))
        if S > T:
            raise ValueError(f"targets: expected at most one for each of the {T} steps, got {S}")
        ys, states = unroll(self.cell, self.params, xs)
        error = readout.linear(self.params, ys[T - S :]) - targets
        d_ys = np.zeros_like(ys)  # what does not count has no gradient
        d_readout, d_ys[T - S :] = readout.linear_grad(self.params, ys[T - S :], 2 * error / error.size)
        d_cell, _, _ = bptt(self.cell, self.params, xs, states, d_ys)
        return float((error**2).mean()), d_cell | d_readout

    def update(self, xs, targets):
        """One step of Adam on one batch; returns the loss before it."""
        loss, grads = self.gradients(xs, targets)
        self.optimizer.step(clip_by_norm(grads, self.max_norm)[0])
        return loss

    def reread(self, values, steps, window):
        """Go on alone as the slides do: read the last `window` values from a zero state, append what comes next.

        values: (S, B, D) with S at least `window`. Returns (S + steps, B, D): theirs, and `steps` new ones.
        """
        if not check_size("window", window) <= len(check_array("values", values, ("S", "B", "D"))):
            raise ValueError(f"window: expected at most the {len(values)} values given, got {window}")
        values = list(values)
        for _ in range(check_size("steps", steps)):
            values.append(self.predict(np.stack(values[-window:]))[-1])
        return np.stack(values)

    def carry(self, values, steps):
        """Go on alone with the state carried along: `closed_loop` after the last of the values. Returns as `reread`."""
        ys, _, _ = self._alone(values, check_size("steps", steps))
        return np.concatenate([values, readout.linear(self.params, ys)])

    def alone_gradients(self, values, targets):
        """The loss of predictions made alone, and its gradient through all of them for every entry of params.

        values: (S, B, D), read first. targets: (F, B, D), the true values after them.
        """
        ys, warm, alone = self._alone(values, len(check_array("targets", targets, ("F", *values.shape[1:]))))
        error = readout.linear(self.params, ys) - targets
        d_readout, d_ys = readout.linear_grad(self.params, ys, 2 * error / error.size)
        d_after = np.concatenate([d_ys[1:], np.zeros_like(d_ys[:1])])  # nobody asks for what comes after the last
        closed, nothing = closed_loop(self.params), np.zeros_like(targets)
        d_closed, _, (d_state, *_) = bptt(self.cell, closed, nothing, alone, d_after)
        d_read = np.zeros((len(values), *d_ys.shape[1:]), d_ys.dtype)
        d_read[-1] = d_ys[0]
        d_cell, _, _ = bptt(self.cell, self.params, values, warm, d_read, d_state)
        grads, d_loop = d_cell | d_readout, closed_loop_grad(self.params, d_closed)
        return float((error**2).mean()), {name: grads[name] + d_loop.get(name, 0) for name in grads}

    def _alone(self, values, steps):
        """The outputs (steps, B, H) that the predictions are made of, the states while reading, and those alone."""
        if isinstance(self.cell, GRU):
            raise TypeError(f"cell: expected one in which x and h meet in one sum, got {self.cell}")
        read, warm = unroll(self.cell, self.params, values)
        nothing = np.zeros((steps, *values.shape[1:]), values.dtype)
        made, alone = unroll(self.cell, closed_loop(self.params), nothing, warm[-1])
        return np.concatenate([read[-1:], made[:-1]]), warm, alone


def closed_loop(params):
    """The params of a cell that reads its own predictions, as those of a network without input.

    The prediction W_y h + b_y goes in as x. In W_I x + W_R h + b_h that is one recurrent matrix, W_R + W_I W_y, and
    one bias, b_h + W_I b_y. W_ih stays, for an input of zeros. For cells in which x and h meet in such a sum, so for
    all but the GRU; D = V.
    """
    D, V = len(params["W_ih"]), params["b_y"].size
    if D != V:
        raise ValueError(f"params: expected as many predictions as inputs, got {V} and {D}")
    W_hh = params["W_hh"] + params["W_hy"] @ params["W_ih"]
    b = params["b"] + params["b_y"] @ params["W_ih"]
    return params | {"W_hh": W_hh, "b": b}


def closed_loop_grad(params, d_closed):
    """What the gradients of `closed_loop`'s params say about all that they are made of."""
    return d_closed | {
        "W_ih": params["W_hy"].T @ d_closed["W_hh"] + np.outer(params["b_y"], d_closed["b"]),
        "W_hy": d_closed["W_hh"] @ params["W_ih"].T,
        "b_y": d_closed["b"] @ params["W_ih"].T,
    }
