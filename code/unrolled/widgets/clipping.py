"""The living picture of the chapter on remedies."""

import math

import numpy as np

from unrolled.optim import clip_by_norm, clip_by_value, global_norm
from unrolled.widgets.living import Living, between, weight


class Clipping(Living):
    """A gradient of two entries, clipped by its norm and by value, side by side.

    first, second: its entries, -6 to 6. threshold: of both ways to clip, 0.1 to 6.
    measures: the three settings; length; norm1, norm2 and norm_length, clipped by norm; value1, value2 and
    value_length, clipped by value; turned, the angle in degrees by which clipping by value has turned it (0 when the
    gradient is 0).
    Raises TraitError that names the argument. Slides "Exploding gradients: clip gradients at threshold".
    """

    controls = ("first", "second", "threshold")
    words = "a gradient clipped by its norm and by value. Run this cell to drive it."

    first, second, threshold = weight(5.0), weight(1.0), weight(2.0)

    _limits = between(first=(-6, 6), second=(-6, 6), threshold=(0.1, 6))

    def measured(self):
        g = {"g": np.array([self.first, self.second])}
        by_norm, length = clip_by_norm(g, self.threshold)
        by_value = clip_by_value(g, self.threshold)
        numbers = {"first": self.first, "second": self.second, "threshold": self.threshold, "length": length}
        for name, clipped in (("norm", by_norm), ("value", by_value)):
            numbers |= {f"{name}1": clipped["g"][0], f"{name}2": clipped["g"][1]}
            numbers |= {f"{name}_length": global_norm(clipped)}
        (a, b), (c, d) = g["g"], by_value["g"]
        numbers["turned"] = math.degrees(math.atan2(abs(a * d - b * c), a * c + b * d))
        return {name: float(value) for name, value in numbers.items()}
