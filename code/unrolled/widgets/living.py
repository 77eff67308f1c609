"""What every living picture is in Python: its controls are traits, and its numbers come from `unrolled`."""

import anywidget
import numpy as np
import traitlets

from unrolled.rnn import RNN
from unrolled.sequence import unroll
from unrolled.widgets.module import lighting, module, script, sheets, style

LARGEST = 1000  # of a weight or an input: 28 steps of ReLU then still fit a float


def sensible(value):
    return isinstance(value, int | float) and abs(value) <= LARGEST


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


class Living(anywidget.AnyWidget):
    """A living picture. Its controls are traits; `measures` holds what it computes, a dict of numbers.

    Its JavaScript lies beside its Python, in a file of the same name.
    """

    measures = traitlets.Dict().tag(sync=True)
    controls = ()
    files = {}  # noqa: RUF012 what its JavaScript asks for when it starts: {name: function that makes it}
    words = ""  # what it is, for those who get neither picture nor kernel

    def __init_subclass__(cls, **kwargs):
        if "_esm" not in vars(cls) and (file := script(cls)).exists():
            cls._esm, cls._css = module(file), style(*sheets(file)) + lighting()
        super().__init_subclass__(**kwargs)

    def __init__(self, **settings):
        unknown = sorted(set(settings) - set(self.controls))
        if unknown:
            raise TypeError(f"{unknown[0]}: {type(self).__name__} has {', '.join(self.controls)}")
        super().__init__(**settings)
        self.observe(lambda _: self.set_trait("measures", self.measured()), self.controls)
        self.measures = self.measured()
        self.on_msg(self._answer)

    def _answer(self, _, content, buffers):
        name = content.get("name") if content.get("type") == "file" else None
        if name in self.files:
            self.send({"type": "file", "name": name, "file": self.files[name]()})

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
