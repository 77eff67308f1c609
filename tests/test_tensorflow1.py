"""Chapter 8's table from TensorFlow 1's names to today's: the rows that need old cells. Its cells run the others."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from tf_keras.src.layers.rnn import legacy_cell_wrappers, legacy_cells
from tf_keras.src.legacy_tf_layers import core as legacy_layers

from unrolled import RNN, tensorflow1, unroll

tf1 = tf.compat.v1
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated and will be removed")
T, B, D, H = 3, 4, 2, 5
rng = np.random.default_rng(81)
XS = rng.normal(size=(B, T, D)).astype(np.float32)
KERNEL, BIAS = rng.normal(size=(D + H, H)).astype(np.float32), rng.normal(size=H).astype(np.float32)


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


def run(build, *weights):
    """What a TensorFlow 1 program computes. build: makes its graph, returns what is asked; weights: in their order."""
    with tf.Graph().as_default(), tf1.Session() as session:
        made = build()
        session.run(tf1.global_variables_initializer())
        for variable, value in zip(tf1.global_variables(), weights, strict=True):
            variable.load(value, session)
        return session.run(made)


def dynamic(cell):
    return tf1.nn.dynamic_rnn(cell, XS, dtype=tf.float32)[0]


def static(cell):
    return tf.stack(tf1.nn.static_rnn(cell, tf.unstack(tf.constant(XS), axis=1), dtype=tf.float32)[0], axis=1)


def keras_layer(layer, *weights):
    layer.build(XS.shape)
    layer.set_weights(list(weights))
    return np.asarray(layer(XS))


@pytest.mark.parametrize("way", [static, dynamic])
def test_the_chapters_cell_is_tensorflows(way):
    ours = run(lambda: way(tensorflow1.BasicRNNCell(H)), KERNEL, BIAS)
    np.testing.assert_allclose(ours, run(lambda: way(legacy_cells.BasicRNNCell(H)), KERNEL, BIAS), atol=1e-6)
    params = {"W_ih": KERNEL[:D], "W_hh": KERNEL[D:], "b": BIAS}
    np.testing.assert_allclose(ours.swapaxes(0, 1), unroll(RNN(), params, XS.swapaxes(0, 1))[0], atol=1e-6)


@pytest.mark.parametrize("way", [static, dynamic])
def test_a_kernel_is_one_variable_however_often_the_cell_is_called(way):
    with tf.Graph().as_default():
        way(tensorflow1.BasicRNNCell(H))
        assert [v.op.name for v in tf1.global_variables()] == ["rnn/basic_rnn_cell/kernel", "rnn/basic_rnn_cell/bias"]


def test_a_kernel_starts_as_told():
    with tf.Graph().as_default(), tf1.Session() as session:
        dynamic(tensorflow1.BasicRNNCell(H, tf1.constant_initializer(KERNEL)))
        session.run(tf1.global_variables_initializer())
        np.testing.assert_array_equal(session.run(tf1.global_variables()[0]), KERNEL)


def test_the_activation_is_the_cells():
    ours = run(lambda: dynamic(tensorflow1.BasicRNNCell(H, activation=tf.nn.relu)), KERNEL, BIAS)
    theirs = run(lambda: dynamic(legacy_cells.BasicRNNCell(H, activation=tf.nn.relu)), KERNEL, BIAS)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("way", [static, dynamic])
def test_the_output_projection_wrapper_is_a_linear_layer_at_every_step(way):
    W, b = normal(H, 2), normal(2)
    plain = run(lambda: way(tensorflow1.BasicRNNCell(H)), KERNEL, BIAS)
    wrapped = run(lambda: way(tensorflow1.OutputProjectionWrapper(tensorflow1.BasicRNNCell(H), 2)), KERNEL, BIAS, W, b)
    np.testing.assert_allclose(wrapped, plain @ W + b, atol=1e-6)


# --- the rows of the table -------------------------------------------------------------------------------------------


def test_basic_rnn_cell():
    old = run(lambda: dynamic(legacy_cells.BasicRNNCell(H)), KERNEL, BIAS)
    new = keras_layer(keras.layers.SimpleRNN(H, return_sequences=True), KERNEL[:D], KERNEL[D:], BIAS)
    np.testing.assert_allclose(old, new, atol=1e-6)


@pytest.mark.parametrize("cell", [legacy_cells.BasicLSTMCell, legacy_cells.LSTMCell])
def test_lstm_cells(cell):
    """Their gates stand as i, j, f, o, Keras's as i, f, j, o; the old cells add a forget bias of 1 inside."""
    weights, bias = normal(D + H, 4 * H), normal(4 * H)
    i, j, f, o = np.split(np.vstack([weights, bias]), 4, axis=1)
    f[-1] += 1
    turned = np.concatenate([i, f, j, o], axis=1)
    new = keras_layer(keras.layers.LSTM(H, return_sequences=True), turned[:D], turned[D:-1], turned[-1])
    np.testing.assert_allclose(run(lambda: dynamic(cell(H)), weights, bias), new, atol=1e-6)


def test_gru_cell():
    """Its gates stand as r, z, Keras's as z, r, n; in both the reset comes before the product, z keeps the state."""
    gates, gates_bias, candidate, candidate_bias = normal(D + H, 2 * H), normal(2 * H), normal(D + H, H), normal(H)
    r, z = np.split(np.vstack([gates, gates_bias]), 2, axis=1)
    turned = np.concatenate([z, r, np.vstack([candidate, candidate_bias])], axis=1)
    layer = keras.layers.GRU(H, reset_after=False, return_sequences=True)
    new = keras_layer(layer, turned[:D], turned[D:-1], turned[-1])
    old = run(lambda: dynamic(legacy_cells.GRUCell(H)), gates, gates_bias, candidate, candidate_bias)
    np.testing.assert_allclose(old, new, atol=1e-6)


def test_multi_rnn_cell():
    """Two layers: the upper one reads the lower one. Keras has both forms, layers and a cell of cells."""
    upper, upper_bias = normal(2 * H, H), normal(H)

    def cells():
        return legacy_cells.MultiRNNCell([legacy_cells.BasicRNNCell(H) for _ in range(2)])

    old = run(lambda: dynamic(cells()), KERNEL, BIAS, upper, upper_bias)
    lower = keras_layer(keras.layers.SimpleRNN(H, return_sequences=True), KERNEL[:D], KERNEL[D:], BIAS)
    top = keras.layers.SimpleRNN(H, return_sequences=True)
    top.build(lower.shape)
    top.set_weights([upper[:H], upper[H:], upper_bias])
    np.testing.assert_allclose(old, top(lower), atol=1e-6)
    stacked = keras.layers.RNN(
        keras.layers.StackedRNNCells([keras.layers.SimpleRNNCell(H) for _ in range(2)]), return_sequences=True
    )
    new = keras_layer(stacked, KERNEL[:D], KERNEL[D:], BIAS, upper[:H], upper[H:], upper_bias)
    np.testing.assert_allclose(old, new, atol=1e-6)


def test_dropout_wrapper():
    """It drops outputs, and scales up what it keeps, as a Dropout layer on the outputs does."""
    plain = run(lambda: dynamic(legacy_cells.BasicRNNCell(H)), KERNEL, BIAS)

    def wrapped():
        return legacy_cell_wrappers.DropoutWrapper(legacy_cells.BasicRNNCell(H), output_keep_prob=0.8)

    old = run(lambda: dynamic(wrapped()), KERNEL, BIAS)
    new = np.asarray(keras.layers.Dropout(0.2, seed=1)(plain, training=True))
    for dropped in (old, new):
        kept = dropped != 0
        assert 0 < kept.mean() < 1
        np.testing.assert_allclose(dropped[kept], plain[kept] / 0.8, rtol=1e-5)


def test_dense():
    weights, bias = normal(D, 3), normal(3)
    old = run(lambda: legacy_layers.dense(tf.constant(XS), 3), weights, bias)
    np.testing.assert_allclose(old, keras_layer(keras.layers.Dense(3), weights, bias), atol=1e-6)


OLD_PROGRAM = """
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
X = tf.placeholder(tf.float32, [None, 3, 2])
cells = [tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(5), output_keep_prob=0.8) for _ in range(2)]
outputs, states = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), X, dtype=tf.float32)
logits = tf.layers.dense(states[-1].h, 4)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    print(session.run(logits, {X: [[[0, 1], [2, 3], [4, 5]]]}).shape)
"""


@pytest.mark.slow
def test_an_old_program_runs_as_it_is_with_the_old_keras():
    """In a process of its own: which Keras TensorFlow takes is settled when it is imported."""
    environment = os.environ | {"TF_USE_LEGACY_KERAS": "1"}
    answer = subprocess.run([sys.executable, "-c", OLD_PROGRAM], capture_output=True, text=True, env=environment)
    assert answer.stdout == "(1, 4)\n", answer.stderr
