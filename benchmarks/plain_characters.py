"""The plain recurrent cell and the LSTM on the same text with as many parameters and the same short training.

    python benchmarks/plain_characters.py          about 6 minutes on one core

The text, its split, the batches, the truncation after 100 steps and the clipping are those of `characters.py`. A plain
layer of 268 units has as many parameters as an LSTM of 128, within 1 %. Each is trained for EPOCHS epochs from each of
the seeds, with the step that the LSTM's long training has, shrinking to 0 in a cosine over these few epochs. No setting
was tuned for either. Written: code/unrolled/results/plain_characters.json.
"""

import os

import numpy as np

import characters
from provenance import SHIPPED, provenance, write
from unrolled import RNN, data, readout, training

EPOCHS, SEEDS = 4, (0, 1, 2)
UNITS = {"RNN": 268, "LSTM": characters.H}


class PlainLearner(characters.Learner):
    """torch.nn.RNN in the place of the LSTM: its state is one array, not two."""

    def cut(self, carried):
        return carried.detach()


def learner(layer, rng, V, updates):
    if layer == "LSTM":
        return characters.Learner(characters.initial_params(rng, V), updates)
    H = UNITS[layer]
    return PlainLearner(RNN().init(rng, V, H) | readout.init(rng, H, V), updates, layer)


def train(layer, codes, V, seed):
    """One training; returns its history, with the validation loss after each epoch."""
    rng = np.random.default_rng(seed)
    updates = EPOCHS * ((len(codes["train"]) - 1) // characters.B // characters.T)
    network = learner(layer, rng, V, updates)
    history = training.fit(
        network,
        lambda rng: characters.batches(rng, codes["train"]),
        epochs=EPOCHS,
        rng=rng,
        evaluate=lambda: {"validation": network.mean_loss(codes["validation"])},
    )
    parameters = sum(p.size for p in network.params().values())
    print(f"{layer} seed {seed}: {history[-1]['validation']:.4f}", flush=True)
    return {"layer": layer, "seed": seed, "parameters": parameters, "history": history}


def main():
    import torch

    torch.set_num_threads(1)
    text = data.shakespeare()
    alphabet = sorted(set(text))
    codes = {name: np.array([alphabet.index(c) for c in part]) for name, part in characters.split(text).items()}
    runs = [train(layer, codes, len(alphabet), seed) for seed in SEEDS for layer in UNITS]
    names = {"T": "T", "B": "B", "adam": "STEP", "clip_norm": "CLIP"}
    settings = {"epochs": EPOCHS, "units": UNITS} | {name: getattr(characters, of) for name, of in names.items()}
    made = provenance("numpy", "torch")
    write("plain_characters", {"provenance": made, "settings": settings, "runs": runs}, SHIPPED)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
