"""The living picture of the chapter on vanishing and exploding gradients."""

import math

import numpy as np
import traitlets

from unrolled.activations import ACTIVATIONS
from unrolled.initializers import orthogonal
from unrolled.optim import clip_by_norm
from unrolled.rnn import RNN, State
from unrolled.sequence import bptt, stacked, unroll
from unrolled.widgets.living import Picture, between, weight

SEED, H = 6, 8
NEAR, FAR = 5, 20  # steps back at which a term of the weights' gradient counts as less near, and as far
NOTHING = -400.0  # stands for log10(0): a gradient that is exactly 0


def noise(T):
    """T numbers between -1 and 1 that are always the same."""
    return [round(10 * math.sin(5 * t * t)) / 10 + 0.0 for t in range(1, T + 1)]


def network():
    """The numbers that are not moved, as lists: W_ih, v, and two matrices W_hh of spectral radius 1 with their norm."""
    rng = np.random.default_rng(SEED)
    W_ih, v = rng.uniform(-1, 1, H), rng.normal(size=H)
    numbers = {"W_ih": W_ih.tolist(), "v": (v / np.linalg.norm(v)).tolist()}
    for name, W in {"orthogonal": orthogonal(rng, H, H), "random": rng.normal(size=(H, H))}.items():
        W = W / np.abs(np.linalg.eigvals(W)).max()
        numbers |= {name: W.tolist(), f"{name}_norm": np.linalg.norm(W, 2)}
    return numbers


NETWORK = network()


class GradientDistance(Picture):
    """How far back a gradient reaches in a network of 8 units, and where float32 loses it.

    The loss is L = v · h(T) with |v| = 1, so that a gradient of size 1 arrives at the last state. The numbers of the
    network are drawn with seed 6 and given to the page as they are. matrix: W_R is "random" (normal numbers) or
    "orthogonal". radius: its spectral radius, 0.2 to 2. activation: "tanh", "relu" or "linear". x: 1 to 100 inputs,
    which `strength`, 0 to 2, multiplies. clip, threshold: is the gradient of W_R clipped, and at which norm, 0.1 to
    10. t: how many steps back is looked at. scale: what the plot shows, "near" (1e-10 to 1e10) or "float32".
    measures: T, radius, strength; clip, 1 or 0; norm, the largest singular value of W_R; slope, the mean of g' over
    steps and units; log10_0 ... log10_T, of the gradient's norm at the state k steps back (-400 when it is exactly
    0); half, the first k at which the norm is below one half, T + 1 when there is none; weights and clipped, the norm
    of dL/dW_R before and after; near, middle and far, the shares of the sizes of its terms up to 4, 5 to 19, and from
    20 steps back (all 0 when no term is left); lost, how many of its T - 1 terms are too small to change the sum in
    float32.
    Raises TraitError as RecurrentNeuron does. Slides "Vanishing/Exploding Gradient".
    """

    controls = ("matrix", "radius", "activation", "strength", "clip", "threshold", "scale", "x", "t")
    words = "the size of a gradient against the number of steps back. Run this cell to drive it."
    most = 100

    network = traitlets.Dict(NETWORK, read_only=True).tag(sync=True)
    matrix = traitlets.Enum(["orthogonal", "random"], "random").tag(sync=True)
    radius, strength, threshold = weight(1.2), weight(1.0), weight(1.0)
    activation = traitlets.Enum(sorted(ACTIVATIONS), "tanh").tag(sync=True)
    clip = traitlets.Bool(False).tag(sync=True)
    scale = traitlets.Enum(["float32", "near"], "near").tag(sync=True)
    t = traitlets.Int(1).tag(sync=True)
    x = traitlets.List(noise(60)).tag(sync=True)

    _limits = between(radius=(0.2, 2), strength=(0, 2), threshold=(0.1, 10))

    def measured(self):
        cell, T = RNN(self.activation), len(self.x)
        W_hh = self.radius * np.array(NETWORK[self.matrix])
        params = {"W_ih": np.array([NETWORK["W_ih"]]), "W_hh": W_hh, "b": np.zeros(H)}
        xs = self.strength * np.array(self.x)[:, None, None]
        ys, states = unroll(cell, params, xs)
        d_params, _, d_states = bptt(cell, params, xs, states, np.zeros_like(ys), State(np.array([NETWORK["v"]])))
        d_hs, hs = stacked(d_states).h[:, 0], stacked(states).h[:, 0]  # (T + 1, H)
        slopes = ACTIVATIONS[self.activation][1](hs[1:])
        norms = np.linalg.norm(d_hs, axis=1)[::-1]  # [k] is k steps back
        terms = (np.linalg.norm(d_hs[1:] * slopes, axis=1) * np.linalg.norm(hs[:-1], axis=1))[::-1]
        clipped, total = clip_by_norm({"W_hh": d_params["W_hh"]}, self.threshold if self.clip else np.inf)
        small = np.flatnonzero(norms < 0.5)
        parts = {"near": terms[:NEAR], "middle": terms[NEAR:FAR], "far": terms[FAR:]}
        numbers = {"T": T, "radius": self.radius, "strength": self.strength, "clip": self.clip}
        numbers |= {"norm": self.radius * NETWORK[f"{self.matrix}_norm"]}
        numbers |= {f"log10_{k}": math.log10(n) if n > 0 else NOTHING for k, n in enumerate(norms)}
        numbers |= {"slope": slopes.mean(), "half": small[0] if len(small) else T + 1, "weights": total}
        numbers |= {"clipped": np.linalg.norm(clipped["W_hh"])}
        numbers |= {name: part.sum() / terms.sum() if terms.sum() else 0.0 for name, part in parts.items()}
        numbers["lost"] = (terms[: T - 1] < 2.0**-24 * total).sum() if total else T - 1
        return {name: float(value) for name, value in numbers.items()}
