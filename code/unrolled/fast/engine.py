"""The same numbers as `unroll` and `bptt`, faster. What the book reads aloud is `sequence.py`; this is what trains.

Three ideas, all from the chapter on backpropagation through time. The input's part of every step is one product
before the loop. The loop back carries only d_a. The weights' gradients are one product after the loop. Inside the
loop a step is one product by BLAS and one kernel (`kernels`, compiled by numba) that turns a into the gates in place.

It works on NumPy arrays and on PyTorch tensors in the processor's memory alike: a `Library` says who multiplies.
Importing it takes about a second. The first call with a cell and a dtype compiles the kernels, a few seconds the first
time; numba keeps the result beside the package or, where that cannot be written, in the user's cache folder.
"""

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

try:
    from unrolled.fast import kernels

    why_not = None
except ImportError as error:  # numba is optional
    kernels, why_not = None, error


class Library(NamedTuple):
    """mm(x, y, out=): matrix product. addmm(b, x, y, out=): b plus one. empty(shape, like=): an array. view: its memory
    as a NumPy array."""

    mm: Callable
    addmm: Callable
    empty: Callable
    view: Callable


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
    extra: Any  # (T, B, H): the GRU's r * h, or h W_hn + b_hn


def supports(cell):
    """Is there a kernel for this cell, and numba to compile it?"""
    return kernels is not None and type(cell) in _CELLS and getattr(cell, "form", "diagonal") == "diagonal"


def unroll(cell, params, xs, state=None, library=NUMPY):
    """As `unrolled.unroll`, for sequences without padding. Returns a Run, which begins with ys and the last state.

    xs (T, B, D); state: of arrays (B, H), zeros when None. Raises ModuleNotFoundError where numba is missing, TypeError
    for a cell without a kernel and for other numbers than float32 and float64, and what `unrolled.unroll` raises.
    For tensors nothing is checked and `state` must be given; `unrolled.pytorch` does both.
    """
    if kernels is None:
        raise ModuleNotFoundError(
            "unrolled.fast needs numba (pip install numba), unrolled.unroll does not"
        ) from why_not
    if not supports(cell):
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
    extra = library.empty((T, B, H), like=xs) if type(cell) is GRU else None
    _CELLS[type(cell)][0](cell, params, gates, hs, cs, extra, library)
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
    d_params = _CELLS[type(cell)][1](cell, params, run, d_ys, d_h, d_c, d_as, library)

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


# --- forwards: gates hold x W_ih and become the gates; h and c are filled from their first entry -----------------


def _step_by_step(kernel, params, gates, hs, library, *arrays):
    """The loop of all cells whose step is one product with W_hh and one kernel."""
    b, addmm = params["b"], library.addmm
    past = library.empty(gates.shape[1:], like=gates)
    a, past_, h, *arrays = (library.view(array) for array in (gates, past, hs, *arrays))
    for t, h_before in enumerate(hs[:-1]):
        addmm(b, h_before, params["W_hh"], out=past)
        kernel(a, past_, h, *arrays, t)


def _rnn(cell, params, gates, hs, cs, extra, library):
    _step_by_step(getattr(kernels, f"rnn_{cell.activation}"), params, gates, hs, library)


def _lstm(cell, params, gates, hs, cs, extra, library):
    _step_by_step(kernels.lstm, params, gates, hs, library, cs)


def _peephole(cell, params, gates, hs, cs, extra, library):
    _step_by_step(kernels.peephole, params, gates, hs, library, cs, *_peepholes(params))


def _coupled(cell, params, gates, hs, cs, extra, library):
    _step_by_step(kernels.coupled, params, gates, hs, library, cs)


def _gru(cell, params, gates, hs, cs, extra, library):
    if cell.reset_after:
        gates += params["b"]  # b_n stays outside of what r multiplies
        alone = params | {"b": params["b"] * 0}
        return _step_by_step(kernels.gru_after, alone, gates, hs, library, extra, params["b_hn"])
    _, B, H = extra.shape
    W_hz_r, W_hn = _blocks(params, library, H)
    past, past_n = library.empty((B, 2 * H), like=gates), library.empty((B, H), like=gates)
    a, past_, past_n_, h, r_h = (library.view(array) for array in (gates, past, past_n, hs, extra))
    for t, (h_before, r_h_before) in enumerate(zip(hs, extra, strict=False)):  # hs has one more
        library.addmm(params["b"][: 2 * H], h_before, W_hz_r, out=past)
        kernels.gru_gates(a, past_, h, r_h, t)
        library.addmm(params["b"][2 * H :], r_h_before, W_hn, out=past_n)
        kernels.gru(a, past_n_, h, t)
    return None


# --- backwards: d_as are filled from the last step; d_h and d_c end as the gradient of the first state ---------------


def _loop_back(kernel, params, d_as, d_h, library, arrays):
    """The loop of all cells whose step back is one kernel and one product with W_hh."""
    arrays, W_back = [library.view(array) for array in arrays], params["W_hh"].T
    for t, d_a in reversed(list(enumerate(d_as))):
        kernel(*arrays, t)
        library.mm(d_a, W_back, out=d_h)


def _rnn_grad(cell, params, run, d_ys, d_h, d_c, d_as, library):
    kernel = getattr(kernels, f"rnn_{cell.activation}_grad")
    _loop_back(kernel, params, d_as, d_h, library, (run.h, d_ys, d_h, d_as))
    return {}


def _lstm_grad(cell, params, run, d_ys, d_h, d_c, d_as, library):
    _loop_back(kernels.lstm_grad, params, d_as, d_h, library, (run.gates, run.c, d_ys, d_h, d_c, d_as))
    return {}


def _peephole_grad(cell, params, run, d_ys, d_h, d_c, d_as, library):
    d_peepholes = library.empty((3, run.c.shape[-1]), like=d_ys)
    d_peepholes[...] = 0
    arrays = (run.gates, run.c, d_ys, d_h, d_c, d_as, *_peepholes(params), d_peepholes)
    _loop_back(kernels.peephole_grad, params, d_as, d_h, library, arrays)
    return dict(zip(("W_ci", "W_cf", "W_co"), d_peepholes, strict=True))


def _coupled_grad(cell, params, run, d_ys, d_h, d_c, d_as, library):
    _loop_back(kernels.coupled_grad, params, d_as, d_h, library, (run.gates, run.c, d_ys, d_h, d_c, d_as))
    return {}


def _gru_grad(cell, params, run, d_ys, d_h, d_c, d_as, library):
    return (_gru_after_grad if cell.reset_after else _gru_before_grad)(params, run, d_ys, d_h, d_as, library)


def _gru_before_grad(params, run, d_ys, d_h, d_as, library):
    (_, B, H), mm = run.extra.shape, library.mm
    W_hz_r, W_hn = _blocks(params, library, H)
    d_r_h, more = library.empty((B, H), like=d_ys), library.empty((B, H), like=d_ys)
    a, h, d_y, d_past, d_a, d_r_h_ = (library.view(x) for x in (run.gates, run.h, d_ys, d_h, d_as, d_r_h))
    for t, (d_z_r, d_n) in reversed(list(enumerate(zip(d_as[..., : 2 * H], d_as[..., 2 * H :], strict=True)))):
        kernels.gru_grad(a, h, d_y, d_past, d_a, t)
        mm(d_n, W_hn.T, out=d_r_h)
        kernels.gru_gates_grad(a, h, d_r_h_, d_past, d_a, t)
        mm(d_z_r, W_hz_r.T, out=more)
        d_h += more
    d_W_hh, rows = library.empty((H, 3 * H), like=d_ys), _rows(d_as)
    d_W_hh[:, : 2 * H] = _rows(run.h[:-1]).T @ rows[:, : 2 * H]
    d_W_hh[:, 2 * H :] = _rows(run.extra).T @ rows[:, 2 * H :]
    return {"W_hh": d_W_hh}


def _gru_after_grad(params, run, d_ys, d_h, d_as, library):
    """Here the gradient of h W_hh is not d_a: the candidate's block met r. It has an array of its own."""
    _, B, H = run.extra.shape
    d_h_Ws, more = library.empty(d_as.shape, like=d_ys), library.empty((B, H), like=d_ys)
    arrays = [library.view(x) for x in (run.gates, run.h, run.extra, d_ys, d_h, d_as, d_h_Ws)]
    for t, d_h_W in reversed(list(enumerate(d_h_Ws))):
        kernels.gru_after_grad(*arrays, t)
        library.mm(d_h_W, params["W_hh"].T, out=more)
        d_h += more
    rows, d_W_hh = _rows(d_h_Ws), library.empty((H, 3 * H), like=d_ys)
    return {"W_hh": library.mm(_rows(run.h[:-1]).T, rows, out=d_W_hh), "b_hn": rows[:, 2 * H :].sum(0)}


def _blocks(params, library, H):
    """W_hz and W_hr side by side (H, 2H), and W_hn (H, H), each in a piece of memory of its own."""
    W_hz_r, W_hn = (library.empty((H, k * H), like=params["W_hh"]) for k in (2, 1))
    W_hz_r[...], W_hn[...] = params["W_hh"][:, : 2 * H], params["W_hh"][:, 2 * H :]
    return W_hz_r, W_hn


def _peepholes(params):
    return params["W_ci"], params["W_cf"], params["W_co"]


_CELLS = {
    RNN: (_rnn, _rnn_grad),
    LSTM: (_lstm, _lstm_grad),
    PeepholeLSTM: (_peephole, _peephole_grad),
    CoupledLSTM: (_coupled, _coupled_grad),
    GRU: (_gru, _gru_grad),
}
