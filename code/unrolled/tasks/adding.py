"""The adding problem: remember one marked number until a second one comes, then say their sum."""

import numpy as np

from unrolled.arguments import check_rng, check_size


def adding(rng, batch_size, steps, dtype=np.float32):
    """The adding problem: two of many numbers are marked, one in each half; their sum is asked for at the end.

    Returns xs (T, B, 2), at each step a number from 0 to 1 and its mark, 1 or 0; and targets (B, 1), the sum of the two
    marked numbers. Always saying 1 costs a mean squared error of 1/6; knowing one of the two numbers, 1/12. Raises
    ValueError when steps is below 2. Hochreiter & Schmidhuber (1997), experiment 4, in the form of Le et al. (2015).
    """
    B, T = check_size("batch_size", batch_size), check_size("steps", steps)
    if T < 2:
        raise ValueError(f"steps: expected at least 2, one for each marked number, got {steps}")
    numbers, marks = check_rng(rng).uniform(0, 1, (T, B)), np.zeros((T, B))
    marks[rng.integers(0, T // 2, B), np.arange(B)] = 1
    marks[rng.integers(T // 2, T, B), np.arange(B)] = 1
    return np.stack([numbers, marks], axis=2).astype(dtype), (numbers * marks).sum(axis=0)[:, None].astype(dtype)
