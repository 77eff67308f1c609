"""What chapter 10 trains: its gradients, and two ways to go on alone."""

import numpy as np
import pytest

from unrolled import GRU, LSTM, RNN, CoupledLSTM, PeepholeLSTM, gradcheck, readout, unroll
from unrolled.networks.forecaster import Forecaster, closed_loop

CELLS = {"rnn": RNN("tanh"), "relu": RNN("relu"), "lstm": LSTM(), "coupled": CoupledLSTM(), "peephole": PeepholeLSTM()}


def forecaster(cell, D=2, H=5, V=2, **settings):
    rng = np.random.default_rng(0)
    params = cell.init(rng, D, H) | readout.init(rng, H, V)
    params["b_y"] += rng.normal(size=V)  # a bias that reaches the next input
    return Forecaster(cell, params, **settings), rng


@pytest.mark.parametrize("S", [1, 3, 6])
def test_gradients_agree_with_finite_differences(S):
    net, rng = forecaster(LSTM(), V=4)
    xs, targets = rng.normal(size=(6, 3, 2)), rng.normal(size=(S, 3, 4))
    loss, grads = net.gradients(xs, targets)
    assert loss == pytest.approx(((net.predict(xs)[6 - S :] - targets) ** 2).mean())
    assert loss == pytest.approx(net.loss(xs, targets))
    gradcheck.check(lambda: net.loss(xs, targets), net.params, grads, rtol=1e-5)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_the_closed_loop_is_the_network_fed_with_its_own_predictions(cell):
    net, rng = forecaster(cell)
    values = rng.normal(size=(4, 3, 2))
    ys, states = unroll(cell, net.params, values)
    made, state = [readout.linear(net.params, ys[-1])], states[-1]
    for _ in range(5):
        y, state = cell.step(net.params, made[-1], state)
        made.append(readout.linear(net.params, y))
    went_on = net.carry(values, 6)
    np.testing.assert_array_equal(went_on[:4], values)
    np.testing.assert_allclose(went_on[4:], made, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("F", [1, 2, 5])
@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_gradients_through_its_own_predictions(cell, F):
    net, rng = forecaster(cell)
    values, targets = rng.normal(size=(4, 3, 2)), rng.normal(size=(F, 3, 2))
    loss, grads = net.alone_gradients(values, targets)

    def by_hand():
        return float(((net.carry(values, F)[4:] - targets) ** 2).mean())

    assert loss == pytest.approx(by_hand())
    gradcheck.check(by_hand, net.params, grads, rtol=1e-5)


def test_gradients_through_its_own_predictions_are_pytorchs():
    import torch

    net, rng = forecaster(RNN("tanh"))
    values, targets = rng.normal(size=(4, 3, 2)), rng.normal(size=(5, 3, 2))
    p = {name: torch.tensor(array, requires_grad=True) for name, array in net.params.items()}
    h, made = torch.zeros(3, 5, dtype=torch.float64), []
    for t in range(4 + 5 - 1):
        x = torch.tensor(values[t]) if t < 4 else made[-1]
        h = torch.tanh(x @ p["W_ih"] + h @ p["W_hh"] + p["b"])
        if t >= 3:
            made.append(h @ p["W_hy"] + p["b_y"])
    ((torch.stack(made) - torch.tensor(targets)) ** 2).mean().backward()
    _, grads = net.alone_gradients(values, targets)
    for name, g in grads.items():
        np.testing.assert_allclose(g, p[name].grad, rtol=1e-10, atol=1e-13)


def test_a_gru_is_refused_because_its_reset_stands_between():
    net, rng = forecaster(GRU())
    with pytest.raises(TypeError, match=r"cell: expected one .* got GRU"):
        net.carry(rng.normal(size=(4, 3, 2)), 3)


def test_reread_reads_the_last_window_from_a_zero_state():
    net, rng = forecaster(RNN("tanh"))
    values = rng.normal(size=(4, 3, 2))
    made = net.reread(values, 5, window=3)
    assert made.shape == (9, 3, 2)
    np.testing.assert_array_equal(made[:4], values)
    for t in range(4, 9):
        np.testing.assert_allclose(made[t], net.predict(made[t - 3 : t])[-1])
    with pytest.raises(ValueError, match="window: expected at most the 4 values given, got 5"):
        net.reread(values, 5, window=5)


def test_update_learns_and_clips():
    net, rng = forecaster(RNN("tanh"), learning_rate=0.05)
    xs = rng.normal(size=(6, 8, 2))
    losses = [net.update(xs, xs) for _ in range(300)]
    assert losses[-1] < 0.1 * losses[0]


def test_a_network_whose_predictions_are_no_inputs_cannot_go_on_alone():
    net, rng = forecaster(RNN("tanh"), V=3)
    with pytest.raises(ValueError, match="params: expected as many predictions as inputs, got 3 and 2"):
        net.carry(rng.normal(size=(4, 3, 2)), 2)
    with pytest.raises(ValueError, match="got 3 and 2"):
        closed_loop(net.params)


def test_bad_targets_are_named():
    net, rng = forecaster(RNN("tanh"))
    xs = rng.normal(size=(6, 3, 2))
    with pytest.raises(ValueError, match=r"targets: expected shape \(S, 3, 2\)"):
        net.gradients(xs, rng.normal(size=(6, 2, 2)))
    with pytest.raises(ValueError, match="targets: expected at most one for each of the 6 steps, got 7"):
        net.gradients(xs, rng.normal(size=(7, 3, 2)))
