"""Read a whole sequence, then answer with a number: what the remedies are tried on. It trains with `fast`."""

import numpy as np

from unrolled import fast, readout
from unrolled.arguments import check_array, check_size
from unrolled.optim import global_norm


class SequenceRegressor:
    """A cell whose last output goes through a linear readout; the loss is the mean squared error.

    cell: such as RNN("tanh"). params: those of the cell and of `readout` in one dict. optimizer: one of `optim`, made
    for params. clip: a function from gradients to gradients; None leaves them. window: how many steps the gradient runs
    back from the end, which is truncated BPTT; None for all.
    """

    def __init__(self, cell, params, optimizer, clip=None, window=None):
        self.cell, self.params, self.optimizer, self.clip = cell, params, optimizer, clip
        self.window = None if window is None else check_size("window", window)

    def predict(self, xs):
        """xs (T, B, D) -> (B, V)."""
        return readout.linear(self.params, fast.unroll(self.cell, self.params, xs).ys[-1])

    def loss(self, xs, targets):
        """The mean squared error of the answers, as a float."""
        return float(((self.predict(xs) - targets) ** 2).mean())

    def gradients(self, xs, targets):
        """The loss of a batch, and its gradient for every entry of params. targets: (B, V)."""
        start = 0 if self.window is None else max(0, len(xs) - self.window)
        state = fast.unroll(self.cell, self.params, xs[:start]).state if start else None  # read, but no way back
        run = fast.unroll(self.cell, self.params, xs[start:], state)
        error = readout.linear(self.params, run.ys[-1]) - check_array("targets", targets, (xs.shape[1], "V"))
        d_ys = np.zeros_like(run.ys)  # only the last output reaches the loss
        d_readout, d_ys[-1] = readout.linear_grad(self.params, run.ys[-1], 2 * error / error.size)
        d_cell, _, _ = fast.bptt(self.cell, self.params, run, d_ys, wants_d_xs=False)
        return float((error**2).mean()), d_cell | d_readout

    def update(self, xs, targets):
        """One step on one batch; returns the length of the gradient before clipping."""
        _, grads = self.gradients(xs, targets)
        self.optimizer.step(self.clip(grads) if self.clip else grads)
        return global_norm(grads)
