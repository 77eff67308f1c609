"""The only two places that loop over time: `unroll` reads a sequence forwards, `bptt` backwards."""

import numpy as np

from unrolled.arguments import check_array


def unroll(cell, params, xs, state=None):
    """Apply the same cell with the same params to every step of a sequence.

    xs: (T, B, D), time first. state: the state before the first step; zeros when None.
    Returns ys (T, B, H), the output of every step, and states, a list of T + 1: states[0] is the state before the
    first step, states[t] the state after step t. Raises TypeError or ValueError, naming the argument, for a wrong
    type, shape or dtype, an empty sequence, NaN or infinity.
    """
    _, B, _ = check_array("xs", xs, ("T", "B", len(params["W_ih"]))).shape
    states = [cell.zero_state(params, B) if state is None else cell.check_state(params, state, B)]
    ys = []
    for x in xs:
        y, state = cell.step(params, x, states[-1])
        ys.append(y)
        states.append(state)
    return np.stack(ys), states


def bptt(cell, params, xs, states, d_ys):
    """Backpropagation through time: the gradient of a loss with respect to everything `unroll` read.

    xs (T, B, D) and states (a list of T + 1) as `unroll` took and returned them; d_ys (T, B, H) says how the loss
    changes with each output. Returns d_params (like params), d_xs (like xs) and d_states (a list of T + 1 like
    states: d_states[t] is the whole gradient that arrives at the state after step t). Werbos (1990).
    """
    T, B, _ = xs.shape
    check_array("d_ys", d_ys, (T, B, len(params["W_hh"])))
    if len(states) != T + 1:
        raise ValueError(f"states: expected T + 1 = {T + 1} states as unroll returns them, got {len(states)}")
    d_as = [None] * T
    d_states = [None] * T + [cell.zero_state(params, B)]
    for t in reversed(range(T)):
        d_as[t], d_states[t] = cell.step_grad(params, states[t], states[t + 1], d_ys[t], d_states[t + 1])
    return _collect(params, xs, states, np.stack(d_as)), np.stack(d_as) @ params["W_ih"].T, d_states


def _collect(params, xs, states, d_as):
    """The weights are shared by all steps, so their gradients are sums over time: one product over all T·B rows."""
    T, B, H = d_as.shape
    rows = d_as.reshape(T * B, H)
    h_before = np.stack([state.h for state in states[:-1]])
    return {
        "W_ih": xs.reshape(T * B, -1).T @ rows,
        "W_hh": h_before.reshape(T * B, -1).T @ rows,
        "b": rows.sum(axis=0),
    }
