"""The living pictures of the chapters on recurrence."""

import anywidget
import numpy as np
import traitlets

from unrolled.rnn import RNN
from unrolled.sequence import unroll
from unrolled.widgets.module import HERE, module, style

LARGEST = 1000  # of a weight or an input: 28 steps of ReLU then still fit a float


def sensible(value):
    return isinstance(value, int | float) and abs(value) <= LARGEST


class Living(anywidget.AnyWidget):
    """A living picture. Its controls are traits; `measures` holds what it computes, a dict of numbers."""

    _css = style(HERE / "widgets.css")
    measures = traitlets.Dict().tag(sync=True)
    controls = ()
    words = ""  # what it is, for those who get neither picture nor kernel

    def __init__(self, **settings):
        unknown = sorted(set(settings) - set(self.controls))
        if unknown:
            raise TypeError(f"{unknown[0]}: {type(self).__name__} has {', '.join(self.controls)}")
        super().__init__(**settings)
        self.observe(lambda _: self.set_trait("measures", self.measured()), self.controls)
        self.measures = self.measured()

    def measured(self):
        """What the picture shows as a dict of numbers, computed by `unrolled`."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": f"Living picture: {self.words}"}, metadata


class Picture(Living):
    """One that walks through the steps of an input: x, a list of numbers, and t, the step that is shown."""

    most = 1  # steps

    def __init__(self, **settings):
        super().__init__(**settings)
        self.t = self.t  # checked once more, now that x is known

    @traitlets.validate("x")
    def _check_x(self, proposal):
        x = proposal["value"]
        if not 1 <= len(x) <= self.most or not all(map(sensible, x)):
            raise traitlets.TraitError(f"x: expected 1 to {self.most} numbers of size {LARGEST} at most, got {x!r}")
        if self.t > len(x):
            self.t = len(x)
        return [float(value) for value in x]

    @traitlets.validate("t")
    def _check_t(self, proposal):
        t = proposal["value"]
        if not 1 <= t <= len(self.x):
            raise traitlets.TraitError(f"t: expected a step from 1 to {len(self.x)}, got {t}")
        return t

    def _check_number(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if not sensible(value):
            raise traitlets.TraitError(f"{name}: expected a number of size {LARGEST} at most, got {value}")
        return value

    def _states(self, b):
        """h(1) ... h(T) of one neuron with this bias, as a list."""
        params = {"W_ih": np.array([[self.w_I]]), "W_hh": np.array([[self.w_R]]), "b": np.array([b])}
        ys, _ = unroll(RNN(self.activation), params, np.array(self.x)[:, None, None])
        return ys[:, 0, 0].tolist()


def weight(default):
    return traitlets.Float(default).tag(sync=True)


def between(**limits):
    """Holds each of these traits between its limits, a pair of numbers."""

    def check(picture, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        low, high = limits[name]
        if not low <= value <= high:
            raise traitlets.TraitError(f"{name}: expected a number from {low} to {high}, got {value}")
        return value

    return traitlets.validate(*limits)(check)


class RecurrentNeuron(Picture):
    """One recurrent neuron, h(t) = g(w_I x(t) + w_R h(t-1) + b) from h(0) = 0, with a number on every wire.

    w_I, w_R, b: its weights. activation: g, "tanh" or "relu". x: 1 to 28 inputs. t: the step that is shown.
    measures: the weights, T, h1 ... hT, h_last, and h_max, the largest |h|.
    Raises TraitError that names the argument for a wrong type, a number that is not finite, a step out of range.
    Slides "Recurrent Neuron".
    """

    _esm = module(HERE / "drawing.js", HERE / "neuron.js")
    controls = ("w_I", "w_R", "b", "activation", "x", "t")
    words = "a recurrent neuron with a number on every wire, and its state over all steps. Run this cell to drive it."
    most = 28

    w_I, w_R, b = weight(1.0), weight(0.8), weight(0.0)
    activation = traitlets.Enum(["relu", "tanh"], "tanh").tag(sync=True)
    t = traitlets.Int(1).tag(sync=True)
    x = traitlets.List([1.0] + 11 * [0.0]).tag(sync=True)
    _finite = traitlets.validate("w_I", "w_R", "b")(Picture._check_number)

    def measured(self):
        h = self._states(self.b)
        named = {f"h{t}": value for t, value in enumerate(h, start=1)}
        own = {"w_I": self.w_I, "w_R": self.w_R, "b": self.b, "T": len(h)}
        return own | named | {"h_last": h[-1], "h_max": max(map(abs, h))}


class UnrolledNetwork(Picture):
    """A recurrent network of one unit and one output, folded into a cell with a loop or unrolled over 1 to 8 steps.

    h(t) = g(w_I x(t) + w_R h(t-1) + b_h), y(t) = w_y h(t) + b_y. w_I, w_R, w_y, b_h, b_y: the five numbers that all
    steps share. activation: g, "tanh" or "relu". x: 1 to 8 inputs. t: the step that is marked. folded: how it is drawn.
    A menu sets what is worth trying, and a sentence says what follows from the settings.
    measures: the weights, T, h1 ... hT, y1 ... yT and y_last.
    Raises TraitError as RecurrentNeuron does. Slides "Unrolling an RNN through time into An ANN".
    """

    _esm = module(HERE / "drawing.js", HERE / "network.js")
    controls = ("w_I", "w_R", "w_y", "b_h", "b_y", "activation", "x", "t", "folded")
    words = "a recurrent network that folds into one cell with a loop and unrolls again. Run this cell to drive it."
    most = 8

    w_I, w_R, w_y, b_h, b_y = weight(1.0), weight(0.8), weight(1.0), weight(0.0), weight(0.0)
    activation = traitlets.Enum(["relu", "tanh"], "tanh").tag(sync=True)
    t = traitlets.Int(1).tag(sync=True)
    x = traitlets.List([1.0, 0.0, -0.5, 0.0]).tag(sync=True)
    folded = traitlets.Bool(False).tag(sync=True)
    _finite = traitlets.validate("w_I", "w_R", "w_y", "b_h", "b_y")(Picture._check_number)

    def measured(self):
        h = self._states(self.b_h)
        y = [self.w_y * value + self.b_y for value in h]
        own = {name: getattr(self, name) for name in self.controls[:5]} | {"T": len(h)}
        named = {f"{name}{t}": v for name, values in (("h", h), ("y", y)) for t, v in enumerate(values, start=1)}
        return own | named | {"y_last": y[-1]}
