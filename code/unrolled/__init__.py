"""Recurrent networks and LSTMs from the inside: what the book Unrolled reads aloud, and what serves it.

Four nouns run through it. **params** is a dict of arrays. **state** is a NamedTuple read by name. A **cell**
knows one step and the gradient of that step. A **sequence** is an array (T, B, D) that `unroll` reads forwards
and `bptt` reads backwards. NumPy is all this import needs; each framework is imported in its own package.

Read aloud: the cells (`rnn`, `lstm`, `peephole`, `coupled`, `gru`; `cell` is what they share), `activations`,
`initializers`, `sequence`, `stack`, `readout`, `optim`, `gradcheck`; `ridge`; `tasks`, with `windows` and `words`;
`networks`.
The same cells elsewhere: `fast`, `pytorch`, `keras`, `tensorflow1`, and `convert`, which carries the weights there.
What serves the book: `arguments`, `data`, `device`, `exercises`, `figures`, `graphs`, `listing`, `palette`, `results`,
`row_reader`, `trained`, `training`, `widgets`.
"""

from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.lstm import LSTM
from unrolled.peephole import PeepholeLSTM
from unrolled.rnn import RNN
from unrolled.sequence import bptt, truncated_bptt, unroll

__all__ = ["GRU", "LSTM", "RNN", "CoupledLSTM", "PeepholeLSTM", "bptt", "truncated_bptt", "unroll"]
__version__ = "0.1.0"
