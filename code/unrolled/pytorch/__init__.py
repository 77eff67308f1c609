"""The book's cells as PyTorch modules, used like torch.nn.LSTM, and the learner that trains a PyTorch model."""

from unrolled.pytorch.layers import *  # noqa: F403  a module for each cell of the table cells.CELLS
from unrolled.pytorch.learner import Learner as Learner
