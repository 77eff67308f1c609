"""RNN, LSTM, PeepholeLSTM, CoupledLSTM and GRU as PyTorch modules, used like torch.nn.LSTM.

Their forward and backward are this book's own backpropagation through time, handed to PyTorch as one
`autograd.Function` for a whole sequence: by `fast` on the processor, by `pytorch_cells` elsewhere.
"""

import numpy as np
import torch

from unrolled import coupled, fast, gru, lstm, peephole, pytorch_cells, rnn
from unrolled.arguments import check_size

TORCH = fast.Library(torch.mm, lambda shape, like: like.new_empty(shape), torch.Tensor.numpy)


class BPTT(torch.autograd.Function):
    """One layer in one direction over a whole sequence, with its gradient written by hand."""

    @staticmethod
    def forward(ctx, cell, names, alive, xs, *arrays):
        n = len(names)
        params, state = dict(zip(names, arrays[:n], strict=True)), cell.State(*arrays[n:])
        ctx.cell, ctx.names, ctx.alive = cell, names, alive
        ctx.fast = alive is None and fast.supports(cell) and xs.device.type == "cpu" and xs.dtype in FLOATS
        if ctx.fast:
            run = fast.unroll(cell, {k: p.detach() for k, p in params.items()}, xs.detach(), state, TORCH)
            ctx.save_for_backward(*arrays[:n], xs, run.gates, run.h, *(x for x in (run.c, run.extra) if x is not None))
            return (run.ys, *(s.clone() for s in run.state))
        ys, states, all_gates = pytorch_cells.unroll(cell, params, xs, state, alive)
        kept = [a for s in states for a in s] + [a for gates in all_gates for a in gates]
        ctx.save_for_backward(*arrays[:n], xs, *kept)
        return (ys, *(s.clone() for s in states[-1]))

    @staticmethod
    def backward(ctx, d_ys, *d_last):
        if torch.is_grad_enabled():
            raise RuntimeError("the gradient of a gradient is not written; build the layer with by_hand=False for that")
        cell, names, n = ctx.cell, ctx.names, len(ctx.names)
        arrays, (xs, *kept) = ctx.saved_tensors[:n], ctx.saved_tensors[n:]
        params = dict(zip(names, arrays, strict=True))
        d_state = cell.State(*d_last)
        if ctx.fast:
            gates, h, *more = kept
            c = more.pop(0) if "c" in cell.State._fields else None
            run = fast.Run(h[1:], None, xs, gates, h, c, more[0] if more else None)
            wants = ctx.needs_input_grad[3]
            d_p, d_xs, d_first = fast.bptt(cell, params, run, d_ys.contiguous(), d_state, TORCH, wants)
        else:
            T, k = len(xs), len(cell.State._fields)
            states = [cell.State(*kept[t * k : (t + 1) * k]) for t in range(T + 1)]
            gates = kept[(T + 1) * k :]
            m = len(gates) // T
            Gates = GATES[type(cell)]
            all_gates = [Gates(*gates[t * m : (t + 1) * m]) for t in range(T)]
            d_p, d_xs, d_first = pytorch_cells.bptt(cell, params, xs, states, all_gates, d_ys, d_state, ctx.alive)
        return None, None, None, d_xs, *(d_p[name] for name in names), *d_first


FLOATS = torch.float32, torch.float64
GATES = {
    rnn.RNN: lambda: (),
    lstm.LSTM: lstm.Gates,
    peephole.PeepholeLSTM: lstm.Gates,
    coupled.CoupledLSTM: coupled.Gates,
    gru.GRU: gru.Gates,
}


@torch.compiler.disable
def by_hand(cell, names, alive, xs, *arrays):
    return BPTT.apply(cell, names, alive, xs, *arrays)


class Recurrent(torch.nn.Module):
    """Layers of one cell. See torch.nn.LSTM for the arguments; what differs:

    rng: a NumPy Generator that draws the weights as the cell's `init` does; by default one seeded by PyTorch's own.
    by_hand: False runs the plain loop under autograd, which is slower and can be differentiated twice.
    Weights are named and laid out as in the book: W_ih_l0 (D, kH), W_hh_l0 (H, kH), b_l0 (kH,), and `_reverse` for
    the second direction. Bad arguments raise TypeError or ValueError that names them.
    """

    def __init__(self, cell, input_size, hidden_size, num_layers=1, batch_first=False, dropout=0.0, bidirectional=False,
                 device=None, dtype=None, rng=None, by_hand=True, **init):  # fmt: skip
        super().__init__()
        self.cell, self.input_size, self.hidden_size = cell, input_size, hidden_size
        self.num_layers, self.batch_first, self.dropout = check_size("num_layers", num_layers), batch_first, dropout
        self.bidirectional, self.by_hand = bidirectional, by_hand
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout: expected a share from 0 to below 1, got {dropout!r}")
        rng = np.random.default_rng(torch.randint(2**63 - 1, ()).item()) if rng is None else rng
        dtype = torch.get_default_dtype() if dtype is None else dtype
        self.names = tuple(cell.shapes(input_size, hidden_size))
        for number in range(num_layers):
            D = hidden_size * len(self._directions()) if number else input_size
            for direction in self._directions():
                for name, p in cell.init(rng, D, hidden_size, **init).items():
                    p = torch.nn.Parameter(torch.tensor(p, dtype=dtype, device=device))
                    self.register_parameter(f"{name}_l{number}{direction}", p)

    def _directions(self):
        return ("", "_reverse") if self.bidirectional else ("",)

    def params(self, layer=0, direction=""):
        """The weights of a layer as the dict of NumPy arrays that `unrolled.unroll` takes, a copy."""
        return {name: getattr(self, f"{name}_l{layer}{direction}").detach().cpu().numpy().copy() for name in self.names}

    def forward(self, xs, state=None, lengths=None):
        """xs: (T, B, D), or (B, T, D) when batch_first, or (T, D).

        state: h, or (h, c) for cells with a cell state, each (layers · directions, B, H); zeros when None.
        lengths: (B,) whole numbers; beyond its length a sequence is padding: the state stays, the output is zero.
        Returns ys, shaped like xs with H or 2H numbers a step, and the last state, shaped like `state`.
        """
        self._check(xs)
        single, xs = xs.dim() == 2, xs.unsqueeze(1) if xs.dim() == 2 else xs.transpose(0, 1) if self.batch_first else xs
        T, B, _ = xs.shape
        first = self._first(state, xs, B, single)
        alive = None if lengths is None else self._alive(lengths, T, B, xs.device)
        last = []
        for number in range(self.num_layers):
            if number and self.dropout and self.training:
                xs = torch.nn.functional.dropout(xs, self.dropout)
            halves = []
            for direction in self._directions():
                ys, state = self._run(number, direction, xs, cell_state(self.cell, first, len(last)), alive, lengths)
                halves.append(ys)
                last.append(state)
            xs = halves[0] if len(halves) == 1 else torch.cat(halves, dim=-1)
        last = tuple(torch.stack(parts) for parts in zip(*last, strict=True))
        if single:
            xs, last = xs.squeeze(1), tuple(part.squeeze(1) for part in last)
        elif self.batch_first:
            xs = xs.transpose(0, 1)
        return xs, last if len(last) > 1 else last[0]

    def _run(self, number, direction, xs, state, alive, lengths):
        p = {name: getattr(self, f"{name}_l{number}{direction}") for name in self.names}
        xs = turned(xs, lengths) if direction else xs
        if self.by_hand:
            ys, *state = by_hand(self.cell, self.names, alive, xs.contiguous(), *p.values(), *state)
        else:
            ys, states, _ = pytorch_cells.unroll(self.cell, p, xs, state, alive)
            state = states[-1]
        return turned(ys, lengths) if direction else ys, state

    def _check(self, xs):
        if isinstance(xs, torch.nn.utils.rnn.PackedSequence):
            raise TypeError("xs: expected a tensor, got a PackedSequence; pass the padded tensor and lengths=")
        if not isinstance(xs, torch.Tensor):
            raise TypeError(f"xs: expected a tensor, got {type(xs).__name__}")
        p = next(self.parameters())
        if xs.dtype != p.dtype or xs.device != p.device:
            raise TypeError(f"xs: expected {p.dtype} on {p.device} as the weights, got {xs.dtype} on {xs.device}")
        if xs.dim() not in (2, 3) or xs.shape[-1] != self.input_size or 0 in xs.shape:
            order = "(B, T, D)" if self.batch_first else "(T, B, D)"
            raise ValueError(
                f"xs: expected shape {order} or (T, D) with D = {self.input_size}, none empty, got {tuple(xs.shape)}"
            )

    def _first(self, state, xs, B, single):
        fields, L = self.cell.State._fields, self.num_layers * len(self._directions())
        if state is None:
            return [xs.new_zeros(L, B, self.hidden_size) for _ in fields]
        parts = [state] if isinstance(state, torch.Tensor) else list(state)
        parts = [part.unsqueeze(1) if single else part for part in parts]
        for name, part in zip(fields, parts, strict=len(parts) == len(fields)):
            if tuple(part.shape) != (L, B, self.hidden_size):
                raise ValueError(f"state: expected {name} of shape {(L, B, self.hidden_size)}, got {tuple(part.shape)}")
        if len(parts) != len(fields):
            raise ValueError(f"state: expected {' and '.join(fields)}, got {len(parts)} tensors")
        return parts

    def _alive(self, lengths, T, B, device):
        lengths = torch.as_tensor(lengths, device=device)
        if lengths.shape != (B,) or lengths.min() < 1 or lengths.max() > T:
            raise ValueError(f"lengths: expected {B} whole numbers from 1 to T = {T}, got {lengths.tolist()}")
        return (torch.arange(T, device=device)[:, None] < lengths).unsqueeze(-1)

    def extra_repr(self):
        return f"{self.input_size}, {self.hidden_size}, num_layers={self.num_layers}, cell={self.cell}"


def cell_state(cell, parts, index):
    return cell.State(*(part[index] for part in parts))


def turned(xs, lengths=None):
    """xs (T, B, N) from its end; with lengths each sequence is turned by itself, padding stays."""
    if lengths is None:
        return xs.flip(0)
    T, B, _ = xs.shape
    t, lengths = torch.arange(T, device=xs.device)[:, None], torch.as_tensor(lengths, device=xs.device)
    return xs[torch.where(t < lengths, lengths - 1 - t, t), torch.arange(B, device=xs.device)]


class RNN(Recurrent):
    """Recurrent with the simple cell. nonlinearity: "tanh" or "relu"."""

    def __init__(self, input_size, hidden_size, num_layers=1, nonlinearity="tanh", **settings):
        super().__init__(rnn.RNN(nonlinearity), input_size, hidden_size, num_layers, **settings)


class LSTM(Recurrent):
    """Recurrent with the LSTM cell. forget_bias, input_bias: as in unrolled.LSTM.init."""

    def __init__(self, input_size, hidden_size, num_layers=1, **settings):
        super().__init__(lstm.LSTM(), input_size, hidden_size, num_layers, **settings)


class PeepholeLSTM(Recurrent):
    """Recurrent with peepholes. form: "diagonal" or "full"."""

    def __init__(self, input_size, hidden_size, num_layers=1, form="diagonal", **settings):
        super().__init__(peephole.PeepholeLSTM(form), input_size, hidden_size, num_layers, **settings)


class CoupledLSTM(Recurrent):
    """Recurrent with coupled gates, i = 1 - f."""

    def __init__(self, input_size, hidden_size, num_layers=1, **settings):
        super().__init__(coupled.CoupledLSTM(), input_size, hidden_size, num_layers, **settings)


class GRU(Recurrent):
    """Recurrent with the gated recurrent unit. reset_after: False is the slides' form, True PyTorch's."""

    def __init__(self, input_size, hidden_size, num_layers=1, reset_after=False, **settings):
        super().__init__(gru.GRU(reset_after), input_size, hidden_size, num_layers, **settings)
