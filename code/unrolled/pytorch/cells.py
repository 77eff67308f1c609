"""The cells in PyTorch: the same equations, letters and params as in NumPy, one line each.

`unroll` is the plain loop under autograd, for reading and as the yardstick, `bptt` our own way back. `layers`
holds the modules to build with; where there is no kernel (a GPU, the full peephole, padding) they compute with both.
Every step takes a_x = x W_ih + b, the input's part, which does not wait for time.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from unrolled import coupled as _coupled
from unrolled import gru as _gru
from unrolled.coupled import CoupledLSTM
from unrolled.gru import GRU
from unrolled.lstm import LSTM, Gates
from unrolled.peephole import PeepholeLSTM
from unrolled.rnn import RNN


def weight_grads(cell, xs, before, after, all_gates, d_as, d_h_Ws):
    """What the steps add up to: the gradient of params, one product for each matrix.

    Of all T·B steps: the inputs xs, the states around them, d_as, and the gradient of h W_hh. all_gates: a list of T.
    """
    return {"W_ih": xs.T @ d_as, "W_hh": before.h.T @ d_h_Ws, "b": d_as.sum(0)}


# As in activations.ACTIVATIONS.
ACTIVATIONS = {
    "tanh": (torch.tanh, lambda h: 1 - h**2),
    "relu": (torch.relu, lambda h: (h > 0).to(h.dtype)),
    "linear": (lambda a: a, torch.ones_like),
}


def rnn_gates(cell, p, a_x, state):
    return ()


def rnn(cell, p, gates, a_x, state):
    g_h, _ = ACTIVATIONS[cell.activation]
    return cell.State(h=g_h(a_x + state.h @ p["W_hh"]))


def rnn_grad(cell, p, gates, before, after, d_h, d_after):
    _, dg_h = ACTIVATIONS[cell.activation]
    d_a = d_h * dg_h(after.h)
    return d_a, d_a, cell.State(h=d_a @ p["W_hh"].T)


def lstm_gates(cell, p, a_x, state):
    a_i, a_f, a_g, a_o = (a_x + state.h @ p["W_hh"]).chunk(4, dim=-1)
    i = a_i.sigmoid()
    f = a_f.sigmoid()
    g = a_g.tanh()
    o = a_o.sigmoid()
    return Gates(i, f, g, o)


def lstm(cell, p, gates, a_x, state):
    i, f, g, o = gates
    c = f * state.c + i * g
    return cell.State(h=o * c.tanh(), c=c)


def lstm_grad(cell, p, gates, before, after, d_h, d_after):
    i, f, g, o = gates
    tanh_c = after.c.tanh()
    d_o = d_h * tanh_c
    d_c = d_after.c + d_h * o * (1 - tanh_c**2)
    d_f = d_c * before.c
    d_i = d_c * g
    d_g = d_c * i
    d_a_i = d_i * i * (1 - i)
    d_a_f = d_f * f * (1 - f)
    d_a_g = d_g * (1 - g**2)
    d_a_o = d_o * o * (1 - o)
    d_a = torch.cat([d_a_i, d_a_f, d_a_g, d_a_o], dim=-1)
    return d_a, d_a, cell.State(h=d_a @ p["W_hh"].T, c=d_c * f)


def see(c, W):
    """How a gate looks at C: all of it, or its own entry."""
    return c @ W if W.dim() == 2 else c * W


def see_grad(d_a, W):
    return d_a @ W.T if W.dim() == 2 else d_a * W


def peephole_gates(cell, p, a_x, state):
    a_i, a_f, a_g, a_o = (a_x + state.h @ p["W_hh"]).chunk(4, dim=-1)
    i = (a_i + see(state.c, p["W_ci"])).sigmoid()
    f = (a_f + see(state.c, p["W_cf"])).sigmoid()
    g = a_g.tanh()
    c = f * state.c + i * g
    o = (a_o + see(c, p["W_co"])).sigmoid()
    return Gates(i, f, g, o)


def peephole_grad(cell, p, gates, before, after, d_h, d_after):
    i, f, g, o = gates
    tanh_c = after.c.tanh()
    d_o = d_h * tanh_c
    d_a_o = d_o * o * (1 - o)
    d_c = d_after.c + d_h * o * (1 - tanh_c**2) + see_grad(d_a_o, p["W_co"])
    d_f = d_c * before.c
    d_i = d_c * g
    d_g = d_c * i
    d_a_i = d_i * i * (1 - i)
    d_a_f = d_f * f * (1 - f)
    d_a_g = d_g * (1 - g**2)
    d_c_before = d_c * f + see_grad(d_a_i, p["W_ci"]) + see_grad(d_a_f, p["W_cf"])
    d_a = torch.cat([d_a_i, d_a_f, d_a_g, d_a_o], dim=-1)
    return d_a, d_a, cell.State(h=d_a @ p["W_hh"].T, c=d_c_before)


def peephole_weight_grads(cell, xs, before, after, all_gates, d_as, d_h_Ws):
    d_a_i, d_a_f, _, d_a_o = d_as.chunk(4, dim=-1)
    grads = weight_grads(cell, xs, before, after, all_gates, d_as, d_h_Ws)
    for name, c, d_a in (("W_ci", before.c, d_a_i), ("W_cf", before.c, d_a_f), ("W_co", after.c, d_a_o)):
        grads[name] = c.T @ d_a if cell.form == "full" else (c * d_a).sum(0)
    return grads


def coupled_gates(cell, p, a_x, state):
    a_f, a_g, a_o = (a_x + state.h @ p["W_hh"]).chunk(3, dim=-1)
    f = a_f.sigmoid()
    g = a_g.tanh()
    o = a_o.sigmoid()
    return _coupled.Gates(f, g, o)


def coupled(cell, p, gates, a_x, state):
    f, g, o = gates
    c = f * state.c + (1 - f) * g
    return cell.State(h=o * c.tanh(), c=c)


def coupled_grad(cell, p, gates, before, after, d_h, d_after):
    f, g, o = gates
    tanh_c = after.c.tanh()
    d_o = d_h * tanh_c
    d_c = d_after.c + d_h * o * (1 - tanh_c**2)
    d_f = d_c * (before.c - g)
    d_g = d_c * (1 - f)
    d_a_f = d_f * f * (1 - f)
    d_a_g = d_g * (1 - g**2)
    d_a_o = d_o * o * (1 - o)
    d_a = torch.cat([d_a_f, d_a_g, d_a_o], dim=-1)
    return d_a, d_a, cell.State(h=d_a @ p["W_hh"].T, c=d_c * f)


def gru_gates(cell, p, a_x, state):
    W_hz, W_hr, W_hn = p["W_hh"].chunk(3, dim=1)
    a_z, a_r, a_n = a_x.chunk(3, dim=-1)
    z = (a_z + state.h @ W_hz).sigmoid()
    r = (a_r + state.h @ W_hr).sigmoid()
    past = r * (state.h @ W_hn + p["b_hn"]) if cell.reset_after else (r * state.h) @ W_hn
    n = (a_n + past).tanh()
    return _gru.Gates(z, r, n)


def gru(cell, p, gates, a_x, state):
    z, _, n = gates
    return cell.State(h=(1 - z) * state.h + z * n)


def gru_grad(cell, p, gates, before, after, d_h, d_after):
    W_hz, W_hr, W_hn = p["W_hh"].chunk(3, dim=1)
    z, r, n = gates
    d_n = d_h * z
    d_z = d_h * (n - before.h)
    d_a_n = d_n * (1 - n**2)
    d_a_z = d_z * z * (1 - z)
    if cell.reset_after:
        d_r = d_a_n * (before.h @ W_hn + p["b_hn"])
        d_past = (d_a_n * r) @ W_hn.T
    else:
        d_r = d_a_n @ W_hn.T * before.h
        d_past = d_a_n @ W_hn.T * r
    d_a_r = d_r * r * (1 - r)
    d_h_before = d_h * (1 - z) + d_a_z @ W_hz.T + d_a_r @ W_hr.T + d_past
    d_a = torch.cat([d_a_z, d_a_r, d_a_n], dim=-1)
    # second: the gradient of h W_hh, which for the reset-after form differs from d_a in the candidate's block
    d_h_W = torch.cat([d_a_z, d_a_r, d_a_n * r], dim=-1) if cell.reset_after else d_a
    return d_a, d_h_W, cell.State(d_h_before)


def gru_weight_grads(cell, xs, before, after, all_gates, d_as, d_h_Ws):
    H = before.h.shape[-1]
    grads = weight_grads(cell, xs, before, after, all_gates, d_as, d_h_Ws)
    if cell.reset_after:
        return grads | {"b_hn": d_h_Ws[:, 2 * H :].sum(0)}
    r = torch.cat([r for _, r, _ in all_gates])  # (T·B, H)
    grads["W_hh"][:, 2 * H :] = (r * before.h).T @ d_as[:, 2 * H :]
    return grads


class Twin(NamedTuple):
    """A cell's step in three parts, gates, new state and way back, and what its steps' gradients add up to."""

    gates: Callable
    step: Callable
    step_grad: Callable
    weight_grads: Callable = weight_grads


CELLS = {
    RNN: Twin(rnn_gates, rnn, rnn_grad),
    LSTM: Twin(lstm_gates, lstm, lstm_grad),
    PeepholeLSTM: Twin(peephole_gates, lstm, peephole_grad, peephole_weight_grads),
    CoupledLSTM: Twin(coupled_gates, coupled, coupled_grad),
    GRU: Twin(gru_gates, gru, gru_grad, gru_weight_grads),
}


def unroll(cell, p, xs, state, alive=None):
    """The plain loop, for autograd to differentiate. xs (T, B, D), p a dict of tensors, state of tensors (B, H).

    alive: (T, B, 1), False where a step is padding; None when none is. Returns ys (T, B, H), the state after every
    step and the gates of every step, lists of T + 1 and T.
    """
    twin = CELLS[type(cell)]
    a_xs = (xs @ p["W_ih"] + p["b"]).unbind()  # a_xs[t] inside the loop would cost autograd a copy of the whole
    states, all_gates, ys = [state], [], []
    for t, a_x in enumerate(a_xs):
        all_gates.append(twin.gates(cell, p, a_x, states[-1]))
        after = twin.step(cell, p, all_gates[-1], a_x, states[-1])
        ys.append(after.h if alive is None else torch.where(alive[t], after.h, 0))
        states.append(_where(alive, t, after, states[-1]))
    return torch.stack(ys), states, all_gates


def bptt(cell, p, xs, states, all_gates, d_ys, d_state, alive=None, wants_d_xs=True):
    """Our own way back through the same loop, without autograd.

    xs, states, all_gates, alive: as `unroll` took and returned them; d_ys (T, B, H); d_state: a State of tensors
    (B, H). Returns d_p (like p), d_xs (T, B, D), None unless wanted, and the gradient of the first state.
    """
    twin = CELLS[type(cell)]
    T, d_as, d_h_Ws = len(xs), [None] * len(xs), [None] * len(xs)
    for t in reversed(range(T)):
        d_h = d_ys[t] + d_state.h
        d_as[t], d_h_Ws[t], d_before = twin.step_grad(cell, p, all_gates[t], states[t], states[t + 1], d_h, d_state)
        if alive is not None:
            d_as[t], d_h_Ws[t] = d_as[t] * alive[t], d_h_Ws[t] * alive[t]
        d_state = _where(alive, t, d_before, d_state)
    d_as, d_h_Ws = torch.cat(d_as), torch.cat(d_h_Ws)  # (T·B, kH)
    before, after = _rows(states[:-1]), _rows(states[1:])
    d_p = twin.weight_grads(cell, xs.flatten(0, 1), before, after, all_gates, d_as, d_h_Ws)
    return d_p, (d_as @ p["W_ih"].T).view_as(xs) if wants_d_xs else None, d_state


def _rows(states):
    """A list of T states of tensors (B, H) as one State of tensors (T·B, H)."""
    return type(states[0])(*(torch.cat(arrays) for arrays in zip(*states, strict=True)))


def _where(alive, t, live, kept):
    if alive is None:
        return live
    return type(live)(*(torch.where(alive[t], a, b) for a, b in zip(live, kept, strict=True)))
