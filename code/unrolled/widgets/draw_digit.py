"""The living picture of a network that reads a drawn digit row by row."""

import functools
import re

import numpy as np
import traitlets

from unrolled import row_reader
from unrolled.tasks import digits
from unrolled.widgets.living import Living, between

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOVED = 5  # pixels


def encoded(image):
    """A drawing (28, 28) with ink 0 to 255 as `drawing` holds it.

    Row by row a hexadecimal digit for each pixel, its ink in 16 levels, and a letter for 2 to 21 pixels of bare
    paper: g for 2, h for 3, up to z.
    """
    text = "".join(f"{level:x}" for level in np.rint(digits.check_image(image).ravel() / 17).astype(int))
    return re.sub("0{2,21}", lambda run: chr(ord("g") + len(run[0]) - 2), text)


@functools.cache
def examples():
    """The drawings that the picture offers, {name: text}: the first image of each digit in MNIST's test set.

    The last one, "moved", is the seven once more, 5 pixels further to the right.
    """
    images = row_reader.examples()
    moved = np.roll(images[7], MOVED, axis=1)
    return dict(zip((*NAMES, "moved"), map(encoded, (*images, moved)), strict=True))


def decoded(text):
    """The drawing, (28, 28) numbers from 0 to 255, of this name or that `encoded` wrote.

    Raises ValueError, naming `drawing`.
    """
    text = examples().get(text, text)
    wanted = f"drawing: expected one of {', '.join(examples())}, or 784 pixels as `encoded` writes them"
    if strange := re.search("[^0-9a-z]", text):
        raise ValueError(f"{wanted}; got {strange[0]!r} at {strange.start()}")
    levels = re.sub("[g-z]", lambda run: "0" * (ord(run[0]) - ord("g") + 2), text)
    if len(levels) != 784:
        raise ValueError(f"{wanted}; got {text[:20]!r}, {len(levels)} pixels")
    return 17 * np.array([int(level, 16) for level in levels], np.uint8).reshape(28, 28)


def for_page():
    return row_reader.for_page() | {"examples": examples()}


class DrawDigit(Living):
    """A network of 64 LSTM units reads a digit that is drawn, row by row, and says after each row what it believes.

    drawing: the name of one of `examples`, or 28 x 28 pixels as `encoded` writes them. place: "centred", the drawing is
    first brought to the size and the place that MNIST's digits have, or "drawn", it is read as it is. t: the row that
    is looked at, 1 to 28.
    measures: p_0 to p_9, what is believed after row t, with its entropy in nats; now, the likeliest digit then;
    answer, the likeliest after all 28; decided, the row from which on the likeliest digit is the answer.
    Raises TraitError that names the argument. Slide "Sequence Classifier".
    """

    files = {"row_reader": for_page}  # noqa: RUF012 the same for all of them
    controls = ("drawing", "place", "t")
    words = "draw a digit and see what a network believes after each row of it. Run this cell to draw."

    drawing = traitlets.Unicode("three").tag(sync=True)
    place = traitlets.Enum(["centred", "drawn"], "centred").tag(sync=True)
    t = traitlets.Int(14).tag(sync=True)

    _limits = between(t=(1, 28))

    @traitlets.validate("drawing")
    def _check_drawing(self, proposal):
        try:
            decoded(proposal["value"])
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None
        return proposal["value"]

    def image(self):
        """What the network reads, (28, 28) bytes."""
        drawn = decoded(self.drawing)
        return digits.fitted(drawn) if self.place == "centred" else drawn

    def measured(self):
        beliefs = row_reader.read(self.image()[None]).p[:, 0]
        p = beliefs[self.t - 1]
        numbers = {f"p_{digit}": float(share) for digit, share in enumerate(p)}
        numbers["entropy"] = float(-(p * np.log(np.maximum(p, 1e-300))).sum())
        numbers |= {"now": int(p.argmax()), "answer": int(beliefs[-1].argmax())}
        return numbers | {"decided": row_reader.decided(beliefs)}
