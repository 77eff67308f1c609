"""What all cells share: how params are laid out, where the state starts, and the weights' part of backpropagation.

A cell is described by `shapes`. W_ih (D, kH), W_hh (H, kH) and b (kH,) hold k blocks of H columns side by side, one
block for each gate, in the order of the cell's `Gates`.
"""

import numpy as np

from unrolled.arguments import check_array, check_rng, check_size
from unrolled.initializers import glorot_uniform, orthogonal


class Cell:
    """The base of every cell."""

    State = None  # the NamedTuple of arrays (B, H) that the cell hands on
    blocks = 1  # k

    def shapes(self, input_size, hidden_size):
        """The shape of each array of params, as a dict."""
        D, H, k = check_size("input_size", input_size), check_size("hidden_size", hidden_size), self.blocks
        return {"W_ih": (D, k * H), "W_hh": (H, k * H), "b": (k * H,)}

    def number_of_parameters(self, input_size, hidden_size):
        """How many numbers the cell learns."""
        return sum(int(np.prod(shape)) for shape in self.shapes(input_size, hidden_size).values())

    def init(self, rng, input_size, hidden_size, dtype=np.float64, W_ih=glorot_uniform, W_hh=orthogonal):
        """Draw params: each block of W_ih by `W_ih`, of W_hh by `W_hh` (functions of `initializers`); b zero."""
        D, H, k = check_size("input_size", input_size), check_size("hidden_size", hidden_size), self.blocks
        check_rng(rng)
        params = {name: np.zeros(shape, dtype) for name, shape in self.shapes(D, H).items()}
        params["W_ih"][...] = np.concatenate([W_ih(rng, D, H) for _ in range(k)], axis=1)
        params["W_hh"][...] = np.concatenate([W_hh(rng, H, H) for _ in range(k)], axis=1)
        return params

    def check_params(self, params):
        """Return `params` if they are those of this cell, else raise KeyError, TypeError or ValueError."""
        missing = sorted({"W_ih", "W_hh", "b"} - set(params))
        if missing:
            raise KeyError(f"params: {missing[0]} is missing; {type(self).__name__}.init makes all of them")
        for name in ("W_ih", "W_hh"):
            check_array(f'params["{name}"]', params[name], ("rows", "columns"))
        for name, shape in self.shapes(len(params["W_ih"]), len(params["W_hh"])).items():
            if name not in params:
                raise KeyError(f"params: {name} is missing; {type(self).__name__}.init makes all of them")
            check_array(f'params["{name}"]', params[name], shape, params["W_hh"].dtype)
        return params

    def zero_state(self, params, batch_size):
        """The state before the first step: zeros of shape (B, H)."""
        shape = check_size("batch_size", batch_size), len(params["W_hh"])
        return self.State(*(np.zeros(shape, params["W_hh"].dtype) for _ in self.State._fields))

    def check_state(self, params, state, batch_size, name="state"):
        """Return `state` if its arrays have shape (B, H), else raise TypeError or ValueError."""
        if not isinstance(state, self.State):
            fields = ", ".join(self.State._fields)
            raise TypeError(f"{name}: expected a State with {fields}, got {type(state).__name__}")
        for field, array in state._asdict().items():
            check_array(f"{name}.{field}", array, (batch_size, len(params["W_hh"])), params["W_hh"].dtype)
        return state

    def weight_grads(self, params, xs, before, after, d_as):
        """The gradient of params: all steps share the weights, so it is a sum over all T·B rows, one product each.

        xs (T, B, D); before, after: a State each, of arrays (T, B, H), around every step; d_as (T, B, kH).
        """
        return {
            "W_ih": rows(xs).T @ rows(d_as),
            "W_hh": rows(before.h).T @ rows(d_as),
            "b": rows(d_as).sum(axis=0),
        }


def rows(array):
    """(T, B, N) as T·B rows of N numbers."""
    return array.reshape(-1, array.shape[-1])
