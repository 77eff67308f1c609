"""The simple recurrent cell reproduces the arrays that the slides' program prints. What it shares with the other cells
is proved in test_cells.py."""

import numpy as np

from unrolled import RNN, unroll


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
