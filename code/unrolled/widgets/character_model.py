"""The living picture of a language model: it reads what is typed, says what comes next, and writes on."""

import math

import numpy as np
import traitlets

from unrolled import readout, trained
from unrolled.lstm import State
from unrolled.widgets.living import between
from unrolled.widgets.reading import ReadsText

MOST = 300  # characters written
V = 62


def mulberry32(seed, n):
    """The n-th number, from 0, of the generator mulberry32 with this seed: at least 0 and below 1.

    The generator adds a constant to its state and scrambles it, so any number of its sequence can be had at once, and
    JavaScript computes the same 32 bits. T. Ettinger (2017), public domain.
    """
    a = (seed + (n + 1) * 0x6D2B79F5) % 2**32
    t = (a ^ a >> 15) * (a | 1) % 2**32
    t = (t + (t ^ t >> 7) * (t | 61)) % 2**32 ^ t
    return (t ^ t >> 14) / 2**32


def tempered(logits, temperature, k):
    """softmax(logits / temperature) over the k largest logits, (V,); temperature 0 gives all to the largest."""
    order = np.argsort(-logits, kind="stable")[: k if temperature else 1]
    q = np.zeros(len(logits))
    q[order] = readout.softmax(logits[order] / temperature) if temperature else 1
    return q


class CharacterModel(ReadsText):
    """A network of 128 LSTM units that has learned Shakespeare's plays reads a text and writes it on.

    text: as ReadingGates has it. written: what was written after it, 0 to 300 characters. temperature: 0 to 2; 0 takes
    the likeliest character. k: 1 to 62, only the k likeliest characters may be written. seed: 0 to 2^31 - 1, of the
    generator mulberry32; the character that comes after n others is drawn with the generator's n-th number. t: the
    chosen character, the last one when text or written change.
    measures: n, how many characters are read; loss, mean of -log p in nats from the second on (0 for a single one),
    bits and perplexity, the same; of the distribution after t, at this temperature and k: p_top, entropy in nats, next,
    the number of the character that this seed would draw; h_mean, the mean of |h| after t.
    Raises TraitError that names the argument. Slides "What is it good for?".
    """

    controls = ("text", "written", "temperature", "k", "seed", "t")
    words = "a trained language model reads your text and writes on. Run this cell to type."

    text = traitlets.Unicode("JULIET:\nO Romeo, Romeo! wherefore art thou").tag(sync=True)
    written = traitlets.Unicode().tag(sync=True)
    temperature = traitlets.Float(0.8).tag(sync=True)
    k = traitlets.Int(V).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    _limits = between(temperature=(0, 2), k=(1, V), seed=(0, 2**31 - 1))

    def __init__(self, **settings):
        super().__init__(**settings)
        if "t" not in settings:
            self.t = len(self.everything())
        self.observe(self._to_the_end, ("text", "written"))

    def _to_the_end(self, change):
        if change.name == "text":
            self.written = ""
        self.t = len(self.everything())

    def everything(self, text=None):
        return self.known(text) + self.written

    @traitlets.validate("written")
    def _check_written(self, proposal):
        written = proposal["value"]
        if len(written) > MOST or self.known(written) != written:
            raise traitlets.TraitError(f"written: expected up to {MOST} characters of the plays, got {written!r}")
        self.t = min(self.t, len(self.known()) + len(written))
        return written

    def draw(self, logits, n):
        """The number of the character that comes after n others whose logits these are."""
        p = tempered(logits, self.temperature, self.k)
        exceeds = mulberry32(self.seed, n) < np.cumsum(p)
        return int(exceeds.argmax() if exceeds.any() else np.flatnonzero(p)[-1])

    def write(self, count=1):
        """Write `count` characters more, as the buttons do; returns all that is written."""
        network, text = trained.characters(), self.everything()
        read, new = trained.read(network, text), ""
        for n in range(len(text), len(text) + count):
            new += network.alphabet[self.draw(read.logits[-1], n)]
            read = trained.read(network, new[-1], State(h=read.h[-1:], c=read.C[-1:]))
        self.written += new
        return self.written

    def measured(self):
        network, text = trained.characters(), self.everything()
        read = trained.read(network, text)
        logits, h = read.logits[self.t - 1], read.h[self.t - 1]
        p = tempered(logits, self.temperature, self.k)
        loss = 0.0
        if len(text) > 1:
            loss = readout.cross_entropy(read.logits[:-1], trained.encode(text[1:], network.alphabet))[0]
        entropy = -sum(value * math.log(value) for value in p if value > 0)
        numbers = {"n": len(text), "loss": loss, "bits": loss / math.log(2), "perplexity": math.exp(loss)}
        numbers |= {"p_top": float(p.max()), "entropy": float(entropy), "h_mean": float(abs(h).mean())}
        return numbers | {"next": self.draw(logits, self.t)}
