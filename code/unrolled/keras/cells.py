"""The cells that Keras lacks, for `keras.layers.RNN(cell)`, such as the slides' GRU.

Equations, letters, order of the weights and starting values are those of the NumPy cells. Keras counts (B, T, D).
A program that loads a saved model imports this module first, so that Keras knows the cells.
"""

import random
from functools import partial

import keras
from keras.ops import sigmoid, split, tanh

from unrolled.arguments import check_size
from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.peephole import PeepholeLSTM


class Cell(keras.layers.Layer):
    """The base of the cells below.

    units: H. forget_bias: where the forget gate's bias starts, if there is one; the other biases start at zero.
    kernel_initializer, recurrent_initializer: draw each gate's block of W_ih and W_hh. seed: a whole number; None
    draws one. The weights are W_ih (D, kH), W_hh (H, kH), b (kH,), then the peepholes.
    """

    gates = ""  # one letter a block
    states = "h"

    def __init__(
        self,
        units,
        forget_bias=1.0,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = self.output_size = check_size("units", units)
        self.state_size = self.units if len(self.states) == 1 else [self.units] * len(self.states)
        self.forget_bias, self.seed = float(forget_bias), seed
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)

    def build(self, input_shape):
        """Make the weights. input_shape: (B, D), as the layer around the cell passes it."""
        if len(input_shape) != 2 or input_shape[-1] is None:
            raise ValueError(f"input_shape: expected (B, D), a layer's (B, T, D) without T, got {tuple(input_shape)}")
        self.input_size, H, k = input_shape[-1], self.units, len(self.gates)
        seed = random.randrange(2**31) if self.seed is None else self.seed  # keras.utils.set_random_seed seeds random
        W_ih = [_reseeded(self.kernel_initializer, seed + block) for block in range(k)]
        W_hh = [_reseeded(self.recurrent_initializer, seed + k + block) for block in range(k)]
        b = [keras.initializers.Constant(self.forget_bias if gate == "f" else 0.0) for gate in self.gates]
        self.W_ih = self.add_weight((self.input_size, k * H), name="W_ih", initializer=_side_by_side(W_ih))
        self.W_hh = self.add_weight((H, k * H), name="W_hh", initializer=_side_by_side(W_hh))
        self.b = self.add_weight((k * H,), name="b", initializer=_side_by_side(b))

    def call(self, inputs, states):
        """inputs (B, D) and a list of states (B, H) give h (B, H) and the states after."""
        states = list(states) if isinstance(states, list | tuple) else [states]
        if inputs.shape[-1] != self.input_size:
            raise ValueError(f"inputs: expected shape (B, {self.input_size}), got {tuple(inputs.shape)}")
        if len(states) != len(self.states):
            raise ValueError(f"states: expected {' and '.join(self.states)}, got {len(states)} arrays")
        for name, state in zip(self.states, states, strict=True):
            if state.shape[-1] != self.units:
                raise ValueError(f"state {name}: expected shape (B, {self.units}), got {tuple(state.shape)}")
        states = self.step(inputs, *states)
        return states[0], list(states)

    def get_config(self):
        """What `from_config` needs to make the cell again."""
        return super().get_config() | {
            "units": self.units,
            "forget_bias": self.forget_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
            "seed": self.seed,
        }


def _reseeded(initializer, seed):
    """A copy with another seed: an initializer draws the same numbers each time it is called."""
    config = initializer.get_config()
    return type(initializer).from_config(config | ({"seed": seed} if "seed" in config else {}))


def _side_by_side(initializers):
    """One initializer a gate's block, as the initializer of all of them."""

    def initialize(shape, dtype=None):
        block = (*shape[:-1], shape[-1] // len(initializers))
        return keras.ops.concatenate([draw(block, dtype=dtype) for draw in initializers], axis=-1)

    return initialize


# How a gate looks at C, as in peephole.FORMS.
SEE = {"full": lambda c, W: c @ W, "diagonal": lambda c, w: c * w}


@keras.saving.register_keras_serializable(package="unrolled")
class PeepholeLSTMCell(Cell):
    """The LSTM whose gates see C. form: "diagonal" or "full". Weights as Cell's, then W_ci, W_cf, W_co."""

    gates, states = "ifgo", "hc"

    def __init__(self, units, form="diagonal", **kwargs):
        if form not in SEE:
            raise ValueError(f"form: expected one of {sorted(SEE)}, got {form!r}")
        super().__init__(units, **kwargs)
        self.form = form

    def build(self, input_shape):
        """As Cell.build; the peepholes start at zero."""
        super().build(input_shape)
        shape = (self.units,) if self.form == "diagonal" else (self.units, self.units)
        self.W_ci = self.add_weight(shape, name="W_ci", initializer="zeros")
        self.W_cf = self.add_weight(shape, name="W_cf", initializer="zeros")
        self.W_co = self.add_weight(shape, name="W_co", initializer="zeros")

    def step(self, x, h, c):
        """The equations of peephole.PeepholeLSTM."""
        see = SEE[self.form]
        a = x @ self.W_ih + h @ self.W_hh + self.b  # (B, 4H)
        a_i, a_f, a_g, a_o = split(a, 4, axis=-1)  # (B, H) each
        i = sigmoid(a_i + see(c, self.W_ci))
        f = sigmoid(a_f + see(c, self.W_cf))
        g = tanh(a_g)
        c = f * c + i * g
        o = sigmoid(a_o + see(c, self.W_co))
        h = o * tanh(c)
        return h, c

    def get_config(self):
        """What `from_config` needs to make the cell again."""
        return super().get_config() | {"form": self.form}


@keras.saving.register_keras_serializable(package="unrolled")
class CoupledLSTMCell(Cell):
    """The LSTM with i = 1 - f."""

    gates, states = "fgo", "hc"

    def step(self, x, h, c):
        """The equations of coupled.CoupledLSTM."""
        a = x @ self.W_ih + h @ self.W_hh + self.b  # (B, 3H)
        a_f, a_g, a_o = split(a, 3, axis=-1)  # (B, H) each
        f = sigmoid(a_f)
        g = tanh(a_g)
        o = sigmoid(a_o)
        c = f * c + (1 - f) * g
        h = o * tanh(c)
        return h, c


@keras.saving.register_keras_serializable(package="unrolled")
class GRUCell(Cell):
    """The slides' GRU: r acts on h before W_hn does, and z = 1 takes the candidate (in Keras's own GRU z keeps)."""

    gates = "zrn"

    def step(self, x, h):
        """The equations of gru.GRU."""
        W_hz, W_hr, W_hn = split(self.W_hh, 3, axis=1)  # (H, H) each
        a_z, a_r, a_n = split(x @ self.W_ih + self.b, 3, axis=-1)  # (B, H) each
        z = sigmoid(a_z + h @ W_hz)
        r = sigmoid(a_r + h @ W_hr)
        n = tanh(a_n + (r * h) @ W_hn)
        h = (1 - z) * h + z * n
        return (h,)


# What computes the same as a NumPy cell: CELLS[cell](units, ...).
CELLS = {
    PeepholeLSTM("diagonal"): partial(PeepholeLSTMCell, form="diagonal"),
    PeepholeLSTM("full"): partial(PeepholeLSTMCell, form="full"),
    CoupledLSTM(): CoupledLSTMCell,
    GRU(): GRUCell,
}
__all__ = ["CoupledLSTMCell", "GRUCell", "PeepholeLSTMCell"]
