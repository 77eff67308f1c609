"""The networks that come with the book: their weights, and what the one that has read Shakespeare computes.

`benchmarks/characters.py` trained that one. 128 LSTM units read one character at a time and say which comes next. The
weights are stored as bytes, each column of a matrix with a scale of its own; the losses the book quotes are those of
these rounded weights. `benchmarks/time_series.py` trained the other, 32 ReLU units that forecast the slides' series.
"""

import base64
from functools import cache
from typing import NamedTuple

import numpy as np

from unrolled import readout, results
from unrolled.lstm import LSTM, State
from unrolled.sequence import stacked, unroll

NAMES = ("W_ih", "W_hh", "b", "W_hy", "b_y")
MOMENTS = (0, 50, 100, 200, 500, 1000, 2000)  # the updates after which the forecaster's weights were kept


class Network(NamedTuple):
    """params: W_ih (V, 4H), W_hh (H, 4H), b (4H,), the gates in the order i, f, g, o, then W_hy (H, V), b_y (V,)."""

    params: dict
    alphabet: str  # its V characters; the place of a character is its number


class Reading(NamedTuple):
    """What the network held after each of the T characters: arrays (T, H), and the logits of the next one, (T, V)."""

    i: np.ndarray
    f: np.ndarray
    g: np.ndarray  # the candidate, C-tilde
    o: np.ndarray
    C: np.ndarray
    h: np.ndarray
    logits: np.ndarray


def rounded(array):
    """A matrix as bytes and the scale of each of its columns: array is nearly bytes * scale."""
    scale = np.maximum(np.abs(array).max(axis=0), 1e-12) / 127 if array.ndim == 2 else np.abs(array).max() / 127
    return np.rint(array / scale).astype(np.int8), np.float32(scale)


def ship(file, params, **others):
    """Write params as bytes with a scale for each column, and other arrays as they are, to `file` among the results."""
    arrays = dict(others)
    for name in NAMES:
        arrays[name], arrays[f"{name}_scale"] = rounded(params[name])
    partial = (results.FOLDER / file).with_suffix(".partial")
    with partial.open("wb") as to:
        np.savez_compressed(to, **arrays)
    partial.replace(results.FOLDER / file)
    stored.cache_clear()


@cache
def stored(file):
    """The arrays of a result file: for each of NAMES its bytes and, under `name`_scale, their scale; and others."""
    with np.load(results.FOLDER / file, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def unrounded(arrays, dtype=np.float64):
    """The params of which `stored` holds the bytes; dtype is float64 or float32."""
    if np.dtype(dtype) not in (np.float64, np.float32):
        raise TypeError(f"dtype: expected float64 or float32, got {np.dtype(dtype)}")
    return {name: (arrays[name] * np.float64(arrays[f"{name}_scale"])).astype(dtype) for name in NAMES}


def characters(dtype=np.float64):
    """The trained network; dtype is that of its params, float64 or float32."""
    arrays = stored("characters.npz")
    return Network(unrounded(arrays, dtype), str(arrays["alphabet"]))


def forecaster(updates, dtype=np.float64):
    """The params of the forecaster of chapter 10 as they were after so many updates, one of MOMENTS."""
    if updates not in MOMENTS:
        raise ValueError(f"updates: expected one of {', '.join(map(str, MOMENTS))}, got {updates!r}")
    arrays = stored("time_series.npz")
    return {name: arrays[f"{updates}.{name}"].astype(dtype) for name in NAMES}


def encode(text, alphabet):
    """The numbers of a text's characters, (T,). Raises TypeError or ValueError for what the alphabet does not have."""
    if not isinstance(text, str):
        raise TypeError(f"text: expected a string, got {type(text).__name__}")
    if not text:
        raise ValueError("text: expected at least one character, got an empty string")
    foreign = sorted(set(text) - set(alphabet))
    if foreign:
        raise ValueError(
            f"text: the network has never seen {', '.join(map(repr, foreign))}; its alphabet: {alphabet!r}"
        )
    number = {character: k for k, character in enumerate(alphabet)}
    return np.array([number[character] for character in text])


def read(network, text, state=None):
    """Read a text from a zero state, or from `state`, and return everything the units did: a Reading."""
    p, lstm = network.params, LSTM()
    xs = np.eye(len(network.alphabet), dtype=p["W_ih"].dtype)[encode(text, network.alphabet)]  # (T, V), one-hot
    hs, states = unroll(lstm, p, xs[:, None], state)
    every = State(*(array[:, 0] for array in stacked(states)))  # (T + 1, H)
    gates = lstm.gates(p, xs, State(every.h[:-1], every.c[:-1]))  # all steps at once: their states are known now
    return Reading(*gates, C=every.c[1:], h=every.h[1:], logits=readout.linear(p, hs[:, 0]))


def loss(network, text):
    """Mean of -log p(character) in nats, over the characters from the second on; the state starts at zero."""
    if len(text) < 2:
        raise ValueError(f"text: expected at least two characters, got {len(text)}")
    return readout.cross_entropy(read(network, text[:-1]).logits, encode(text[1:], network.alphabet))[0]


class Named(NamedTuple):
    """A unit with a meaning: its name, and the mark (benchmarks/reading_marks.py) that its `quantity` tells."""

    words: str
    quantity: str
    mark: str


# Chosen on the first half of the validation text; results/characters.json has the numbers from the second.
NAMED = {
    81: Named("how far into the line", "C", "characters since the line began"),
    31: Named("a tally, reset by a speaker's name", "C", "characters since the speaker's name"),
    80: Named("inside a speaker's name", "i", "in a speaker's name"),
    0: Named("inside a word", "h", "in a word"),
}


def evidence(unit):
    """How well a named unit tells its mark: a sentence with its number and what the current character alone gives."""
    if unit not in NAMED:
        raise ValueError(f"unit: expected one of {', '.join(map(str, NAMED))}, got {unit!r}")
    _, quantity, mark = NAMED[unit]
    found = results.load("characters")["units"]["marks"][mark]
    fit = next(b["fit"] for b in found["best"] if (b["unit"], b["quantity"]) == (unit, quantity))
    measure = {"AUC": "AUC", "Spearman": "rank correlation"}[found["measure"]]
    return (
        f"Its {quantity} goes with “{mark}”: {measure} {fit:.2f} on text it never saw; "
        f"the current character alone gives {found['character_alone']:.2f}."
    )


def packed(arrays):
    """The weights as a living picture gets them, ready for JSON: bytes in base64, scales as 32-bit floats in base64."""
    return {name: [base64_of(arrays[name]), base64_of(arrays[f"{name}_scale"].astype("<f4"))] for name in NAMES}


def base64_of(array):
    return base64.b64encode(np.ascontiguousarray(array)).decode()


def for_page():
    """The network as a living picture gets it."""
    arrays = stored("characters.npz")
    horizon = results.load("characters")["units"]["horizon"]
    return {
        "alphabet": str(arrays["alphabet"]),
        "H": len(arrays["W_hh"]),
        "weights": packed(arrays),
        "order": [int(unit) for unit in np.argsort(horizon, kind="stable")],  # short memory first
        "horizon": horizon,
        "named": [{"unit": unit, **name._asdict(), "evidence": evidence(unit)} for unit, name in NAMED.items()],
    }


def forecaster_for_page():
    """The forecaster at all MOMENTS, ready for JSON: its sizes, and by moment the arrays of NAMES, one after the other,
    as 32-bit floats in base64."""
    sizes = {name: array.size for name, array in forecaster(0).items()}

    def all_of_it(updates):
        return np.concatenate([array.ravel() for array in forecaster(updates, "<f4").values()])

    return {"sizes": sizes, "moments": {str(updates): base64_of(all_of_it(updates)) for updates in MOMENTS}}
