"""The only two places that loop over time: `unroll` reads a sequence forwards, `bptt` backwards."""

import numpy as np

from unrolled.arguments import check_array, check_lengths, check_size


def unroll(cell, params, xs, state=None, lengths=None):
    """Apply the same cell with the same params to every step of a sequence.

    xs: (T, B, D), time first. state: the state before the first step; zeros when None. lengths: (B,) whole numbers
    from 1 to T; beyond its length a sequence is padding, whatever stands there: the state stays, the output is zero.
    Returns ys (T, B, H), the output of every step, and states, a list of T + 1: states[0] is the state before the
    first step, states[t] the state after step t. Raises KeyError, TypeError or ValueError, naming the argument, for a
    wrong type, shape or dtype, an empty sequence, NaN or infinity.
    """
    D = len(cell.check_params(params)["W_ih"])
    T, B, _ = check_array("xs", xs, ("T", "B", D), params["W_ih"].dtype).shape
    states = [cell.zero_state(params, B) if state is None else cell.check_state(params, state, B)]
    alive = _alive(lengths, T, B)
    ys = []
    for t, x in enumerate(_cleared(alive, xs)):
        y, state = cell.step(params, x, states[-1])
        ys.append(_where(alive, t, y, np.zeros_like(y)))
        states.append(cell.State(*(_where(alive, t, *pair) for pair in zip(state, states[-1], strict=True))))
    return np.stack(ys), states


def bptt(cell, params, xs, states, d_ys, d_state=None, lengths=None):
    """Backpropagation through time: the gradient of a loss with respect to everything `unroll` read.

    xs (T, B, D), states (a list of T + 1) and lengths as `unroll` took and returned them; d_ys (T, B, H) says how the
    loss changes with each output, d_state how it changes with the last state (zeros when None). Returns d_params
    (like params), d_xs (like xs) and d_states (a list of T + 1 like states: d_states[t] is the gradient that reaches
    the state after step t from all later steps; what its own output adds, d_ys[t - 1], is not in it). Werbos (1990).
    """
    T, B, _ = xs.shape
    check_array("d_ys", d_ys, (T, B, len(params["W_hh"])))
    if len(states) != T + 1:
        raise ValueError(f"states: expected T + 1 = {T + 1} states as unroll returns them, got {len(states)}")
    last = cell.zero_state(params, B) if d_state is None else cell.check_state(params, d_state, B, "d_state")
    alive = _alive(lengths, T, B)
    xs, d_ys = _cleared(alive, xs), _cleared(alive, d_ys)
    d_as, d_states = [None] * T, [None] * T + [last]
    for t in reversed(range(T)):
        after = d_states[t + 1]
        d_a, before = cell.step_grad(params, xs[t], states[t], states[t + 1], d_ys[t], after)
        d_as[t] = _where(alive, t, d_a, np.zeros_like(d_a))
        d_states[t] = cell.State(*(_where(alive, t, *pair) for pair in zip(before, after, strict=True)))
    d_as = np.stack(d_as)
    d_params = cell.weight_grads(params, xs, stacked(states[:-1]), stacked(states[1:]), d_as)
    return d_params, d_as @ params["W_ih"].T, d_states


def truncated_bptt(cell, params, xs, states, d_ys, steps):
    """As `bptt`, but the gradient stops at every border between windows of `steps` steps: the state crosses it, the
    gradient does not. Returns d_params and d_xs. Williams & Peng (1990)."""
    starts = range(0, len(xs), check_size("steps", steps))
    windows = [slice(start, start + steps) for start in starts]
    parts = [bptt(cell, params, xs[w], states[w.start : w.stop + 1], d_ys[w]) for w in windows]
    d_params = {name: sum(part[0][name] for part in parts) for name in parts[0][0]}
    return d_params, np.concatenate([d_xs for _, d_xs, _ in parts])


def stacked(states):
    """A list of states as one State of arrays (T, B, H)."""
    return type(states[0])(*(np.stack(arrays) for arrays in zip(*states, strict=True)))


def _alive(lengths, T, B):
    """(T, B, 1), True where a step belongs to its sequence; None when all do."""
    return None if lengths is None else np.arange(T)[:, None, None] < check_lengths(lengths, T, B)[:, None]


def _cleared(alive, xs):
    """xs with zeros in the padding: a huge number there would overflow, and infinity times a zero gradient is NaN."""
    return xs if alive is None else xs * alive


def _where(alive, t, live, padded):
    return live if alive is None else np.where(alive[t], live, padded)
