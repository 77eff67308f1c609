"""The cells that Keras lacks, for `keras.layers.RNN(cell)`, and the learner that trains a Keras model."""

from unrolled.keras.cells import *  # noqa: F403
from unrolled.keras.learner import Learner as Learner
