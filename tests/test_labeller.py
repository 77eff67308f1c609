"""One network for all shapes: its gradient, its masks, and that what does not count has no influence."""

import numpy as np
import pytest

from unrolled import LSTM, RNN, gradcheck, readout
from unrolled.networks.labeller import SequenceLabeller, every_step, last_step

T, B, D, H, V = 5, 3, 2, 4, 6
LENGTHS = np.array([3, 5, 1])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def learner(rng, cell, **settings):
    return SequenceLabeller(cell, cell.init(rng, D, H) | readout.init(rng, H, V), **settings)


@pytest.mark.parametrize("cell", [RNN(), LSTM()], ids=["rnn", "lstm"])
@pytest.mark.parametrize("mask", [every_step, last_step])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "padded"])
def test_the_gradients_agree_with_finite_differences(rng, cell, mask, lengths):
    net = learner(rng, cell)
    xs, labels = rng.normal(size=(T, B, D)), rng.integers(0, V, (T, B))
    counts = mask(T, np.full(B, T) if lengths is None else lengths)
    _, grads = net.gradients(xs, labels, counts, lengths)
    gradcheck.check(lambda: net.gradients(xs, labels, counts, lengths)[0], net.params, grads, rtol=1e-5)


def test_the_masks():
    assert every_step(T, LENGTHS).T.tolist() == [[t < n for t in range(T)] for n in LENGTHS]
    assert last_step(T, LENGTHS).T.tolist() == [[t == n - 1 for t in range(T)] for n in LENGTHS]


def test_the_loss_is_the_mean_over_what_counts(rng):
    net = learner(rng, RNN())
    xs, labels, counts = rng.normal(size=(T, B, D)), rng.integers(0, V, (T, B)), last_step(T, LENGTHS)
    p = readout.softmax(net.logits(xs, LENGTHS))
    surprise = [-np.log(p[n - 1, b, labels[n - 1, b]]) for b, n in enumerate(LENGTHS)]
    assert net.gradients(xs, labels, counts, LENGTHS)[0] == pytest.approx(np.mean(surprise), abs=1e-12)


def test_labels_that_do_not_count_and_padding_change_nothing(rng):
    net = learner(rng, LSTM())
    xs, labels, counts = rng.normal(size=(T, B, D)), rng.integers(0, V, (T, B)), last_step(T, LENGTHS)
    loss, grads = net.gradients(xs, labels, counts, LENGTHS)
    behind = ~every_step(T, LENGTHS)
    other, others = net.gradients(np.where(behind[:, :, None], 7.0, xs), np.where(counts, labels, 0), counts, LENGTHS)
    assert loss == other
    for name in grads:
        np.testing.assert_array_equal(grads[name], others[name])


def test_one_step_of_adam_lowers_the_loss_and_a_long_gradient_is_cut(rng):
    net = learner(rng, RNN(), learning_rate=1e-3, max_norm=1e-3)
    xs, labels, counts = rng.normal(size=(T, B, D)), rng.integers(0, V, (T, B)), np.ones((T, B), bool)
    losses = [net.update(xs, labels, counts) for _ in range(3)]
    assert losses[0] > losses[1] > losses[2]
    first_moments = [net.optimizer.state[f"m.{name}"] for name in net.params]
    assert np.sqrt(sum((m**2).sum() for m in first_moments)) < 1e-3


def test_nothing_that_counts_is_an_error(rng):
    net = learner(rng, RNN())
    with pytest.raises(ValueError, match="counts: expected at least one"):
        net.gradients(rng.normal(size=(T, B, D)), np.zeros((T, B), int), np.zeros((T, B), bool))
