"""What chapter 7 trains: its gradients, truncation and clipping; and the stored runs can be made again."""

from functools import partial

import numpy as np
import pytest

import remedies
from unrolled import LSTM, RNN, gradcheck, optim, readout, results, truncated_bptt, unroll
from unrolled.networks.regressor import SequenceRegressor
from unrolled.tasks.adding import adding


def regressor(cell, dtype=np.float64, T=6, B=2, D=3, H=4, V=5, **settings):
    rng = np.random.default_rng(0)
    drawn = cell.init(rng, D, H) | readout.init(rng, H, V)
    params = {name: p.astype(dtype) for name, p in drawn.items()}
    net = SequenceRegressor(cell, params, optim.SGD(params, 0.1), **settings)
    return net, rng.normal(size=(T, B, D)).astype(dtype), rng.normal(size=(B, V)).astype(dtype)


@pytest.mark.parametrize("cell", [RNN("tanh"), LSTM()], ids=["rnn", "lstm"])
def test_gradients_agree_with_finite_differences(cell):
    net, xs, targets = regressor(cell)
    loss, grads = net.gradients(xs, targets)
    assert loss == pytest.approx(net.loss(xs, targets))
    assert loss == pytest.approx(((net.predict(xs) - targets) ** 2).mean())
    gradcheck.check(lambda: net.loss(xs, targets), net.params, grads, rtol=1e-5)


def test_a_window_is_truncated_bptt():
    cell = RNN("tanh")
    net, xs, targets = regressor(cell, window=2)
    _, grads = net.gradients(xs, targets)
    ys, states = unroll(cell, net.params, xs)
    d_ys = np.zeros_like(ys)
    error = readout.linear(net.params, ys[-1]) - targets
    d_readout, d_ys[-1] = readout.linear_grad(net.params, ys[-1], 2 * error / error.size)
    expected, _ = truncated_bptt(cell, net.params, xs, states, d_ys, steps=2)
    for name, g in (expected | d_readout).items():
        np.testing.assert_allclose(grads[name], g, rtol=1e-9, atol=1e-12)
    whole, _, _ = regressor(cell)
    longer, _, _ = regressor(cell, window=99)
    np.testing.assert_allclose(longer.gradients(xs, targets)[1]["W_hh"], whole.gradients(xs, targets)[1]["W_hh"])
    assert not np.allclose(grads["W_hh"], whole.gradients(xs, targets)[1]["W_hh"])


def test_update_clips_and_tells_the_length_before():
    net, xs, targets = regressor(RNN("tanh"), clip=lambda grads: optim.clip_by_norm(grads, 0.01)[0])
    before = {name: p.copy() for name, p in net.params.items()}
    expected = optim.global_norm(net.gradients(xs, targets)[1])
    assert net.update(xs, targets) == pytest.approx(expected)
    assert expected > 0.01
    assert optim.global_norm({name: net.params[name] - p for name, p in before.items()}) == pytest.approx(0.1 * 0.01)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="window: expected at least 1, got 0"):
        regressor(RNN("tanh"), window=0)
    net, xs, _ = regressor(RNN("tanh"))
    with pytest.raises(ValueError, match="targets: expected shape"):
        net.gradients(xs, np.zeros((3, 5)))


def test_it_learns():
    cell, rng = RNN("tanh"), np.random.default_rng(0)
    params = {n: p.astype(np.float32) for n, p in (cell.init(rng, 2, 16) | readout.init(rng, 16, 1)).items()}
    net = SequenceRegressor(cell, params, optim.Adam(params, 0.01), partial(optim.clip_by_value, limit=1.0))
    for _ in range(300):
        net.update(*adding(rng, 50, 4))
    assert net.loss(*adding(rng, 500, 4)) < 0.02


def test_every_setting_is_stored_with_its_grid_and_five_seeds():
    stored = results.load("remedies")["settings"]
    assert list(stored) == list(remedies.SETTINGS)
    for name, setting in remedies.SETTINGS.items():
        runs = {(run["rate"], run["seed"]) for run in stored[name]["runs"]}
        grid = set(remedies.GRIDS[setting.optimizer])
        assert runs >= {(rate, seed) for rate in grid for seed in (0, 1)}
        assert runs >= {(stored[name]["best"], seed) for seed in range(5)}
        assert 1050 < stored[name]["parameters"] < 1200  # a fair comparison


def test_a_stored_explosion_happens_again():
    runs = results.load("remedies")["settings"]["baseline"]["runs"]
    kept = next(run for run in runs if (run["rate"], run["seed"]) == (0.1, 0))
    again = remedies.train(remedies.SETTINGS["baseline"], 0.1, 0)
    assert kept["loss"] is None
    assert again["loss"] is None
    assert max(again["updates"], kept["updates"]) < 100  # of 2,400; which one it is, rounding decides
