"""The living picture of a trained network's gates."""

import numpy as np
import traitlets

from unrolled import readout, trained
from unrolled.widgets.reading import ReadsText

TEXT = (
    "BRUTUS:\nWhat a blunt fellow is this grown to be!\nHe was quick mettle when he went to school.\n\n"
    "CASSIUS:\nSo is he now in execution"
)


class ReadingGates(ReadsText):
    """A network of 128 LSTM units that has learned Shakespeare's plays reads a text: its gates at every character.

    text: 1 to 200 characters; those that the plays never use are shown and skipped. unit: 0 to 127, in the order of
    the weights. quantity: what is coloured, "f", "i", "o", "g" (the slides' C-tilde), "C" or "h". t: the chosen
    character, from 1, among those that are read.
    measures: n, how many are read; loss, mean of -log p in nats from the second character on (0 for a single one);
    value, C_unit and h_unit of the chosen unit at t, C_unit_last and h_unit_last at the end; f_mean, i_mean, o_mean
    and C_mean over the text; p_top, the probability of the likeliest character after t.
    Raises TraitError that names the argument. Slides "LSTM: Core Idea".
    """

    controls = ("text", "unit", "quantity", "t")
    words = "a trained LSTM's gates while it reads your text. Run this cell to type."

    text = traitlets.Unicode(TEXT).tag(sync=True)
    unit = traitlets.Int(81).tag(sync=True)
    quantity = traitlets.Enum(["f", "i", "o", "g", "C", "h"], "C").tag(sync=True)

    @traitlets.validate("unit")
    def _check_unit(self, proposal):
        H = len(trained.characters().params["W_hh"])
        if not 0 <= proposal["value"] < H:
            raise traitlets.TraitError(f"unit: expected a number from 0 to {H - 1}, got {proposal['value']}")
        return proposal["value"]

    def measured(self):
        network, text, unit, t = trained.characters(), self.known(), self.unit, self.t - 1
        read = trained.read(network, text)
        own = {name: getattr(read, name)[:, unit] for name in ("i", "f", "g", "o", "C", "h")}
        numbers = {"n": len(text), "loss": trained.loss(network, text) if len(text) > 1 else 0.0}
        numbers |= {"value": own[self.quantity][t], "C_unit": own["C"][t], "h_unit": own["h"][t]}
        numbers |= {"C_unit_last": own["C"][-1], "h_unit_last": own["h"][-1]}
        numbers |= {f"{name}_mean": np.mean(own[name]) for name in ("f", "i", "o", "C")}
        numbers["p_top"] = readout.softmax(read.logits[t]).max()
        return {name: float(value) if name != "n" else value for name, value in numbers.items()}
