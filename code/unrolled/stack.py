"""Layers on top of each other, in one direction or in both, with dropout between them. Slide "LSTM: Tensorflow"."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from unrolled.arguments import check_array, check_lengths, check_rng, check_size
from unrolled.cell import Cell
from unrolled.sequence import bptt, unroll


class Trace(NamedTuple):
    """What Stack.unroll keeps for Stack.bptt: for each layer what it read, the states, and the mask of its dropout."""

    inputs: list  # xs of each layer, (T, B, D) and then (T, B, H or 2H)
    states: list  # [layer][direction], a list of T + 1 states each
    masks: list  # of each layer's inputs: None, or an array of 0 and 1 / keep
    lengths: Any


@dataclass(frozen=True)
class Stack:
    """num_layers of a cell. params: a list with one entry a layer, a list with one dict a direction.

    bidirectional: a second copy of every layer reads the sequence from its end; the outputs stand side by side.
    keep: the share of the outputs that the next layer gets to see in training, the others are 0 and the kept ones are
    divided by `keep` (inverted dropout, Srivastava et al., 2014; the slides' output_keep_prob, between layers only).
    """

    cell: Cell
    num_layers: int = 1
    bidirectional: bool = False
    keep: float = 1.0

    def __post_init__(self):
        check_size("num_layers", self.num_layers)
        if not 0 < self.keep <= 1:
            raise ValueError(f"keep: expected a share above 0, at most 1, got {self.keep!r}")

    @property
    def directions(self):
        return 2 if self.bidirectional else 1

    def init(self, rng, input_size, hidden_size, **settings):
        """Draw the params of all layers; settings go to the cell's init."""
        sizes = [input_size] + [hidden_size * self.directions] * (self.num_layers - 1)
        return [[self.cell.init(rng, D, hidden_size, **settings) for _ in range(self.directions)] for D in sizes]

    def unroll(self, params, xs, states=None, lengths=None, rng=None):
        """Run all layers over xs (T, B, D).

        states: [layer][direction], the first state of each; zeros when None. rng: draws the dropout; without one
        nothing is dropped. Returns ys (T, B, H), or (T, B, 2H), of the top layer, the last states as
        [layer][direction], and a Trace for `bptt`.
        """
        self._check_nesting("params", params, dict)
        if states is not None:
            self._check_nesting("states", states, self.cell.State)
        trace = Trace([], [], [], lengths)
        for number, layer in enumerate(params):
            mask = self._mask(rng, xs) if number and rng is not None else None
            xs = xs if mask is None else xs * mask
            first = [None] * self.directions if states is None else states[number]
            runs = [
                unroll(self.cell, p, turned(xs, backwards, lengths), state, lengths)
                for backwards, (p, state) in enumerate(zip(layer, first, strict=True))
            ]
            trace.inputs.append(xs)
            trace.masks.append(mask)
            trace.states.append([kept for _, kept in runs])
            xs = np.concatenate([turned(ys, backwards, lengths) for backwards, (ys, _) in enumerate(runs)], axis=-1)
        return xs, [[kept[-1] for kept in layer] for layer in trace.states], trace

    def bptt(self, params, trace, d_ys, d_states=None):
        """Backpropagation through all layers. d_ys (T, B, H or 2H), d_states like the last states, zeros when None.

        Returns d_params (like params), d_xs (T, B, D) and the gradient of the first states as [layer][direction].
        """
        T, B, _ = trace.inputs[0].shape
        check_array("d_ys", d_ys, (T, B, len(params[0][0]["W_hh"]) * self.directions))
        if d_states is not None:
            self._check_nesting("d_states", d_states, self.cell.State)
        d_params, d_first = [], []
        for number in reversed(range(len(params))):
            last = [None] * self.directions if d_states is None else d_states[number]
            d_halves = np.split(d_ys, self.directions, axis=-1)
            d_params.insert(0, [])
            d_first.insert(0, [])
            d_ys = np.zeros_like(trace.inputs[number])
            for backwards, p in enumerate(params[number]):
                xs, d_half = (turned(a, backwards, trace.lengths) for a in (trace.inputs[number], d_halves[backwards]))
                states = trace.states[number][backwards]
                d_p, d_xs, d_all = bptt(self.cell, p, xs, states, d_half, last[backwards], trace.lengths)
                d_params[0].append(d_p)
                d_first[0].append(d_all[0])
                d_ys += turned(d_xs, backwards, trace.lengths)
            d_ys = d_ys if trace.masks[number] is None else d_ys * trace.masks[number]
        return d_params, d_ys, d_first

    def _check_nesting(self, name, nested, kind):
        layers, ways = self.num_layers, self.directions
        if [[type(entry) for entry in layer] for layer in nested] != [[kind] * ways] * layers:
            wanted = f"{layers} lists of {ways} {kind.__name__}"
            raise ValueError(f"{name}: expected [layer][direction], {wanted}, got something else")

    def _mask(self, rng, xs):
        if self.keep == 1:
            return None
        return (check_rng(rng).random(xs.shape) < self.keep).astype(xs.dtype) / xs.dtype.type(self.keep)


def turned(xs, backwards, lengths=None):
    """xs (T, B, N) from its end when `backwards`; with lengths each sequence is turned by itself, padding stays."""
    if not backwards:
        return xs
    if lengths is None:
        return xs[::-1]
    T, B, _ = xs.shape
    t, lengths = np.arange(T)[:, None], check_lengths(lengths, T, B)
    return xs[np.where(t < lengths, lengths - 1 - t, t), np.arange(B)]
