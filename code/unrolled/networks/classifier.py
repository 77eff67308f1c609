"""Read a whole sequence, then answer once: cell, readout and optimizer in one object. Slide "Sequence Classifier"."""

import numpy as np

from unrolled import readout
from unrolled.optim import Adam
from unrolled.sequence import bptt, unroll


class SequenceClassifier:
    """A cell whose last output goes through a linear readout and a softmax.

    cell: such as RNN("relu"). params: those of the cell and of `readout` in one dict. learning_rate: Adam's.
    """

    def __init__(self, cell, params, learning_rate=0.001):
        self.cell, self.params = cell, params
        self.optimizer = Adam(params, learning_rate)

    def logits(self, xs):
        """xs (T, B, D) -> (B, V)."""
        ys, _ = unroll(self.cell, self.params, xs)
        return readout.linear(self.params, ys[-1])

    def gradients(self, xs, labels):
        """The loss of a batch, and its gradient for every entry of params."""
        ys, states = unroll(self.cell, self.params, xs)
        logits = readout.linear(self.params, ys[-1])
        loss, d_logits = readout.cross_entropy(logits, labels)
        d_ys = np.zeros_like(ys)  # only the last output reaches the loss
        d_readout, d_ys[-1] = readout.linear_grad(self.params, ys[-1], d_logits)
        d_cell, _, _ = bptt(self.cell, self.params, xs, states, d_ys)
        return loss, d_cell | d_readout

    def update(self, xs, labels):
        """One step of Adam on one batch; returns the loss before it."""
        loss, grads = self.gradients(xs, labels)
        self.optimizer.step(grads)
        return loss

    def state(self):
        """Everything a later run needs to go on: a dict of arrays."""
        return self.params | {f"optimizer.{name}": a for name, a in self.optimizer.state.items()}

    def restore(self, saved):
        """Take up what `state` returned."""
        for name, array in self.state().items():
            array[...] = saved[name]
