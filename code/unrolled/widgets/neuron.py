"""The living picture of one recurrent neuron: a number on every wire, and its state over all steps."""

import traitlets

from unrolled.widgets.living import Picture, weight


class RecurrentNeuron(Picture):
    """One recurrent neuron, h(t) = g(w_I x(t) + w_R h(t-1) + b) from h(0) = 0, with a number on every wire.

    w_I, w_R, b: its weights. activation: g, "tanh" or "relu". x: 1 to 28 inputs. t: the step that is shown.
    measures: the weights, T, h1 ... hT, h_last, and h_max, the largest |h|.
    Raises TraitError that names the argument for a wrong type, a number that is not finite, a step out of range.
    Slides "Recurrent Neuron".
    """

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
