"""The living picture of sizes: every array of a forward pass as a box."""

import math

import traitlets

from unrolled.rnn import RNN
from unrolled.widgets.living import Living

LARGEST = {"T": 100, "B": 200, "D": 200, "H": 200, "V": 100, "layers": 3}
SECOND_BIAS = ("pytorch", "batch_first")  # nn.RNN has two, which are added


class Shapes(Living):
    """Every array of a forward pass through recurrent layers and a readout, as a box with its shape and its size.

    T, B, D, H, V: steps, sequences, inputs, units, outputs. layers: 1 to 3. bidirectional: do two networks read, one
    from each end? library: "book", "pytorch", "batch_first" (nn.RNN with batch_first=True) or "keras": the order of the
    axes, the names, and in PyTorch a second bias.
    measures: the sizes; layers and directions; W_ih1, W_hh1, b1 and so on, how many numbers these arrays of layer 1
    hold, both directions together; W_hy and b_y; parameters, all of them; xs, ys1 ..., logits and h_n, the numbers that
    are computed.
    Raises TraitError that names the argument. Slides "Unrolling an RNN through time into An ANN" and "Manual".
    """

    controls = ("T", "B", "D", "H", "V", "layers", "bidirectional", "library")
    words = "every array of a forward pass as a box with its shape. Run this cell to change the sizes."

    T, B, D, H, V, layers = (traitlets.Int(default).tag(sync=True) for default in (6, 4, 3, 5, 2, 1))
    bidirectional = traitlets.Bool(False).tag(sync=True)
    library = traitlets.Enum(["book", "pytorch", "batch_first", "keras"], "book").tag(sync=True)

    @traitlets.validate(*LARGEST)
    def _check_size(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if not 1 <= value <= LARGEST[name]:
            raise traitlets.TraitError(f"{name}: expected a whole number from 1 to {LARGEST[name]}, got {value}")
        return value

    def measured(self):
        T, B, H, directions = self.T, self.B, self.H, 1 + self.bidirectional
        own = {name: getattr(self, name) for name in LARGEST} | {"directions": directions}
        learned, computed = {}, {"xs": T * B * self.D}
        for layer in range(1, self.layers + 1):
            inputs = self.D if layer == 1 else H * directions
            for name, shape in RNN().shapes(inputs, H).items():
                biases = 2 if name == "b" and self.library in SECOND_BIAS else 1
                learned[f"{name}{layer}"] = directions * biases * math.prod(shape)
            computed[f"ys{layer}"] = T * B * H * directions
        learned |= {"W_hy": H * directions * self.V, "b_y": self.V}
        computed |= {"logits": T * B * self.V, "h_n": self.layers * directions * B * H}
        return own | learned | {"parameters": sum(learned.values())} | computed
