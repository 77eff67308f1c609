"""Two cells in a row: one reads a sequence and hands its last state to the other, which writes until it says "the end".

Cho et al. (2014); Sutskever, Vinyals and Le (2014).
"""

import numpy as np

from unrolled import readout
from unrolled.arguments import check_size
from unrolled.optim import Adam, clip_by_norm
from unrolled.sequence import bptt, unroll


def one_late(symbols, V):
    """What a decoder reads in training: the right symbols (S, B), one step late, as one-hot rows (S, B, V).

    Before the first stands the last of the V symbols, "the end": nothing has been written yet.
    """
    read = np.vstack([np.full_like(symbols[:1], V - 1), symbols[:-1]])
    return np.eye(V)[read]


class EncoderDecoder:
    """An encoder that reads, a decoder that writes, and a linear readout with a softmax on the decoder.

    cell: such as RNN(), for both. encoder, decoder: their params, of the same hidden size; the decoder's hold those of
    `readout` too. Its V symbols are whole numbers; the last, V - 1, says "the end". learning_rate: Adam's. max_norm:
    longer gradients are cut to this length. Raises ValueError when the hidden sizes differ.
    """

    def __init__(self, cell, encoder, decoder, learning_rate=0.01, max_norm=1.0):
        if (H := len(encoder["W_hh"])) != len(decoder["W_hh"]):
            raise ValueError(f"decoder: expected {H} hidden units like the encoder, got {len(decoder['W_hh'])}")
        self.cell, self.encoder, self.decoder, self.max_norm = cell, encoder, decoder, max_norm
        self.optimizer = Adam(_joined(encoder, decoder), learning_rate)

    def read(self, xs, lengths):
        """The encoder's last state for each of the sequences xs (T, B, D)."""
        _, states = unroll(self.cell, self.encoder, xs, lengths=lengths)
        return states[-1]

    def taught(self, symbols):
        """What the decoder reads under teacher forcing: (S, B, V)."""
        return one_late(symbols, len(self.decoder["b_y"]))

    def logits(self, xs, lengths, symbols):
        """The logits (S, B, V) when the decoder is handed the right symbols (S, B): teacher forcing."""
        hs, _ = unroll(self.cell, self.decoder, self.taught(symbols), self.read(xs, lengths))
        return readout.linear(self.decoder, hs)

    def gradients(self, xs, lengths, symbols, counts, heard=None):
        """The loss of a batch, and its gradients for the encoder and the decoder.

        The loss is the mean over the symbols that count, (S, B). heard (S, B, V):
        what the decoder reads; the right symbols, one step late, when None.
        Raises ValueError when no symbol counts.
        """
        if not counts.any():
            raise ValueError("counts: expected one symbol that counts, got none")
        cell, encoder, decoder = self.cell, self.encoder, self.decoder
        heard = self.taught(symbols) if heard is None else heard
        _, reading = unroll(cell, encoder, xs, lengths=lengths)
        hs, writing = unroll(cell, decoder, heard, state=reading[-1])
        logits, right = readout.linear(decoder, hs), symbols[counts]
        d_logits = np.zeros_like(logits)  # (S, B, V)
        loss, d_logits[counts] = readout.cross_entropy(logits[counts], right)
        d_readout, d_hs = readout.linear_grad(decoder, hs, d_logits)
        d_decoder, _, d_writing = bptt(cell, decoder, heard, writing, d_hs)
        none = np.zeros((*xs.shape[:2], hs.shape[2]))  # no loss while it reads
        d_last = d_writing[0]
        d_encoder, _, _ = bptt(cell, encoder, xs, reading, none, d_last, lengths)
        return loss, d_encoder, d_decoder | d_readout

    def update(self, *batch, **heard):
        """One step of Adam on one batch, as `gradients` takes it; returns the loss before it."""
        loss, *grads = self.gradients(*batch, **heard)
        grads, _ = clip_by_norm(_joined(*grads), self.max_norm)
        self.optimizer.step(grads)
        return loss

    def write(self, state, most):
        """What the decoder writes from a state: `most` symbols for each sequence, (most, B).

        At each step the likeliest symbol is taken and read at the next. What stands behind the first V - 1, "the end",
        means nothing.
        """
        one_hot, symbols = np.eye(len(self.decoder["b_y"])), []
        x = one_hot[np.full(len(state.h), -1)]  # (B, V): "the end", nothing is written yet
        for _ in range(check_size("most", most)):
            h, state = self.cell.step(self.decoder, x, state)
            symbols.append(readout.linear(self.decoder, h).argmax(axis=1))
            x = one_hot[symbols[-1]]
        return np.stack(symbols)


def _joined(encoder, decoder):
    """Two dicts as one, for one optimizer."""
    return {f"encoder.{k}": v for k, v in encoder.items()} | {f"decoder.{k}": v for k, v in decoder.items()}
