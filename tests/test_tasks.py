"""MNIST by rows: the slide's split, rows in order, every image once an epoch."""

import numpy as np
import pytest

from unrolled import RNN, data, gradcheck, readout, tasks
from unrolled.classifier import SequenceClassifier


@pytest.fixture(scope="module")
def mnist():
    return tasks.mnist()


def test_the_split_is_the_slides(mnist):
    assert [len(part.labels) for part in mnist] == [55_000, 5_000, 10_000]
    raw = data.mnist()
    np.testing.assert_array_equal(mnist.validation.images, raw.train_images[:5000])
    np.testing.assert_array_equal(mnist.train.labels, raw.train_labels[5000:])


def test_step_t_reads_row_t(mnist):
    images = mnist.test.images[:3]
    xs = tasks.rows(images)
    assert xs.shape == (28, 3, 28)
    assert xs.dtype == np.float32
    assert xs.flags["C_CONTIGUOUS"]
    np.testing.assert_array_equal(xs[11, 2], images[2, 11] / np.float32(255))
    assert (xs.min(), xs.max()) == (0, 1)


def test_an_epoch_shows_every_image_once_in_an_order_fixed_by_the_seed():
    images = np.arange(23, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8)
    split = tasks.Images(images, np.arange(23))
    first, again, other = (list(tasks.batches(np.random.default_rng(s), split, 5)) for s in (0, 0, 1))
    labels = np.concatenate([labels for _, labels in first])
    assert len(first) == 4
    assert len(set(labels)) == 20  # 23 images, batches of 5: three wait for another epoch
    np.testing.assert_equal(first, again)
    assert not np.array_equal(labels, np.concatenate([labels for _, labels in other]))
    for xs, labels in first:
        np.testing.assert_allclose(xs[0, :, 0] * 255, labels, rtol=1e-6)


def test_accuracy_counts_every_image_once():
    split = tasks.Images(np.zeros((7, 28, 28), np.uint8), np.array([1, 0, 1, 1, 0, 1, 1]))
    assert tasks.accuracy(lambda xs: np.tile([0.0, 1.0], (xs.shape[1], 1)), split, batch_size=3) == 5 / 7


def test_the_classifiers_gradients_agree_with_finite_differences():
    rng = np.random.default_rng(0)
    cell = RNN("relu")
    learner = SequenceClassifier(cell, cell.init(rng, 3, 4) | readout.init(rng, 4, 5))
    xs, labels = rng.normal(size=(6, 2, 3)), np.array([4, 1])
    _, grads = learner.gradients(xs, labels)
    gradcheck.check(lambda: learner.gradients(xs, labels)[0], learner.params, grads, rtol=1e-5)


def test_a_small_network_learns_to_read_digits(mnist):
    """The chapter's claim in small: two epochs over 8,000 images leave chance (0.1) far behind."""
    rng = np.random.default_rng(0)
    cell = RNN("relu")
    params = {n: p.astype(np.float32) for n, p in (cell.init(rng, 28, 50) | readout.init(rng, 50, 10)).items()}
    learner = SequenceClassifier(cell, params, learning_rate=0.003)
    part = tasks.Images(mnist.train.images[:8000], mnist.train.labels[:8000])
    losses = [learner.update(*batch) for _ in range(2) for batch in tasks.batches(rng, part, 100)]
    assert np.mean(losses[-20:]) < 0.8 < np.mean(losses[:5])
    assert tasks.accuracy(learner.logits, mnist.validation) > 0.7


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    xs, targets = tasks.adding(np.random.default_rng(0), batch_size=300, steps=7)
    assert xs.shape == (7, 300, 2)
    assert targets.shape == (300, 1)
    assert xs.dtype == targets.dtype == np.float32
    numbers, marks = xs[..., 0], xs[..., 1]
    assert set(np.unique(marks)) == {0, 1}
    assert (marks[:3].sum(axis=0) == 1).all()
    assert (marks[3:].sum(axis=0) == 1).all()
    assert (marks.sum(axis=1) > 0).all()  # every step has its turn
    np.testing.assert_allclose((numbers * marks).sum(axis=0), targets[:, 0], rtol=1e-6)
    assert 0 <= numbers.min() < 0.01 < 0.99 < numbers.max() <= 1


def test_adding_costs_what_its_docstring_says():
    xs, targets = tasks.adding(np.random.default_rng(1), 200_000, 4, np.float64)
    assert ((targets - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.01)
    second = (xs[2:, :, 0] * xs[2:, :, 1]).sum(axis=0)
    assert ((targets[:, 0] - second - 0.5) ** 2).mean() == pytest.approx(1 / 12, rel=0.01)


def test_adding_is_fixed_by_its_generator_and_names_bad_arguments():
    first, again, other = (tasks.adding(np.random.default_rng(s), 3, 5)[0] for s in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(ValueError, match="steps: expected at least 2"):
        tasks.adding(np.random.default_rng(0), 3, 1)
    with pytest.raises(ValueError, match="batch_size: expected at least 1, got 0"):
        tasks.adding(np.random.default_rng(0), 0, 5)
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        tasks.adding(0, 3, 5)
