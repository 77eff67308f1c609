"""The book's cells as PyTorch modules, used like torch.nn.LSTM, and the learner that trains a PyTorch model."""

from unrolled.pytorch.layers import GRU, LSTM, RNN, CoupledLSTM, PeepholeLSTM, Recurrent
from unrolled.pytorch.learner import Learner

__all__ = ["GRU", "LSTM", "RNN", "CoupledLSTM", "Learner", "PeepholeLSTM", "Recurrent"]
