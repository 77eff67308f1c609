"""The same numbers as `unroll` and `bptt`, faster. What the book reads aloud is `sequence.py`; this is what trains.

Three ideas, all from the chapter on backpropagation through time. The input's part of every step is one product
before the loop. The loop back carries only d_a. The weights' gradients are one product after the loop. Inside the
loop a step is one product by BLAS and one kernel (`kernels`, compiled by numba) that turns a into the gates in place.

It works on NumPy arrays and on PyTorch tensors in the processor's memory alike: a `Library` says who multiplies.
The first call imports numba, a second and 160 MB. The first call with a cell and a dtype compiles the kernels, a few
seconds the first time; numba keeps the result beside the package or, where that cannot be written, in the user's cache
folder.
"""

import importlib
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from unrolled.arguments import check_array
from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.lstm import LSTM
from unrolled.peephole import PeepholeLSTM
from unrolled.rnn import RNN


def kernels():
    """The module of kernels, imported when it is asked for. Raises ModuleNotFoundError without numba."""
    try:
        return importlib.import_module("unrolled.fast.kernels")
    except ImportError as error:  # numba is optional
        raise ModuleNotFoundError("unrolled.fast needs numba (pip install numba), unrolled.unroll does not") from error


class Library(NamedTuple):
    """Who multiplies. Products are written into `out`."""

    mm: Callable  # mm(x, y, out=) is x @ y
    addmm: Callable  # addmm(b, x, y, out=) is b + x @ y
    empty: Callable  # empty(shape, like=) is an array of this shape, of the dtype of `like`
    view: Callable  # view(array) is the array's memory as a NumPy array


def _addmm(b, x, y, out):
    return np.add(np.matmul(x, y, out=out), b, out=out)


# Kernels are compiled for rows that lie side by side; for others they would be compiled anew.
NUMPY = Library(np.matmul, _addmm, lambda shape, like: np.empty(shape, like.dtype), np.ascontiguousarray)


class Run(NamedTuple):
    """What `unroll` returns: the answer, and from xs on what `bptt` reads."""

    ys: Any  # (T, B, H)
    state: Any  # the State after the last step, of arrays (B, H)
    xs: Any  # (T, B, D)
    gates: Any  # (T, B, kH)
    h: Any  # (T + 1, B, H)
    c: Any  # (T + 1, B, H), None for cells without
    extra: Any  # (T, B, H), what a cell keeps besides: the GRU's r * h, or h W_hn + b_hn


def supports(cell):
    """Is there a kernel for this cell, and numba to compile it?"""
    try:
        return cell in CELLS and bool(kernels())
    except ModuleNotFoundError:
        return False


def unroll(cell, params, xs, state=None, library=NUMPY):
    """As `unrolled.unroll`, for sequences without padding. Returns a Run, which begins with ys and the last state.

    xs (T, B, D); state: of arrays (B, H), zeros when None. Raises ModuleNotFoundError where numba is missing, TypeError
    for a cell without a kernel and for other numbers than float32 and float64, and what `unrolled.unroll` raises.
    For tensors nothing is checked and `state` must be given; `unrolled.pytorch` does both.
    """
    kernels()
    if cell not in CELLS:
        raise TypeError(f"cell: expected one with a kernel, got {cell}; use unrolled.unroll")
    if library is NUMPY:
        state = _check(cell, params, xs, state)
    (T, B, _), H = xs.shape, len(params["W_hh"])
    gates = library.empty((T, B, cell.blocks * H), like=xs)
    library.mm(_rows(xs), params["W_ih"], out=_rows(gates))  # the input does not wait for time
    hs = library.empty((T + 1, B, H), like=xs)
    hs[0] = state.h
    cs = None
    if "c" in state._fields:
        cs = library.empty((T + 1, B, H), like=xs)
        cs[0] = state.c
    extra = library.empty((T, B, H), like=xs) if CELLS[cell].keeps else None
    CELLS[cell].forward(params, gates, hs, cs, extra, library)
    return Run(hs[1:], type(state)(*(s[-1] for s in (hs, cs) if s is not None)), xs, gates, hs, cs, extra)


def bptt(cell, params, run, d_ys, d_state=None, library=NUMPY, wants_d_xs=True):
    """As `unrolled.bptt`; run: what `unroll` returned. Returns d_params, d_xs (None unless wanted), and the gradient
    of the state before the first step. d_ys (T, B, H); d_state: of arrays (B, H), zeros when None."""
    (_, B, H), mm, empty = run.h.shape, library.mm, library.empty
    if library is NUMPY:
        check_array("d_ys", d_ys, (len(run.xs), B, H), run.h.dtype)
        d_state = None if d_state is None else cell.check_state(params, d_state, B, "d_state")
    d_h, d_c = empty((B, H), like=d_ys), empty((B, H), like=d_ys)
    d_h[...] = 0 if d_state is None else d_state.h
    d_c[...] = 0 if d_state is None or run.c is None else d_state.c
    d_as = _scratch(run.gates.shape, d_ys, library)
    d_params = CELLS[cell].backward(params, run, d_ys, d_h, d_c, d_as, library)

    def product(x, y):
        return mm(x, y, out=empty((x.shape[0], y.shape[1]), like=d_ys))

    rows = _rows(d_as)
    d_params["W_ih"] = product(_rows(run.xs).T, rows)
    d_params["b"] = rows.sum(0)
    if "W_hh" not in d_params:
        d_params["W_hh"] = product(_rows(run.h[:-1]).T, rows)
    d_xs = product(rows, params["W_ih"].T).reshape(run.xs.shape) if wants_d_xs else None
    return d_params, d_xs, cell.State(*(d_h, d_c)[: len(cell.State._fields)])


def _check(cell, params, xs, state):
    """Return the first state if all of this is right for the kernels, else raise KeyError, TypeError or ValueError."""
    W_ih = cell.check_params(params)["W_ih"]
    if W_ih.dtype not in (np.float32, np.float64):
        raise TypeError(f"params: expected float32 or float64, got {W_ih.dtype}")
    _, B, _ = check_array("xs", xs, ("T", "B", len(W_ih)), W_ih.dtype).shape
    return cell.zero_state(params, B) if state is None else cell.check_state(params, state, B)


_kept = threading.local()


def _scratch(shape, like, library):
    """An array that the next call uses again: asking the system for so much memory each time costs some per cent."""
    key = library.mm, tuple(shape), like.dtype
    if getattr(_kept, "key", None) != key:
        _kept.key, _kept.array = key, library.empty(shape, like=like)
    return _kept.array


def _rows(array):
    return array.reshape(-1, array.shape[-1])


class Loops(NamedTuple):
    """How a cell goes over a whole sequence.

    forward(params, gates, hs, cs, extra, library): gates hold x W_ih and become the gates; hs, cs and extra are filled
    from their first entry. backward(params, run, d_ys, d_h, d_c, d_as, library): d_as are filled from the last step;
    d_h and d_c end as the gradient of the first state; returns the gradients that `bptt` does not compute by itself.
    """

    forward: Callable
    backward: Callable
    keeps: bool = False  # is there something to keep beside gates and states, a Run's extra?


# --- Cells whose step is one product with W_hh and one kernel --------------------------------------------------------


def one_kernel(name, *own):
    """The Loops of such a cell. name: of its kernel, `name`_grad is the one back. own: weights (H,) that they read."""

    def forward(params, gates, hs, cs, extra, library):
        kernel, past = getattr(kernels(), name), library.empty(gates.shape[1:], like=gates)
        arrays = [gates, past, hs, *([] if cs is None else [cs]), *(params[weight] for weight in own)]
        arrays = [library.view(array) for array in arrays]
        for t, h_before in enumerate(hs[:-1]):
            library.addmm(params["b"], h_before, params["W_hh"], out=past)
            kernel(*arrays, t)

    def backward(params, run, d_ys, d_h, d_c, d_as, library):
        d_own = library.empty((len(own), run.h.shape[-1]), like=d_ys)
        d_own[...] = 0
        arrays = [run.h, d_ys, d_h, d_as] if run.c is None else [run.gates, run.c, d_ys, d_h, d_c, d_as]
        arrays += [*(params[weight] for weight in own), d_own] if own else []
        kernel, arrays = getattr(kernels(), f"{name}_grad"), [library.view(array) for array in arrays]
        for t, d_a in reversed(list(enumerate(d_as))):
            kernel(*arrays, t)
            library.mm(d_a, params["W_hh"].T, out=d_h)
        return dict(zip(own, d_own, strict=True))

    return Loops(forward, backward)


# --- The GRU: W_hn acts on r * h, so a step is two products and two kernels ------------------------------------------


def gru(params, gates, hs, cs, r_hs, library):
    _, B, H = r_hs.shape
    W_hz_r, W_hn = _z_r_and_n(params, library, H)
    past, past_n = library.empty((B, 2 * H), like=gates), library.empty((B, H), like=gates)
    a, past_, past_n_, h, r_h = (library.view(array) for array in (gates, past, past_n, hs, r_hs))
    for t, (h_before, r_h_before) in enumerate(zip(hs, r_hs, strict=False)):  # hs has one more
        library.addmm(params["b"][: 2 * H], h_before, W_hz_r, out=past)
        kernels().gru_gates(a, past_, h, r_h, t)
        library.addmm(params["b"][2 * H :], r_h_before, W_hn, out=past_n)
        kernels().gru(a, past_n_, h, t)


def gru_grad(params, run, d_ys, d_h, d_c, d_as, library):
    _, B, H = run.extra.shape
    W_hz_r, W_hn = _z_r_and_n(params, library, H)
    d_r_h, more = library.empty((B, H), like=d_ys), library.empty((B, H), like=d_ys)
    a, h, d_y, d_past, d_a, d_r_h_ = (library.view(x) for x in (run.gates, run.h, d_ys, d_h, d_as, d_r_h))
    for t, (d_z_r, d_n) in reversed(list(enumerate(zip(d_as[..., : 2 * H], d_as[..., 2 * H :], strict=True)))):
        kernels().gru_grad(a, h, d_y, d_past, d_a, t)
        library.mm(d_n, W_hn.T, out=d_r_h)
        kernels().gru_gates_grad(a, h, d_r_h_, d_past, d_a, t)
        library.mm(d_z_r, W_hz_r.T, out=more)
        d_h += more
    d_W_hh, rows = library.empty((H, 3 * H), like=d_ys), _rows(d_as)
    d_W_hh[:, : 2 * H] = _rows(run.h[:-1]).T @ rows[:, : 2 * H]
    d_W_hh[:, 2 * H :] = _rows(run.extra).T @ rows[:, 2 * H :]
    return {"W_hh": d_W_hh}


def _z_r_and_n(params, library, H):
    """W_hz and W_hr side by side (H, 2H), and W_hn (H, H), each in a piece of memory of its own."""
    W_hz_r, W_hn = (library.empty((H, k * H), like=params["W_hh"]) for k in (2, 1))
    W_hz_r[...], W_hn[...] = params["W_hh"][:, : 2 * H], params["W_hh"][:, 2 * H :]
    return W_hz_r, W_hn


def gru_after(params, gates, hs, cs, vs, library):
    gates += params["b"]  # b_n stays outside of what r multiplies
    past = library.empty(gates.shape[1:], like=gates)
    a, past_, h, v, b_hn = (library.view(array) for array in (gates, past, hs, vs, params["b_hn"]))
    for t, h_before in enumerate(hs[:-1]):
        library.mm(h_before, params["W_hh"], out=past)
        kernels().gru_after(a, past_, h, v, b_hn, t)


def gru_after_grad(params, run, d_ys, d_h, d_c, d_as, library):
    """Here the gradient of h W_hh is not d_a: the candidate's block met r. It has an array of its own."""
    _, B, H = run.extra.shape
    d_h_Ws, more = library.empty(d_as.shape, like=d_ys), library.empty((B, H), like=d_ys)
    arrays = [library.view(x) for x in (run.gates, run.h, run.extra, d_ys, d_h, d_as, d_h_Ws)]
    for t, d_h_W in reversed(list(enumerate(d_h_Ws))):
        kernels().gru_after_grad(*arrays, t)
        library.mm(d_h_W, params["W_hh"].T, out=more)
        d_h += more
    rows, d_W_hh = _rows(d_h_Ws), library.empty((H, 3 * H), like=d_ys)
    return {"W_hh": library.mm(_rows(run.h[:-1]).T, rows, out=d_W_hh), "b_hn": rows[:, 2 * H :].sum(0)}


CELLS = {
    RNN("tanh"): one_kernel("rnn_tanh"),
    RNN("relu"): one_kernel("rnn_relu"),
    RNN("linear"): one_kernel("rnn_linear"),
    LSTM(): one_kernel("lstm"),
    PeepholeLSTM(): one_kernel("peephole", "W_ci", "W_cf", "W_co"),
    CoupledLSTM(): one_kernel("coupled"),
    GRU(): Loops(gru, gru_grad, keeps=True),
    GRU(reset_after=True): Loops(gru_after, gru_after_grad, keeps=True),
}
