"""Streams of symbols with a question at every step: two tasks that tell a window from a state."""

from typing import NamedTuple

import numpy as np

from unrolled.arguments import check_rng, check_size

OPEN, CLOSE = 0, 1  # the two events among the four symbols; 2 and 3 mean nothing
SYMBOLS = 4


class Stream(NamedTuple):
    """xs: (T, B, 4) float32, one symbol a step, its entry 1. labels: (T, B), 1 or 0; -1 where nothing is asked.
    distance: (T, B), how many steps back the symbol lies that decides the answer."""

    xs: np.ndarray
    labels: np.ndarray
    distance: np.ndarray


def flag_task(rng, T, B, share):
    """Streams in which "open" and "close" come at random; the answer at each step is which of them came last.

    share: how many of the steps are events, 0 to 1; the first step always is one. Returns a Stream. Raises TypeError
    or ValueError that names the argument.
    """
    shape = check_size("T", T), check_size("B", B)
    if not 0 <= share <= 1:
        raise ValueError(f"share: expected a number from 0 to 1, got {share!r}")
    event = check_rng(rng).random(shape) < share
    event[0] = True
    symbols = np.where(event, rng.integers(OPEN, CLOSE + 1, shape), rng.integers(CLOSE + 1, SYMBOLS, shape))
    steps = np.arange(T)[:, None]
    last = np.maximum.accumulate(np.where(event, steps, 0))
    labels = (np.take_along_axis(symbols, last, axis=0) == OPEN).astype(int)
    return Stream(np.eye(SYMBOLS, dtype=np.float32)[symbols], labels, steps - last)


def pattern_task(rng, T, B):
    """Streams of random symbols; the answer at each step is looked up by the last three in a table of 64 entries,
    half of them 1. The table is always the same. Returns a Stream whose first two steps are not asked."""
    symbols = check_rng(rng).integers(0, SYMBOLS, (check_size("T", T), check_size("B", B)))
    table = np.random.default_rng(7).permutation([0, 1] * 32).reshape(SYMBOLS, SYMBOLS, SYMBOLS)
    labels = np.full(symbols.shape, -1)
    labels[2:] = table[symbols[:-2], symbols[1:-1], symbols[2:]]
    return Stream(np.eye(SYMBOLS, dtype=np.float32)[symbols], labels, np.full(symbols.shape, 2))
