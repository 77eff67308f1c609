"""Our own way back through time, handed to PyTorch as one `autograd.Function` for a whole sequence.

Without it autograd writes down every operation of every step and reads that backwards. With it there is one entry,
whose backward is the derivation of the book: by the kernels of `fast` on the processor, step by step elsewhere.
https://pytorch.org/docs/stable/notes/extending.html
"""

import torch

from unrolled import fast
from unrolled.pytorch import cells

TORCH = fast.Library(torch.mm, torch.addmm, lambda shape, like: like.new_empty(shape), lambda x: x.contiguous().numpy())


class BPTT(torch.autograd.Function):
    """One layer in one direction over a whole sequence, with its gradient written by hand.

    apply(engine, cell, names, alive, xs, *params, *state) gives ys (T, B, H) and the arrays (B, H) of the last state.
    names: the keys of params; alive: as for `cells.unroll`; engine: Kernels or Steps, below.
    """

    @staticmethod
    def forward(ctx, engine, cell, names, alive, xs, *arrays):
        params, state = dict(zip(names, arrays, strict=False)), cell.State(*arrays[len(names) :])
        ys, last, kept = engine.forward(cell, params, xs, state, alive)
        ctx.engine, ctx.cell, ctx.names, ctx.alive = engine, cell, names, alive
        ctx.save_for_backward(xs, *params.values(), *kept)
        return ys, *(part.clone() for part in last)  # clones: what is kept must not change with them

    @staticmethod
    def backward(ctx, d_ys, *d_last):
        if torch.is_grad_enabled():
            raise RuntimeError("the gradient of a gradient is not written; build the layer with by_hand=False for that")
        (xs, *arrays), n = ctx.saved_tensors, len(ctx.names)
        params, kept = dict(zip(ctx.names, arrays, strict=False)), arrays[n:]
        d_state, wants_d_xs = ctx.cell.State(*d_last), ctx.needs_input_grad[4]
        d_params, d_xs, d_first = ctx.engine.backward(ctx.cell, params, xs, kept, d_ys, d_state, ctx.alive, wants_d_xs)
        return None, None, None, None, d_xs, *(d_params[name] for name in ctx.names), *d_first


class Kernels:
    """By `fast`."""

    @staticmethod
    def forward(cell, params, xs, state, alive):
        ys, last, _, *kept = fast.unroll(cell, params, xs, state, TORCH)
        return ys, last, kept

    @staticmethod
    def backward(cell, params, xs, kept, d_ys, d_state, alive, wants_d_xs):
        run = fast.Run(None, None, xs, *kept)
        return fast.bptt(cell, params, run, d_ys.contiguous(), d_state, TORCH, wants_d_xs)


class Steps:
    """By `cells`, step by step. Kept are the numbers of all states and then of all gates, one after another."""

    @staticmethod
    def forward(cell, params, xs, state, alive):
        ys, states, all_gates = cells.unroll(cell, params, xs, state, alive)
        return ys, states[-1], [array for step in (*states, *all_gates) for array in step]

    @staticmethod
    def backward(cell, params, xs, kept, d_ys, d_state, alive, wants_d_xs):
        T, s = len(xs), len(cell.State._fields)
        gates = kept[(T + 1) * s :]
        k = len(gates) // T
        states = [cell.State(*kept[t * s : (t + 1) * s]) for t in range(T + 1)]
        all_gates = [gates[t * k : (t + 1) * k] for t in range(T)]
        return cells.bptt(cell, params, xs, states, all_gates, d_ys, d_state, alive, wants_d_xs)


@torch.compiler.disable  # torch.compile takes the whole as one call
def by_hand(cell, params, xs, state, alive):
    """ys and the last state of one layer in one direction, with our own way back."""
    has_kernel = alive is None and xs.device.type == "cpu" and xs.dtype in (torch.float32, torch.float64)
    engine = Kernels if has_kernel and fast.supports(cell) else Steps
    ys, *last = BPTT.apply(engine, cell, tuple(params), alive, xs.contiguous(), *params.values(), *state)
    return ys, cell.State(*last)


def by_autograd(cell, params, xs, state, alive):
    """The same by the plain loop; PyTorch finds the way back."""
    ys, states, _ = cells.unroll(cell, params, xs, state, alive)
    return ys, states[-1]
