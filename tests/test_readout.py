"""Readout, losses and optimizers: against finite differences and PyTorch."""

import numpy as np
import pytest

from unrolled import gradcheck, optim, readout

B, H, K = 4, 3, 5


def test_linear_and_cross_entropy_gradients():
    rng = np.random.default_rng(1)
    params = readout.init(rng, H, K)
    params["b_y"] += rng.normal(size=K)
    h, labels = rng.normal(size=(B, H)), np.array([0, 4, 2, 2])

    def loss():
        return readout.cross_entropy(readout.linear(params, h), labels)[0]

    _, d_logits = readout.cross_entropy(readout.linear(params, h), labels)
    d_params, d_h = readout.linear_grad(params, h, d_logits)
    gradcheck.check(loss, params | {"h": h}, d_params | {"h": d_h})


def test_linear_reads_every_step_of_a_sequence():
    rng = np.random.default_rng(2)
    params, hs = readout.init(rng, H, K), rng.normal(size=(6, B, H))
    d_logits = rng.normal(size=(6, B, K))

    def loss():
        return (readout.linear(params, hs) * d_logits).sum()

    d_params, d_hs = readout.linear_grad(params, hs, d_logits)
    gradcheck.check(loss, params | {"hs": hs}, d_params | {"hs": d_hs})


def test_cross_entropy_is_pytorchs():
    import torch

    rng = np.random.default_rng(3)
    logits, labels = rng.normal(size=(B, K)) * 10, np.array([1, 0, 3, 4])
    twin = torch.tensor(logits, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(twin, torch.tensor(labels))
    expected.backward()
    loss, d_logits = readout.cross_entropy(logits, labels)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(d_logits, twin.grad, rtol=1e-10)


def test_huge_logits_neither_overflow_nor_lose_the_loss():
    logits = np.array([[1e4, 0.0], [0.0, 1e4]])
    assert readout.softmax(logits).sum(axis=1) == pytest.approx([1, 1])
    loss, d_logits = readout.cross_entropy(logits, np.array([1, 1]))
    assert loss == pytest.approx(5e3)
    assert np.isfinite(d_logits).all()


def test_wrong_labels_are_named():
    logits = np.zeros((2, 3))
    with pytest.raises(ValueError, match="labels: expected numbers from 0 to 2, got 0 to 3"):
        readout.cross_entropy(logits, np.array([0, 3]))
    with pytest.raises(ValueError, match="labels: expected 2 whole numbers"):
        readout.cross_entropy(logits, np.array([0.0, 1.0]))


def test_accuracy():
    assert readout.accuracy(np.array([[1.0, 2], [2, 1], [0, 1]]), np.array([1, 1, 1])) == pytest.approx(2 / 3)


def twin(name, params, grads, **settings):
    """The same three steps by torch.optim."""
    import torch

    tensors = [torch.nn.Parameter(torch.tensor(p)) for p in params.values()]
    optimizer = getattr(torch.optim, name)(tensors, **settings)
    for step in grads:
        for tensor, grad in zip(tensors, step.values(), strict=True):
            tensor.grad = torch.tensor(grad)
        optimizer.step()
    return [t.detach().numpy() for t in tensors]


@pytest.mark.parametrize(
    ("ours", "name", "settings"),
    [(optim.SGD, "SGD", {}), (optim.RMSProp, "RMSprop", {"alpha": 0.99}), (optim.Adam, "Adam", {})],
)
def test_optimizers_take_pytorchs_steps(ours, name, settings):
    rng = np.random.default_rng(4)
    params = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    grads = [{k: rng.normal(size=p.shape) for k, p in params.items()} for _ in range(3)]
    expected = twin(name, params, grads, lr=0.01, **settings)
    optimizer = ours(params, learning_rate=0.01)
    for step in grads:
        optimizer.step(step)
    for p, e in zip(params.values(), expected, strict=True):
        np.testing.assert_allclose(p, e, rtol=1e-7)


def test_clipping_is_pytorchs():
    import torch

    rng = np.random.default_rng(5)
    grads = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    for max_norm in (0.5, 100.0):
        tensors = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads.values()]
        for tensor, g in zip(tensors, grads.values(), strict=True):
            tensor.grad = torch.tensor(g)
        expected = torch.nn.utils.clip_grad_norm_(tensors, max_norm).item()
        clipped, norm = optim.clip_by_norm(grads, max_norm)
        assert norm == pytest.approx(expected)
        for g, tensor in zip(clipped.values(), tensors, strict=True):
            np.testing.assert_allclose(g, tensor.grad, rtol=1e-5)  # torch divides by norm + 1e-6
    assert np.abs(optim.clip_by_value(grads, 0.3)["W"]).max() == 0.3
    assert optim.clip_by_norm({"W": np.zeros(2)}, 1.0)[1] == 0


def test_the_global_norm_is_that_of_one_long_vector():
    grads = {"W": np.array([[6.0, 0], [0, 0]]), "b": np.array([8.0], np.float32)}
    assert optim.global_norm(grads) == 10
    assert optim.global_norm({"W": np.full(100, 1e30, np.float32)}) == pytest.approx(1e31)  # squares overflow float32
    assert np.isnan(optim.global_norm({"W": np.array([1.0, np.nan])}))


@pytest.mark.parametrize(("setting", "W", "b"), [("global_clipnorm", [1.5, 2], 6), ("clipnorm", [3, 4], 6.5)])
def test_keras_clips_each_variable_alone_unless_told_global(setting, W, b):
    """Chapter 7 warns of it; if Keras changes this, the chapter must."""
    import keras

    variables = [keras.Variable(np.zeros(2)), keras.Variable(np.zeros(1))]
    descent = keras.optimizers.SGD(1.0, **{setting: 6.5})
    descent.apply([keras.ops.array([3.0, 4.0]), keras.ops.array([12.0])], variables)
    np.testing.assert_allclose(-keras.ops.convert_to_numpy(variables[0]), W, rtol=1e-5)
    np.testing.assert_allclose(-keras.ops.convert_to_numpy(variables[1]), b, rtol=1e-5)


def test_gradcheck_refuses_float32_and_catches_a_wrong_gradient():
    w = np.array([1.0, 2.0])
    assert gradcheck.check(lambda: (w**2).sum(), {"w": w}, {"w": 2 * w}) < 1e-8
    with pytest.raises(AssertionError, match="gradient of w: relative error"):
        gradcheck.check(lambda: (w**2).sum(), {"w": w}, {"w": 2.001 * w})
    with pytest.raises(AssertionError, match="gradient of w"):
        gradcheck.check(lambda: (w**2).sum(), {"w": w}, {"w": np.full(2, np.nan)})
    with pytest.raises(TypeError, match="array: expected float64, got float32"):
        gradcheck.finite_difference(lambda: 0.0, w.astype(np.float32))
    np.testing.assert_array_equal(w, [1.0, 2.0])
