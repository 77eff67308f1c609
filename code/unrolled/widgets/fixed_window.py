"""The living picture of the chapter that asks why there are recurrent networks."""

import re

import numpy as np
import traitlets

from unrolled.rnn import RNN
from unrolled.sequence import unroll
from unrolled.widgets.living import Picture, weight

TEXT = "the KEYS that she left in my old red car last week are gone"
MOST, LONGEST, WIDEST = 24, 200, 12  # words, characters, places in the window


def split(text):
    """The words between blanks and line breaks."""
    return [word for word in re.split("[ \t\r\n]+", text) if word]


def word_number(word):
    """What stands for a word: 1 if it is in capitals (two of them at least, and no small letter); else -0.06 to 0.06,
    from the sum of its characters' code points."""
    if re.search("[A-Z].*[A-Z]", word) and not re.search("[a-z]", word):
        return 1.0
    return (sum(map(ord, word)) % 13 - 6) / 100


class FixedWindow(Picture):
    """A sentence is read by a window of k words and by one recurrent unit.

    The unit: h(t) = tanh(w_I x(t) + w_R h(t-1)), h(0) = 0. text: 1 to 24 words, 200 characters at most; a word's number
    is `word_number`. k: the window's width, 1 to 12. t: how many words are read. s: the word that is asked about.
    measures: n words, t, k; seen, unseen and padding, the words read that stand in the window, those that have left it,
    and the window's empty places; weights_window, weights_state, the weights of one unit of either; x1 ... xn and
    h1 ... hn; act1 ... actn, by how much h(t) changes when that word's number is 0, nothing for words not yet read; act
    and without, for word s, that change and the h(t) after it; h_now; h_max, the largest of |h1| ... |ht|.
    Raises TraitError that names the argument. Slides "Recurrent Neural Networks: why?".
    """

    controls = ("text", "k", "t", "s", "w_I", "w_R")
    words = "a sentence read by a fixed window and by a recurrent unit. Run this cell to drive it."

    text = traitlets.Unicode(TEXT).tag(sync=True)
    k = traitlets.Int(4).tag(sync=True)
    t = traitlets.Int(12).tag(sync=True)
    s = traitlets.Int(2).tag(sync=True)
    w_I, w_R = weight(0.4), weight(1.1)
    _finite = traitlets.validate("w_I", "w_R")(Picture._check_number)

    def __init__(self, **settings):
        if isinstance(settings.get("text"), str):
            n = max(len(split(settings["text"])), 1)
            settings = {"t": min(n, type(self).t.default_value), "s": min(n, type(self).s.default_value)} | settings
        super().__init__(**settings)
        for name in {"t", "s"} & set(settings):
            setattr(self, name, settings[name])  # checked once more, now that the text is known

    @traitlets.validate("text")
    def _check_text(self, proposal):
        text = proposal["value"]
        n = len(split(text))
        if not 1 <= n <= MOST or len(text) > LONGEST:
            limits = f"1 to {MOST} words, {LONGEST} characters at most"
            raise traitlets.TraitError(f"text: expected {limits}, got {n} words, {len(text)} characters")
        for name in ("t", "s"):
            if getattr(self, name) > n:
                setattr(self, name, n)
        return text

    @traitlets.validate("t", "s")
    def _check_word(self, proposal):
        name, value, n = proposal["trait"].name, proposal["value"], max(len(split(self.text)), 1)
        if not 1 <= value <= n:
            raise traitlets.TraitError(f"{name}: expected a word from 1 to {n}, got {value}")
        return value

    @traitlets.validate("k")
    def _check_k(self, proposal):
        if not 1 <= proposal["value"] <= WIDEST:
            raise traitlets.TraitError(f"k: expected a width from 1 to {WIDEST}, got {proposal['value']}")
        return proposal["value"]

    def measured(self):
        x, t, k = np.array([word_number(word) for word in split(self.text)]), self.t, self.k
        n = len(x)
        xs = np.repeat(x[:, None], n + 1, axis=1)  # (T, B): read as it is, and once without each word
        xs[range(n), range(1, n + 1)] = 0
        params = {"W_ih": np.array([[self.w_I]]), "W_hh": np.array([[self.w_R]]), "b": np.zeros(1)}
        hs = unroll(RNN(), params, xs[:, :, None])[0][:, :, 0]  # (T, B)
        h, now = hs[:, 0], hs[t - 1]
        act = abs(now[0] - now[1:])
        numbers = {"n": n, "t": t, "k": k, "seen": min(k, t), "unseen": max(t - k, 0), "padding": max(k - t, 0)}
        numbers |= {"weights_window": k, "weights_state": 2}
        series = {"x": x, "h": h, "act": act}
        numbers |= {f"{name}{i}": float(v) for name, values in series.items() for i, v in enumerate(values, start=1)}
        numbers |= {"act": float(act[self.s - 1]), "without": float(now[self.s])}
        return numbers | {"h_now": float(now[0]), "h_max": float(abs(h[:t]).max())}
