"""Recurrent networks and LSTMs from the inside: the code the book Unrolled reads aloud.

Four nouns run through it. **params** is a dict of arrays. **state** is a NamedTuple read by name. A **cell**
knows one step and the gradient of that step. A **sequence** is an array (T, B, D) that `unroll` reads forwards
and `bptt` reads backwards. NumPy is all this import needs; each framework is imported in its own module.
"""

from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.lstm import LSTM
from unrolled.peephole import PeepholeLSTM
from unrolled.rnn import RNN
from unrolled.sequence import bptt, truncated_bptt, unroll

__all__ = ["GRU", "LSTM", "RNN", "CoupledLSTM", "PeepholeLSTM", "bptt", "truncated_bptt", "unroll"]
__version__ = "0.1.0"
