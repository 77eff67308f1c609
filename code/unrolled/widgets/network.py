"""The living picture of an unrolled network: it folds into one cell with a loop and unrolls again."""

import traitlets

from unrolled.widgets.living import Picture, weight


class UnrolledNetwork(Picture):
    """A recurrent network of one unit and one output, folded into a cell with a loop or unrolled over 1 to 8 steps.

    h(t) = g(w_I x(t) + w_R h(t-1) + b_h), y(t) = w_y h(t) + b_y. w_I, w_R, w_y, b_h, b_y: the five numbers that all
    steps share. activation: g, "tanh" or "relu". x: 1 to 8 inputs. t: the step that is marked. folded: how it is drawn.
    A menu sets what is worth trying, and a sentence says what follows from the settings.
    measures: the weights, T, h1 ... hT, y1 ... yT and y_last.
    Raises TraitError as RecurrentNeuron does. Slides "Unrolling an RNN through time into An ANN".
    """

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
