"""Handwritten digits, MNIST, read row by row: the slides' split, sequences of rows, batches."""

from typing import NamedTuple

import numpy as np

from unrolled import data
from unrolled.arguments import check_rng, check_size


class Images(NamedTuple):
    """images: (N, 28, 28) bytes, 0 is paper and 255 ink. labels: (N,) the digit drawn, 0 to 9."""

    images: np.ndarray
    labels: np.ndarray


class Mnist(NamedTuple):
    train: Images
    validation: Images
    test: Images


def mnist():
    """MNIST, split as on the slide: 5,000 images held out for validation, 55,000 to train on, 10,000 to test."""
    raw = data.mnist()
    return Mnist(
        train=Images(raw.train_images[5000:], raw.train_labels[5000:]),
        validation=Images(raw.train_images[:5000], raw.train_labels[:5000]),
        test=Images(raw.test_images, raw.test_labels),
    )


def rows(images, dtype=np.float32):
    """Images (B, 28, 28) as sequences (T=28, B, D=28): step t reads row t from the top, paper 0 and ink 1."""
    return np.ascontiguousarray(images.transpose(1, 0, 2), dtype) / dtype(255)


def batches(rng, split, batch_size):
    """One epoch in a fresh order: pairs (xs, labels). What does not fill a last batch is left out, as on the slide."""
    order = check_rng(rng).permutation(len(split.labels))
    for start in range(0, len(order) - check_size("batch_size", batch_size) + 1, batch_size):
        chosen = order[start : start + batch_size]
        yield rows(split.images[chosen]), split.labels[chosen]


def accuracy(logits, split, batch_size=500):
    """Share of a split's images whose largest logit is the label. logits: a function from xs (T, B, D) to (B, V)."""
    right = 0
    for start in range(0, len(split.labels), batch_size):
        part = slice(start, start + batch_size)
        right += int((logits(rows(split.images[part])).argmax(axis=-1) == split.labels[part]).sum())
    return right / len(split.labels)
