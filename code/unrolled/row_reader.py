"""The network of the book that reads a digit row by row and says after each row what it believes.

`benchmarks/belief_by_row.py` trained it with the loss after every row, so that its readout may be asked after every
row. 64 LSTM units; the weights are stored as bytes, and what the book quotes is measured with these rounded weights.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from unrolled import readout, trained
from unrolled.lstm import LSTM
from unrolled.sequence import unroll
from unrolled.tasks import digits

FILE = "belief_by_row.npz"


class Reading(NamedTuple):
    """h (28, ..., H), the hidden state after each row, and p (28, ..., 10), what is believed then."""

    h: np.ndarray
    p: np.ndarray


@cache
def params():
    """Its params: W_ih (28, 4H), W_hh (H, 4H), b (4H,), the gates in the order i, f, g, o, then W_hy (H, 10), b_y."""
    return trained.unrounded(trained.stored(FILE))


def read(images, p=None):
    """Read images (B, 28, 28) with ink 0 to 255, from a zero state; p: other params than the shipped ones."""
    p = params() if p is None else p
    h, _ = unroll(LSTM(), p, digits.rows(images, np.float64))
    return Reading(h, readout.softmax(readout.linear(p, h)))


def decided(p):
    """The first row, from 1, after which the likeliest digit of p (28, 10) is the last one and stays it."""
    other = np.flatnonzero(p.argmax(axis=1) != p[-1].argmax())
    return int(other[-1]) + 2 if len(other) else 1


def examples():
    """Ten test images, (10, 28, 28): the first one of each digit."""
    return trained.stored(FILE)["examples"]


def for_page():
    """The network as a living picture gets it: weights, the units in the order of the rows at which they peak."""
    arrays = trained.stored(FILE)
    return {
        "H": len(arrays["W_hh"]),
        "weights": trained.packed(arrays),
        "order": arrays["order"].tolist(),
    }
