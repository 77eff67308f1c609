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


def check_image(image):
    """Return `image` as an array if it is (28, 28) numbers from 0 to 255; raise ValueError otherwise."""
    image = np.asarray(image)
    if image.shape != (28, 28):
        raise ValueError(f"image: expected shape (28, 28), got {image.shape}")
    if not (image.min() >= 0 and image.max() <= 255):
        raise ValueError(f"image: expected numbers from 0 to 255, got {image.min()} to {image.max()}")
    return image


def fitted(image, side=20):
    """A drawing (28, 28) as MNIST has its digits: its longer side `side` pixels, its centre of mass in the middle.

    LeCun et al. (1998) scaled theirs so and moved them; here this is done by bilinear interpolation and by whole
    pixels. A drawing that has this size is only moved, an empty one stays empty. Returns bytes.
    """
    image = check_image(image)
    down, across = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    if not len(down):
        return np.zeros((28, 28), np.uint8)
    ink = image[down[0] : down[-1] + 1, across[0] : across[-1] + 1].astype(float)
    longer = max(ink.shape)
    if longer != side:
        height, width = (max(1, int(np.floor(n * side / longer + 0.5))) for n in ink.shape)
        ink = np.floor(_between(_between(ink, height).T, width).T + 0.5)
    height, width = ink.shape
    mass = ink.sum()
    y = _start(np.arange(height) @ ink.sum(axis=1) / mass, height)
    x = _start(np.arange(width) @ ink.sum(axis=0) / mass, width)
    place = np.zeros((28, 28), np.uint8)
    place[y : y + height, x : x + width] = ink
    return place


def _between(rows, count):
    """`count` rows at equal distances in place of those of an array, each between its two neighbours."""
    at = np.clip((np.arange(count) + 0.5) * len(rows) / count - 0.5, 0, len(rows) - 1)
    low = np.floor(at).astype(int)
    share = (at - low)[:, None]
    return rows[low] * (1 - share) + rows[np.minimum(low + 1, len(rows) - 1)] * share


def _start(centre, length):
    """Where `length` pixels begin so that `centre`, counted from their first, comes to the middle of 28."""
    return int(np.clip(np.floor(14 - centre + 0.5), 0, 28 - length))
