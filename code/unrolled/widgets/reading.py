"""What the pictures share in which the trained network of `trained` reads a text."""

import traitlets

from unrolled import trained
from unrolled.widgets.living import Picture

LONGEST = 200


class ReadsText(Picture):
    """A picture with a text of 1 to 200 characters; those that the plays never use are shown and skipped.

    t: the chosen character, from 1, among those that are read.
    """

    files = {"characters": trained.for_page}  # noqa: RUF012
    text = traitlets.Unicode().tag(sync=True)
    t = traitlets.Int(1).tag(sync=True)

    def known(self, text=None):
        """The characters of the text that the network reads."""
        alphabet = trained.characters().alphabet
        return "".join(c for c in (self.text if text is None else text) if c in alphabet)

    def everything(self, text=None):
        """All characters that are read; for a picture that writes, with what it wrote."""
        return self.known(text)

    @traitlets.validate("text")
    def _check_text(self, proposal):
        text = proposal["value"]
        if not 1 <= len(text) <= LONGEST:
            raise traitlets.TraitError(f"text: expected 1 to {LONGEST} characters, got {len(text)}")
        if not self.known(text):
            raise traitlets.TraitError(f"text: the network knows none of the characters of {text!r}")
        self.t = min(self.t, len(self.everything(text)))
        return text

    @traitlets.validate("t")
    def _check_t(self, proposal):
        t, n = proposal["value"], len(self.everything())
        if not 1 <= t <= n:
            raise traitlets.TraitError(f"t: expected a character from 1 to {n}, got {t}")
        return t
