"""The cells of the slides' TensorFlow 1 programs, which `tf.compat.v1.nn.static_rnn` and `dynamic_rnn` still unroll.

TensorFlow's own cells left with Keras 3; these two functions take any object with these four members.
"""

import tensorflow as tf

tf1 = tf.compat.v1


class BasicRNNCell:
    """A cell whose weights are variables of the graph in the making.

    num_units: H. initializer: how the kernel (D + H, H) starts: above the
    rows of W_I, below those of W_R; by default as TensorFlow's own (Glorot).
    activation: g_h.
    """

    def __init__(self, num_units, initializer=None, activation=tf.tanh):
        self.state_size = self.output_size = num_units
        self.activation = activation
        self.initializer = initializer

    def zero_state(self, batch_size, dtype):
        return tf.zeros([batch_size, self.state_size], dtype)

    def __call__(self, x, h, scope=None):
        """x (B, D), h (B, H) -> output and next state, here the same (B, H)."""
        D, H = x.shape[1], self.output_size
        with tf1.variable_scope("basic_rnn_cell", reuse=tf1.AUTO_REUSE):
            kernel = tf1.get_variable("kernel", [D + H, H], initializer=self.initializer)
            bias = tf1.get_variable("bias", [H], initializer=tf1.zeros_initializer())
        with tf.name_scope("cell"):
            h = self.activation(tf.matmul(tf.concat([x, h], axis=1), kernel) + bias)
        return h, h


class OutputProjectionWrapper:
    """A cell with a linear layer, output_size numbers, behind each of its outputs. The state is the cell's."""

    def __init__(self, cell, output_size):
        self.cell, self.output_size, self.state_size = cell, output_size, cell.state_size
        self.zero_state = cell.zero_state

    def __call__(self, x, state, scope=None):
        """x (B, D) and the state -> (B, output_size) and the next state."""
        output, state = self.cell(x, state)
        shape = [self.cell.output_size, self.output_size]
        with tf1.variable_scope("output_projection", reuse=tf1.AUTO_REUSE):
            kernel = tf1.get_variable("kernel", shape)
            bias = tf1.get_variable("bias", shape[1:], initializer=tf1.zeros_initializer())
        return tf.matmul(output, kernel) + bias, state
