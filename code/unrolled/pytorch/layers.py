"""Every cell of the table `cells.CELLS` as a PyTorch module, used like torch.nn.LSTM: RNN, LSTM, GRU and so on.

Their forward and backward are this book's own backpropagation through time: see `bptt`.
"""

from dataclasses import fields

import numpy as np
import torch

from unrolled.arguments import check_lengths, check_size
from unrolled.pytorch.bptt import by_autograd, by_hand
from unrolled.pytorch.cells import CELLS


class Recurrent(torch.nn.Module):
    """Layers of one cell, called with (xs, state) as torch.nn.LSTM is; its arguments mean the same. What differs:

    rng: a NumPy Generator that draws the weights as the cell's `init` does; by default one seeded by PyTorch's own.
    by_hand: False runs the plain loop under autograd, which is slower and can be differentiated twice.
    Weights are named and laid out as in the book: W_ih_l0 (D, kH), W_hh_l0 (H, kH), b_l0 (kH,), and `_reverse` for
    the second direction. Padding is told by `lengths`. Bad arguments raise TypeError or ValueError that names them.
    """

    def __init__(self, cell, input_size, hidden_size, num_layers=1, batch_first=False, dropout=0.0, bidirectional=False,
                 device=None, dtype=None, rng=None, by_hand=True, **init):  # fmt: skip
        super().__init__()
        if type(cell) not in CELLS:
            raise TypeError(f"cell: expected one of {[c.__name__ for c in CELLS]}, got {cell!r}")
        if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout < 1:
            raise ValueError(f"dropout: expected a share from 0 to below 1, got {dropout!r}")
        self.cell, self.input_size, self.hidden_size = cell, input_size, hidden_size
        self.num_layers, self.batch_first, self.dropout = check_size("num_layers", num_layers), batch_first, dropout
        self.bidirectional, self.directions = bidirectional, ("", "_reverse") if bidirectional else ("",)
        self.by_hand = by_hand
        self.names = tuple(cell.shapes(input_size, hidden_size))
        dtype = torch.get_default_dtype() if dtype is None else dtype
        if not dtype.is_floating_point:
            raise TypeError(f"dtype: expected a floating-point one, got {dtype}")
        rng = np.random.default_rng(torch.randint(2**63 - 1, (), device="cpu").item()) if rng is None else rng
        for number in range(num_layers):
            D = hidden_size * len(self.directions) if number else input_size
            for direction in self.directions:
                for name, p in cell.init(rng, D, hidden_size, **init).items():
                    p = torch.tensor(p, dtype=dtype, device=device)
                    self.register_parameter(f"{name}_l{number}{direction}", torch.nn.Parameter(p))

    def params(self, layer=0, direction=""):
        """The weights of a layer as the dict of NumPy arrays that `unrolled.unroll` takes, a copy."""
        return {name: p.detach().cpu().numpy().copy() for name, p in self._weights(layer, direction).items()}

    def forward(self, xs, state=None, lengths=None):
        """xs: (T, B, D), or (B, T, D) when batch_first, or (T, D).

        state: h, or (h, c) for cells with a cell state, each (layers · directions, B, H), or without B if xs is;
        zeros when None. lengths: (B,) whole numbers from 1 to T; beyond its length a sequence is padding, whatever
        stands there: the state stays, the output is zero. Returns ys, shaped like xs with H or 2H numbers a step, and
        the last state, shaped like `state`.
        """
        self._check(xs)
        alone, turn = xs.dim() == 2, self.batch_first and xs.dim() == 3
        xs = xs.unsqueeze(1) if alone else xs.transpose(0, 1) if turn else xs  # (T, B, D)
        first, last = self._first(state, xs, alone), []
        alive = backwards = None
        if lengths is not None:
            alive, backwards = masks(lengths, xs)
            xs = xs.masked_fill(~alive, 0)  # not even a NaN shall reach the weights' gradient
        for number in range(self.num_layers):
            if number and self.dropout:
                xs = torch.nn.functional.dropout(xs, self.dropout, self.training)
            halves = []
            for direction in self.directions:
                run = by_hand if self.by_hand else by_autograd
                before = self.cell.State(*(part[len(last)] for part in first))
                turned_xs = turned(xs, backwards) if direction else xs
                ys, after = run(self.cell, self._weights(number, direction), turned_xs, before, alive)
                halves.append(turned(ys, backwards) if direction else ys)
                last.append(after)
            xs = halves[0] if len(halves) == 1 else torch.cat(halves, dim=-1)  # (T, B, H or 2H)
        last = [torch.stack(parts) for parts in zip(*last, strict=True)]
        if alone:
            xs, last = xs.squeeze(1), [part.squeeze(1) for part in last]
        return xs.transpose(0, 1) if turn else xs, tuple(last) if len(last) > 1 else last[0]

    def _weights(self, layer, direction):
        return {name: getattr(self, f"{name}_l{layer}{direction}") for name in self.names}

    def _check(self, xs):
        if isinstance(xs, torch.nn.utils.rnn.PackedSequence):
            raise TypeError("xs: expected a tensor, got a PackedSequence; pass the padded tensor and lengths=")
        self._check_like_weights("xs", xs)
        if xs.dim() not in (2, 3) or xs.shape[-1] != self.input_size or 0 in xs.shape:
            order, D = "(B, T, D)" if self.batch_first else "(T, B, D)", self.input_size
            raise ValueError(f"xs: expected shape {order} or (T, D), D = {D}, none empty, got {tuple(xs.shape)}")

    def _first(self, state, xs, alone):
        """The parts of the first state, each (layers · directions, B, H)."""
        fields, shape = self.cell.State._fields, (self.num_layers * len(self.directions), xs.shape[1], self.hidden_size)
        if state is None:
            return [xs.new_zeros(shape) for _ in fields]
        parts = [state] if isinstance(state, torch.Tensor) else state
        if not isinstance(parts, tuple | list) or len(parts) != len(fields):
            came = f"{len(parts)} of them" if isinstance(parts, tuple | list) else type(state).__name__
            raise TypeError(f"state: expected a tensor for each of {', '.join(fields)}, got {came}")
        wanted = (shape[0], shape[2]) if alone else shape
        for name, part in zip(fields, parts, strict=True):
            self._check_like_weights(f"state: {name}", part)
            if part.shape != wanted:
                raise ValueError(f"state: expected {name} of shape {wanted}, got {tuple(part.shape)}")
        return [part.unsqueeze(1) if alone else part for part in parts]

    def _check_like_weights(self, name, tensor):
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name}: expected a tensor, got {type(tensor).__name__}")
        p = self.W_ih_l0
        if tensor.dtype != p.dtype or tensor.device != p.device:
            came = f"{tensor.dtype} on {tensor.device}"
            raise TypeError(f"{name}: expected {p.dtype} on {p.device} as the weights, got {came}")

    def extra_repr(self):
        names = "num_layers", "batch_first", "dropout", "bidirectional"
        return ", ".join(
            [f"{self.cell}, {self.input_size}, {self.hidden_size}", *(f"{n}={getattr(self, n)}" for n in names)]
        )


@torch.compiler.disable  # lengths are looked at number by number
def masks(lengths, xs):
    """alive (T, B, 1): False where a step of xs (T, B, D) is padding. backwards (T, B): the step to read instead of
    step t when each sequence is read from its own end; padding stays."""
    T, B, _ = xs.shape
    lengths = check_lengths(lengths.cpu() if isinstance(lengths, torch.Tensor) else lengths, T, B)
    t, lengths = torch.arange(T, device=xs.device)[:, None], torch.as_tensor(lengths, device=xs.device)
    return (t < lengths).unsqueeze(-1), torch.where(t < lengths, lengths - 1 - t, t)


def turned(xs, backwards=None):
    """xs (T, B, N) read from its end, or in the order of `backwards` (T, B)."""
    return xs.flip(0) if backwards is None else xs[backwards, torch.arange(xs.shape[1], device=xs.device)]


def layer(kind):
    """The class of modules for a kind of cell, such as lstm.LSTM. What the cell takes, such as PeepholeLSTM's form, the
    module takes too, by name."""
    own = [field.name for field in fields(kind)]

    def __init__(self, input_size, hidden_size, num_layers=1, **settings):
        cell = kind(**{name: settings.pop(name) for name in own if name in settings})
        Recurrent.__init__(self, cell, input_size, hidden_size, num_layers, **settings)

    doc = f"Recurrent with the cell unrolled.{kind.__name__}({', '.join(own)})."
    return type(kind.__name__, (Recurrent,), {"__init__": __init__, "__doc__": doc, "__module__": __name__})


LAYERS = {kind.__name__: layer(kind) for kind in CELLS}
globals().update(LAYERS)
__all__ = ["Recurrent", *LAYERS]
