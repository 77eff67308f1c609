"""The cells that Keras lacks, for `keras.layers.RNN(cell)`, and the learner that trains a Keras model."""

from unrolled.keras.cells import CoupledLSTMCell, GRUCell, PeepholeLSTMCell
from unrolled.keras.learner import Learner

__all__ = ["CoupledLSTMCell", "GRUCell", "Learner", "PeepholeLSTMCell"]
