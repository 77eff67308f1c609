"""MNIST by rows: the slide's split, rows in order, every image once an epoch; and a network learns to read it."""

import numpy as np
import pytest

from unrolled import RNN, data, readout
from unrolled.networks.classifier import SequenceClassifier
from unrolled.tasks import digits


@pytest.fixture(scope="module")
def mnist():
    return digits.mnist()


def test_the_split_is_the_slides(mnist):
    assert [len(part.labels) for part in mnist] == [55_000, 5_000, 10_000]
    raw = data.mnist()
    np.testing.assert_array_equal(mnist.validation.images, raw.train_images[:5000])
    np.testing.assert_array_equal(mnist.train.labels, raw.train_labels[5000:])


def test_step_t_reads_row_t(mnist):
    images = mnist.test.images[:3]
    xs = digits.rows(images)
    assert xs.shape == (28, 3, 28)
    assert xs.dtype == np.float32
    assert xs.flags["C_CONTIGUOUS"]
    np.testing.assert_array_equal(xs[11, 2], images[2, 11] / np.float32(255))
    assert (xs.min(), xs.max()) == (0, 1)


def test_an_epoch_shows_every_image_once_in_an_order_fixed_by_the_seed():
    images = np.arange(23, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8)
    split = digits.Images(images, np.arange(23))
    first, again, other = (list(digits.batches(np.random.default_rng(s), split, 5)) for s in (0, 0, 1))
    labels = np.concatenate([labels for _, labels in first])
    assert len(first) == 4
    assert len(set(labels)) == 20  # 23 images, batches of 5: three wait for another epoch
    np.testing.assert_equal(first, again)
    assert not np.array_equal(labels, np.concatenate([labels for _, labels in other]))
    for xs, labels in first:
        np.testing.assert_allclose(xs[0, :, 0] * 255, labels, rtol=1e-6)


def test_accuracy_counts_every_image_once():
    split = digits.Images(np.zeros((7, 28, 28), np.uint8), np.array([1, 0, 1, 1, 0, 1, 1]))
    assert digits.accuracy(lambda xs: np.tile([0.0, 1.0], (xs.shape[1], 1)), split, batch_size=3) == 5 / 7


def test_a_small_network_learns_to_read_digits(mnist):
    """The chapter's claim in small: two epochs over 8,000 images leave chance (0.1) far behind."""
    rng = np.random.default_rng(0)
    cell = RNN("relu")
    params = {n: p.astype(np.float32) for n, p in (cell.init(rng, 28, 50) | readout.init(rng, 50, 10)).items()}
    learner = SequenceClassifier(cell, params, learning_rate=0.003)
    part = digits.Images(mnist.train.images[:8000], mnist.train.labels[:8000])
    losses = [learner.update(*batch) for _ in range(2) for batch in digits.batches(rng, part, 100)]
    assert np.mean(losses[-20:]) < 0.8 < np.mean(losses[:5])
    assert digits.accuracy(learner.logits, mnist.validation) > 0.7
