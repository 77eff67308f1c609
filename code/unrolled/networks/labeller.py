"""One network for all shapes of a task: an output at every step, and a mask that says which outputs count."""

import numpy as np

from unrolled import readout
from unrolled.optim import Adam, clip_by_norm
from unrolled.sequence import bptt, unroll


class SequenceLabeller:
    """A cell with a linear readout and a softmax at every step.

    cell: such as RNN("tanh"). params: those of the cell and of `readout` in one dict. learning_rate: Adam's.
    max_norm: longer gradients are cut to this length.
    """

    def __init__(self, cell, params, learning_rate=0.01, max_norm=1.0):
        self.cell, self.params, self.max_norm = cell, params, max_norm
        self.optimizer = Adam(params, learning_rate)

    def logits(self, xs, lengths=None):
        """xs (T, B, D) -> (T, B, V), the logits after every step."""
        ys, _ = unroll(self.cell, self.params, xs, lengths=lengths)
        return readout.linear(self.params, ys)

    def gradients(self, xs, labels, counts, lengths=None):
        """The loss of a batch, the mean over the outputs that count, and its gradient for every entry of params.

        labels: (T, B) whole numbers from 0 to V - 1; those that do not count may be anything. counts: (T, B), True
        where an output counts. Raises ValueError when none does.
        """
        if not counts.any():
            raise ValueError("counts: expected at least one output that counts, got none")
        ys, states = unroll(self.cell, self.params, xs, lengths=lengths)
        logits = readout.linear(self.params, ys)
        d_logits = np.zeros_like(logits)  # an output that does not count has no gradient
        loss, d_logits[counts] = readout.cross_entropy(logits[counts], labels[counts])
        d_readout, d_ys = readout.linear_grad(self.params, ys, d_logits)
        d_cell, _, _ = bptt(self.cell, self.params, xs, states, d_ys, lengths=lengths)
        return loss, d_cell | d_readout

    def update(self, xs, labels, counts, lengths=None):
        """One step of Adam on one batch; returns the loss before it."""
        loss, grads = self.gradients(xs, labels, counts, lengths)
        grads, _ = clip_by_norm(grads, self.max_norm)
        self.optimizer.step(grads)
        return loss


def every_step(T, lengths):
    """The mask "one output for each input": (T, B), True at all steps that belong to their sequence."""
    return np.arange(T)[:, None] < lengths


def last_step(T, lengths):
    """The mask "read all, answer once": (T, B), True at the last step of each sequence."""
    return np.arange(T)[:, None] == lengths - 1
