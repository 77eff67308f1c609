"""Our Keras cells inside Keras: saved, loaded, masked, stacked, trained. Their numbers are proved in test_cells.py."""

import keras
import numpy as np
import pytest

import oracles
from oracles import CELLS, case, cells_of, keras_twin
from unrolled import convert, unroll
from unrolled.keras import CoupledLSTMCell, GRUCell, PeepholeLSTMCell
from unrolled.keras.cells import CELLS as TWINS

T, B, D, H = oracles.T, oracles.B, oracles.D, oracles.H
every_cell = pytest.mark.parametrize("name", cells_of("Keras cells"))


def test_the_tables_agree():
    """What convert says of our Keras cells is what is there."""
    assert [oracles.named(cell) for cell in TWINS] == cells_of("Keras cells")


def layer(name, **settings):
    return keras.layers.RNN(keras_twin(CELLS[name])(H, seed=7), **settings)


@every_cell
def test_weights_start_as_in_numpy(name):
    """Same names, order, shapes, spread and forget bias; blocks differ from each other; a seed gives the same."""
    cell = keras_twin(CELLS[name])(40, seed=3)
    cell.build((None, 30))
    params = dict(zip(CELLS[name].shapes(30, 40), cell.get_weights(), strict=True))
    expected = CELLS[name].init(np.random.default_rng(0), 30, 40, np.float32)
    assert [w.name for w in cell.weights] == list(expected)
    np.testing.assert_array_equal(params["b"], expected["b"])
    for peephole in [n for n in params if n.startswith("W_c")]:
        assert not params[peephole].any()
    k = CELLS[name].blocks
    for block in np.split(params["W_hh"], k, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(40), atol=1e-5)
    blocks = np.split(params["W_ih"], k, axis=1)
    assert all(abs(block.std() - np.sqrt(2 / 70)) < 0.005 for block in blocks)
    assert all(np.abs(a - b).max() > 0.1 for i, a in enumerate(blocks) for b in blocks[:i])
    again, other = keras_twin(CELLS[name])(40, seed=3), keras_twin(CELLS[name])(40)
    again.build((None, 30))
    other.build((None, 30))
    np.testing.assert_equal(again.get_weights(), cell.get_weights())
    assert np.abs(other.get_weights()[0] - cell.get_weights()[0]).max() > 0.1


def test_keras_seed_makes_unseeded_cells_repeat():
    drawn = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        cell = GRUCell(3)
        cell.build((None, 2))
        drawn.append(cell.get_weights())
    np.testing.assert_equal(*drawn)


def test_other_starting_values():
    cell = CoupledLSTMCell(3, forget_bias=2.5, kernel_initializer="he_normal", recurrent_initializer="identity")
    cell.build((None, 2))
    _, W_hh, b = cell.get_weights()
    np.testing.assert_array_equal(W_hh, np.tile(np.eye(3), 3))
    np.testing.assert_array_equal(b, [2.5] * 3 + [0] * 6)
    assert CoupledLSTMCell.from_config(cell.get_config()).get_config() == cell.get_config()


@every_cell
@pytest.mark.parametrize("ending", ["keras", "weights.h5"])
def test_a_saved_model_loads_and_computes_the_same(name, ending, tmp_path):
    model = keras.Sequential(
        [keras.Input((None, D)), layer(name, return_sequences=True), layer(name), keras.layers.Dense(2)]
    )
    xs = case(CELLS[name]).xs.swapaxes(0, 1).astype(np.float32)
    expected = keras.ops.convert_to_numpy(model(xs))
    if ending == "keras":
        model.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
    else:
        model.save_weights(tmp_path / "model.weights.h5")
        loaded = keras.models.clone_model(model)
        loaded.set_weights([w * 0 for w in loaded.get_weights()])
        loaded.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(loaded(xs)), expected)
    assert loaded.layers[0].cell.get_config() == model.layers[0].cell.get_config()


@every_cell
def test_masking_and_embedding_leave_the_padding_out(name):
    """What a Masking layer or an Embedding with mask_zero marks is not read: the last output is that of the prefix."""
    c = case(CELLS[name], "lengths")
    weights, padding = convert.to_keras_cells(c.cell, c.params), np.arange(T)[:, None] >= c.lengths
    xs = np.where(padding[..., None], -9.0, c.xs).swapaxes(0, 1).astype(np.float32)
    masked = keras.Sequential([keras.Input((None, D)), keras.layers.Masking(-9.0), layer(name)])
    masked.set_weights(weights)
    _, states = unroll(c.cell, c.params, c.xs, lengths=c.lengths)
    np.testing.assert_allclose(masked(xs), states[-1].h, atol=1e-6)

    words = np.where(padding, 0, 1 + np.arange(T * B).reshape(T, B)).swapaxes(0, 1)
    table = np.zeros((T * B + 1, D), np.float32)
    table[1:] = c.xs.reshape(-1, D)
    embedded = keras.Sequential(
        [keras.Input((None,)), keras.layers.Embedding(len(table), D, mask_zero=True), layer(name)]
    )
    embedded.set_weights([table, *weights])
    np.testing.assert_allclose(embedded(words), states[-1].h, atol=1e-6)


@every_cell
def test_sequences_and_states_come_back_and_go_in(name):
    c = case(CELLS[name], "first state")
    rnn = keras.layers.RNN(
        keras_twin(c.cell)(H, dtype="float64"), return_sequences=True, return_state=True, dtype="float64"
    )
    rnn.build((B, T, D))
    rnn.set_weights(convert.to_keras_cells(c.cell, c.params))
    xs = c.xs.swapaxes(0, 1)
    whole, *last = rnn(xs, initial_state=list(c.state))
    first, *between = rnn(xs[:, :2], initial_state=list(c.state))
    second, *end = rnn(xs[:, 2:], initial_state=between)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, rtol=1e-12)
    assert len(last) == len(c.state)
    for a, b in zip(end, last, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@every_cell
def test_fit_lowers_the_loss(name):
    """Keras's own compiled training loop, on sequences some of which end early."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    xs = rng.normal(size=(64, 4, 3)).astype(np.float32)
    xs[::4, 2:] = 0  # what Masking leaves out
    labels = xs[:, :, 0].sum(axis=1, keepdims=True)
    cell = keras_twin(CELLS[name])(8, seed=0)
    model = keras.Sequential(
        [keras.Input((4, 3)), keras.layers.Masking(), keras.layers.RNN(cell), keras.layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adam(0.05), "mse", jit_compile=False)  # XLA takes longer to compile than to run
    model.optimizer.build(model.trainable_variables)  # or Keras traces the step twice
    history = model.fit(xs, labels, batch_size=16, epochs=10, verbose=0).history["loss"]
    assert history[-1] < history[0] / 3


def test_cells_stand_on_each_other_and_read_both_ways():
    """keras.layers.RNN([...]) and Bidirectional, which copies the layer through its config."""
    xs = case(CELLS["GRU"]).xs.swapaxes(0, 1).astype(np.float32)
    cells = [PeepholeLSTMCell(3), CoupledLSTMCell(4), GRUCell(H)]
    both = keras.layers.Bidirectional(keras.layers.RNN(cells, return_sequences=True))
    assert both(xs).shape == (B, T, 2 * H)
    forward, backward = np.split(keras.ops.convert_to_numpy(both(xs)), 2, axis=-1)
    np.testing.assert_allclose(forward, both.forward_layer(xs), atol=1e-6)
    np.testing.assert_allclose(backward[:, ::-1], both.backward_layer(xs), atol=1e-6)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"form: expected one of \['diagonal', 'full'\], got 'row'"):
        PeepholeLSTMCell(3, "row")
    with pytest.raises(ValueError, match="units: expected at least 1, got 0"):
        GRUCell(0)
    with pytest.raises(TypeError, match="units: expected a whole number"):
        CoupledLSTMCell(2.5)
    with pytest.raises(
        ValueError, match=r"input_shape: expected \(B, D\), a layer's \(B, T, D\) without T, got \(3,\)"
    ):
        keras.layers.RNN(GRUCell(2))(np.ones((3, 4), np.float32))
    cell = CoupledLSTMCell(2)
    cell.build((None, 5))
    x, h, wide = np.ones((3, 5), np.float32), np.ones((3, 2), np.float32), np.ones((3, 4), np.float32)
    with pytest.raises(ValueError, match=r"inputs: expected shape \(B, 5\), got \(3, 4\)"):
        cell(wide, [h, h])
    with pytest.raises(ValueError, match="states: expected h and c, got 1 arrays"):
        cell(x, [h])
    with pytest.raises(ValueError, match=r"state c: expected shape \(B, 2\), got \(3, 4\)"):
        cell(x, [h, wide])
