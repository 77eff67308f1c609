"""Layers on top of each other: against torch.nn with num_layers and bidirectional, finite differences, and dropout."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from oracles import CELLS, SETTINGS, B, D, H, T, case
from unrolled import GRU, LSTM, convert, gradcheck, unroll
from unrolled.stack import Stack, turned

TWINS = {"LSTM": LSTM(), "GRU reset after": GRU(reset_after=True), "RNN tanh": CELLS["RNN tanh"]}


def run(stack, setting="plain", seed=0, T=T, B=B, D=D, H=H):
    """A case for the cell, random params and first states of all layers, and the gradients of their last states."""
    c = case(stack.cell, setting, T, B, D, H, seed)
    rng = np.random.default_rng(seed)
    params = stack.init(rng, D, H)
    for layer in params:
        for p in layer:
            for array in p.values():
                array += rng.normal(0, 0.3, array.shape)

    def states(given):
        return [[c.cell.State(*(rng.normal(size=(B, H)) * given for _ in c.state)) for _ in layer] for layer in params]

    has = SETTINGS[setting]
    d_ys = rng.normal(size=(T, B, H * stack.directions))
    return c._replace(d_ys=d_ys), params, states("state" in has), states("d_last" in has)


def flat(states):
    """[layer][direction] as one array (layers * directions, B, H) for each field, torch's way."""
    return [np.stack(arrays) for arrays in zip(*(state for layer in states for state in layer), strict=True)]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", TWINS)
def test_torch_nn_computes_the_same_stack(name, bidirectional, setting):
    """Three layers; lengths go through pack_padded_sequence."""
    import torch

    stack = Stack(TWINS[name], 3, bidirectional)
    c, params, first, d_last = run(stack, setting)
    ys, last, trace = stack.unroll(params, c.xs, first, c.lengths)
    d_params, d_xs, d_first = stack.bptt(params, trace, c.d_ys, d_last)

    layer = oracles.torch_layer(c._replace(d_ys=c.d_ys[..., :H]), num_layers=3, bidirectional=bidirectional)
    names = [[f"_l{number}{reverse}" for reverse in ["", "_reverse"][: stack.directions]] for number in range(3)]
    weights = {
        key.replace("_l0", suffix): torch.tensor(array)
        for layer_names, layer_params in zip(names, params, strict=True)
        for suffix, p in zip(layer_names, layer_params, strict=True)
        for key, array in convert.to_pytorch(stack.cell, p).items()
    }
    layer.load_state_dict(weights)
    found = oracles.torch_run(layer, c.xs, flat(first), c.d_ys, flat(d_last), c.lengths)
    for ours, theirs in zip([[ys], flat(last), [d_xs], flat(d_first)], found, strict=True):
        for a, b in zip(ours, theirs if isinstance(theirs, list) else [theirs], strict=True):
            np.testing.assert_allclose(a, b, atol=1e-13)
    grads = {key: p.grad.numpy() for key, p in layer.named_parameters()}
    for layer_names, layer_grads in zip(names, d_params, strict=True):
        for suffix, ours in zip(layer_names, layer_grads, strict=True):
            theirs = {key: grads[key.replace("_l0", suffix)] for key in convert.to_pytorch(stack.cell, ours)}
            theirs["bias_hh_l0"] = oracles.without_second_bias(stack.cell, theirs["bias_hh_l0"])
            for key, array in convert.from_pytorch(stack.cell, theirs).items():
                np.testing.assert_allclose(ours[key], array, atol=1e-12, err_msg=key + suffix)


@pytest.mark.parametrize("name", CELLS)
def test_gradients_agree_with_finite_differences(name):
    """Two layers, both directions, lengths, first states, a gradient into the last ones, the same dropout each time."""
    stack = Stack(CELLS[name], 2, bidirectional=True, keep=0.6)
    c, params, first, d_last = run(stack, "all", 1, T=3, B=1, D=4)

    def forward():
        return stack.unroll(params, c.xs, first, c.lengths, np.random.default_rng(5))

    def loss():
        ys, last, _ = forward()
        return (ys * c.d_ys).sum() + sum((a * b).sum() for a, b in zip(flat(last), flat(d_last), strict=True))

    d_params, d_xs, d_first = stack.bptt(params, forward()[2], c.d_ys, d_last)

    def named(params, xs, states):
        arrays = {"xs": xs}
        for number, (layer, layer_states) in enumerate(zip(params, states, strict=True)):
            for way, (p, state) in enumerate(zip(layer, layer_states, strict=True)):
                arrays |= {f"{key} {number} {way}": array for key, array in {**p, **state._asdict()}.items()}
        return arrays

    gradcheck.check(loss, named(params, c.xs, first), named(d_params, d_xs, d_first))


def test_one_layer_is_the_cell():
    c, params, first, _ = run(Stack(GRU()), "all")
    ys, last, _ = Stack(GRU()).unroll(params, c.xs, first, c.lengths)
    expected, states = unroll(GRU(), params[0][0], c.xs, first[0][0], c.lengths)
    np.testing.assert_array_equal(ys, expected)
    np.testing.assert_array_equal(last[0][0].h, states[-1].h)


def test_dropout_keeps_the_expectation_and_spares_the_input_and_the_output():
    stack = Stack(LSTM(), 2, keep=0.8)
    params = stack.init(np.random.default_rng(0), 3, 50)
    xs = np.ones((20, 30, 3))
    plain, _, no_masks = stack.unroll(params, xs)
    dropped, _, trace = stack.unroll(params, xs, rng=np.random.default_rng(1))
    assert no_masks.masks == [None, None]
    assert trace.masks[0] is None
    mask = trace.masks[1]
    assert mask.shape == (20, 30, 50)
    np.testing.assert_array_equal(np.unique(mask), [0, 1 / 0.8])
    assert mask.mean() == pytest.approx(1, abs=5 * np.sqrt(0.2 / 0.8 / mask.size))  # five standard errors
    assert not np.array_equal(mask[0], mask[1])  # a new draw at every step
    np.testing.assert_array_equal(trace.inputs[1], mask * no_masks.inputs[1])
    assert np.count_nonzero(dropped) == dropped.size
    assert not np.allclose(dropped, plain)
    again, _, _ = stack.unroll(params, xs, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(again, dropped)
    kept, _, _ = Stack(LSTM(), 2, keep=1.0).unroll(params, xs, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(kept, plain)


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(T=st.integers(1, 6), B=st.integers(1, 4), seed=st.integers(0, 999))
def test_turning_twice_changes_nothing_and_padding_stays(T, B, seed):
    rng = np.random.default_rng(seed)
    xs, lengths = rng.normal(size=(T, B, 2)), rng.integers(1, T + 1, B)
    np.testing.assert_array_equal(turned(turned(xs, True, lengths), True, lengths), xs)
    np.testing.assert_array_equal(turned(turned(xs, True), True), xs)
    np.testing.assert_array_equal(turned(xs, False, lengths), xs)
    for b, length in enumerate(lengths):
        np.testing.assert_array_equal(turned(xs, True, lengths)[:length, b], xs[:length, b][::-1])
        np.testing.assert_array_equal(turned(xs, True, lengths)[length:, b], xs[length:, b])


@pytest.mark.parametrize("bidirectional", [False, True])
def test_float32_stays_float32(bidirectional):
    stack = Stack(LSTM(), 2, bidirectional, keep=0.7)
    params = stack.init(np.random.default_rng(0), D, H, dtype=np.float32)
    ys, last, trace = stack.unroll(params, np.ones((T, B, D), np.float32), rng=np.random.default_rng(0))
    d_params, d_xs, d_first = stack.bptt(params, trace, np.ones_like(ys))
    arrays = [ys, d_xs, *flat(last), *flat(d_first), *(a for layer in d_params for p in layer for a in p.values())]
    assert {a.dtype for a in arrays} == {np.dtype("float32")}


def test_settings_reach_every_cell():
    params = Stack(LSTM(), 3, bidirectional=True).init(np.random.default_rng(0), D, H, forget_bias=4.0)
    assert [[p["W_ih"].shape for p in layer] for layer in params] == [[(D, 8)] * 2, [(2 * H, 8)] * 2, [(2 * H, 8)] * 2]
    assert all((np.split(p["b"], 4)[1] == 4).all() for layer in params for p in layer)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="num_layers: expected at least 1, got 0"):
        Stack(LSTM(), 0)
    for keep in (0, 1.5, -1):
        with pytest.raises(ValueError, match=f"keep: expected a share above 0, at most 1, got {keep}"):
            Stack(LSTM(), 2, keep=keep)
    stack = Stack(LSTM(), 2, keep=0.5)
    c, params, first, _ = run(stack)
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        stack.unroll(params, c.xs, rng=0)
    with pytest.raises(ValueError, match=r"xs: expected shape \(T, B, 5\)"):
        stack.unroll(params, c.xs[..., :4])
    with pytest.raises(ValueError, match=r"lengths: expected numbers from 1 to T = 4, got 0 to 4"):
        stack.unroll(params, c.xs, lengths=[0, 4, 4])
    ys, _, trace = stack.unroll(params, c.xs, first)
    with pytest.raises(ValueError, match=r"d_ys: expected shape \(4, 3, 2\)"):
        stack.bptt(params, trace, ys[:, :2])
    for states in (first[:1], [first[0], []], first[0]):
        with pytest.raises(ValueError, match=r"states: expected \[layer\]\[direction\], 2 lists of 1 State"):
            stack.unroll(params, c.xs, states)
        with pytest.raises(ValueError, match=r"d_states: expected \[layer\]\[direction\], 2 lists of 1 State"):
            stack.bptt(params, trace, c.d_ys, states)
    with pytest.raises(ValueError, match=r"params: expected \[layer\]\[direction\], 2 lists of 1 dict"):
        stack.unroll(params[:1], c.xs)
