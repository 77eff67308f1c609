"""The simple recurrent cell: against finite differences, PyTorch, Keras, and the arrays the slides' program prints."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled import RNN, bptt, gradcheck, unroll
from unrolled.rnn import State

T, B, D, H = 4, 3, 5, 2  # all different, so that a swapped axis fails


def case(activation, T=T, B=B, D=D, H=H, seed=0):
    """A cell, params with a bias away from zero, a sequence, a state to start from and weights for the loss."""
    rng = np.random.default_rng(seed)
    cell = RNN(activation)
    params = cell.init(rng, D, H)
    params["b"] += rng.normal(size=H)
    return cell, params, rng.normal(size=(T, B, D)), State(rng.normal(size=(B, H))), rng.normal(size=(T, B, H))


def gradients(cell, params, xs, state, d_ys):
    _, states = unroll(cell, params, xs, state)
    return bptt(cell, params, xs, states, d_ys)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_gradients_agree_with_finite_differences(activation):
    cell, params, xs, state, d_ys = case(activation)
    d_params, d_xs, d_states = gradients(cell, params, xs, state, d_ys)

    def loss():
        return (unroll(cell, params, xs, state)[0] * d_ys).sum()

    gradcheck.check(loss, params | {"xs": xs, "h0": state.h}, d_params | {"xs": d_xs, "h0": d_states[0].h})


def torch_twin(cell, params, xs, state):
    import torch

    rnn = torch.nn.RNN(D, H, nonlinearity=cell.activation, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.tensor(params["W_ih"].T))
        rnn.weight_hh_l0.copy_(torch.tensor(params["W_hh"].T))
        rnn.bias_ih_l0.copy_(torch.tensor(params["b"]))
        rnn.bias_hh_l0.zero_()
    x, h = torch.tensor(xs, requires_grad=True), torch.tensor(state.h[None], requires_grad=True)
    return rnn, x, h


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_pytorch_computes_the_same_outputs_and_gradients(activation):
    import torch

    cell, params, xs, state, d_ys = case(activation)
    ys, _ = unroll(cell, params, xs, state)
    d_params, d_xs, d_states = gradients(cell, params, xs, state, d_ys)
    rnn, x, h = torch_twin(cell, params, xs, state)
    out, _ = rnn(x, h)
    (out * torch.tensor(d_ys)).sum().backward()
    np.testing.assert_allclose(ys, out.detach(), rtol=1e-12)
    np.testing.assert_allclose(d_params["W_ih"], rnn.weight_ih_l0.grad.T, rtol=1e-10)
    np.testing.assert_allclose(d_params["W_hh"], rnn.weight_hh_l0.grad.T, rtol=1e-10)
    np.testing.assert_allclose(d_params["b"], rnn.bias_ih_l0.grad, rtol=1e-10)
    np.testing.assert_allclose(d_xs, x.grad, rtol=1e-10)
    np.testing.assert_allclose(d_states[0].h, h.grad[0], rtol=1e-10)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_keras_computes_the_same_outputs_and_gradients(activation):
    import keras
    import tensorflow as tf

    cell, params, xs, state, d_ys = case(activation)
    ys, _ = unroll(cell, params, xs, state)
    d_params, d_xs, d_states = gradients(cell, params, xs, state, d_ys)
    layer = keras.layers.SimpleRNN(H, activation=activation, return_sequences=True, dtype="float64")
    x, h = tf.Variable(xs.transpose(1, 0, 2)), tf.Variable(state.h)
    layer.build(x.shape)
    layer.set_weights([params["W_ih"], params["W_hh"], params["b"]])
    with tf.GradientTape() as tape:
        out = layer(x, initial_state=[h])
        loss = tf.reduce_sum(out * d_ys.transpose(1, 0, 2))
    d_W_ih, d_W_hh, d_b, d_x, d_h = tape.gradient(loss, [*layer.trainable_weights, x, h])
    np.testing.assert_allclose(ys, out.numpy().transpose(1, 0, 2), rtol=1e-10)
    np.testing.assert_allclose(d_params["W_ih"], d_W_ih, rtol=1e-10)
    np.testing.assert_allclose(d_params["W_hh"], d_W_hh, rtol=1e-10)
    np.testing.assert_allclose(d_params["b"], d_b, rtol=1e-10)
    np.testing.assert_allclose(d_xs, d_x.numpy().transpose(1, 0, 2), rtol=1e-10)
    np.testing.assert_allclose(d_states[0].h, d_h, rtol=1e-10)


def test_the_slides_manual_program_is_reproduced():
    """Slide "Manual": the arrays printed by ageron/handson-ml, notebook 14, from TensorFlow's seeds (references.md)."""
    import tensorflow as tf

    def draw(shape, seed):
        tf.random.set_seed(42)
        return tf.random.normal(shape, seed=seed).numpy()

    params = {"W_ih": draw([3, 5], 5), "W_hh": draw([5, 5], 14), "b": np.zeros(5, np.float32)}
    xs = np.array(
        [[[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]], [[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]]], np.float32
    )
    ys, states = unroll(RNN("tanh"), params, xs)
    np.testing.assert_allclose(ys[0, 0], [-0.0664006, 0.9625767, 0.68105793, 0.7091854, -0.898216], atol=1e-6)
    np.testing.assert_allclose(ys[1, 1], [-0.12210419, 0.62805265, 0.9671843, -0.9937122, -0.2583937], atol=1e-6)
    np.testing.assert_array_equal(states[2].h, ys[1])


FAULTS = {
    "the derivative of tanh is forgotten": lambda: {"step_grad": lambda self, p, x, b, a, dy, da: (
        dy + da.h, State((dy + da.h) @ p["W_hh"].T))},
    "the gradient goes through W_hh untransposed": lambda: {"step_grad": lambda self, p, x, b, a, dy, da: (
        (dy + da.h) * (1 - a.h**2), State(((dy + da.h) * (1 - a.h**2)) @ p["W_hh"]))},
    "the gradient from the next step is dropped": lambda: {"step_grad": lambda self, p, x, b, a, dy, da: (
        dy * (1 - a.h**2), State((dy * (1 - a.h**2)) @ p["W_hh"].T))},
    "the state before the step is mistaken for the one after": lambda: {"step_grad": lambda self, p, x, b, a, dy, da: (
        (dy + da.h) * (1 - b.h**2), State(((dy + da.h) * (1 - b.h**2)) @ p["W_hh"].T))},
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_finite_differences_catch_a_one_line_fault(fault, monkeypatch):
    for name, function in FAULTS[fault]().items():
        monkeypatch.setattr(RNN, name, function)
    with pytest.raises(AssertionError, match="gradient of"):
        test_gradients_agree_with_finite_differences("tanh")


sizes = st.integers(1, 6)


@settings(max_examples=40, deadline=None)
@given(T=st.integers(2, 7), B=sizes, D=sizes, H=sizes, cut=st.integers(1, 6), seed=st.integers(0, 99))
def test_a_sequence_cut_in_two_with_the_state_carried_is_the_whole(T, B, D, H, cut, seed):
    cell, params, xs, state, _ = case("tanh", T, B, D, H, seed)
    cut = min(cut, T - 1)
    ys, states = unroll(cell, params, xs, state)
    first, between = unroll(cell, params, xs[:cut], state)
    second, end = unroll(cell, params, xs[cut:], between[-1])
    np.testing.assert_allclose(np.concatenate([first, second]), ys, atol=1e-14)
    np.testing.assert_allclose(end[-1].h, states[-1].h, atol=1e-14)


@settings(max_examples=25, deadline=None)
@given(B=st.integers(2, 6), seed=st.integers(0, 99))
def test_the_order_of_the_batch_does_not_matter(B, seed):
    cell, params, xs, state, _ = case("relu", B=B, seed=seed)
    order = np.random.default_rng(seed).permutation(B)
    ys, _ = unroll(cell, params, xs, state)
    mixed, _ = unroll(cell, params, np.ascontiguousarray(xs[:, order]), State(state.h[order]))
    np.testing.assert_allclose(mixed, ys[:, order], atol=1e-14)


def test_unroll_leaves_its_arguments_alone():
    cell, params, xs, state, _ = case("tanh")
    kept = {name: p.copy() for name, p in params.items()}, xs.copy(), state.h.copy()
    unroll(cell, params, xs, state)
    np.testing.assert_equal((params, xs, state.h), kept)


def test_float32_stays_float32():
    cell = RNN("relu")
    params = cell.init(np.random.default_rng(0), D, H, np.float32)
    xs = np.ones((T, B, D), np.float32)
    ys, states = unroll(cell, params, xs)
    d_params, d_xs, d_states = bptt(cell, params, xs, states, np.ones_like(ys))
    assert {a.dtype for a in [ys, states[0].h, d_xs, d_states[0].h, *d_params.values()]} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda xs: xs.tolist(), TypeError, "xs: expected a NumPy array of shape (T, B, 5), got list"),
        (lambda xs: xs[0], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (3, 5)"),
        (lambda xs: xs[:0], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (0, 3, 5)"),
        (lambda xs: xs[..., :4], ValueError, "xs: expected shape (T, B, 5) with no axis empty, got (4, 3, 4)"),
        (lambda xs: xs.astype(int), TypeError, "xs: expected floating-point numbers, got dtype int64"),
        (lambda xs: np.where(xs == xs[1, 2, 3], np.nan, xs), ValueError, "got nan at index (1, 2, 3)"),
        (lambda xs: np.where(xs == xs[0, 0, 0], np.inf, xs), ValueError, "got inf at index (0, 0, 0)"),
    ],
)
def test_a_wrong_sequence_is_named(change, error, message):
    cell, params, xs, state, _ = case("tanh")
    with pytest.raises(error) as caught:
        unroll(cell, params, change(xs), state)
    assert message in str(caught.value)


def test_other_wrong_arguments_are_named():
    cell, params, xs, state, d_ys = case("tanh")
    with pytest.raises(ValueError, match=r"state\.h: expected shape \(3, 2\) .* got \(1, 2\)"):
        unroll(cell, params, xs, State(state.h[:1]))
    _, states = unroll(cell, params, xs, state)
    with pytest.raises(ValueError, match=r"d_ys: expected shape \(4, 3, 2\)"):
        bptt(cell, params, xs, states, d_ys[:-1])
    with pytest.raises(ValueError, match=r"states: expected T \+ 1 = 5 states"):
        bptt(cell, params, xs, states[1:], d_ys)
    with pytest.raises(ValueError, match=r"activation: expected one of .* got 'sigmoid'"):
        RNN("sigmoid")
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        cell.init(0, 3, 5)
    with pytest.raises(ValueError, match="hidden_size: expected at least 1, got 0"):
        cell.init(np.random.default_rng(0), 3, 0)
    with pytest.raises(TypeError, match="batch_size: expected a whole number, got True"):
        cell.zero_state(params, True)
