"""A small LSTM learns to write like Shakespeare, character by character: how well, and what do its gates do?

    python benchmarks/characters.py                train, round, examine; about 15 minutes on one core
    python benchmarks/characters.py --examine      only measure the shipped weights again, about a minute

Settings: 128 units, one-hot characters, a softmax over the next one. The first 90 % of the text train, the next 5 %
validate, the last 5 % test; the cuts are by position, so what is tested was never near what was learned. Truncated
backpropagation through 100 steps with the state carried on, 32 places of the text side by side, Adam whose step
shrinks from 4e-3 to 0 in a cosine, the gradient clipped at norm 1, forget bias 1.

Written: code/unrolled/results/characters.npz, the weights as bytes, and characters.json, the losses, the baselines and
what every unit has to do with the text, as reading_marks.py says. An interrupted training goes on from its checkpoint.
"""

import argparse
import math
import os
import sys
from collections import Counter

import numpy as np

from provenance import ROOT, SHIPPED, provenance, write
from reading_marks import evidence
from unrolled import data, readout, results, trained, training
from unrolled.initializers import glorot_uniform, orthogonal

H, T, B, EPOCHS, STEP, CLIP, SEED = 128, 100, 32, 40, 4e-3, 1.0, 0
FIRST = 2000  # characters of the validation text that a test reads again


def split(text):
    """The text cut by position: 90 % to train on, 5 % for validation, 5 % for the test."""
    cuts = [int(len(text) * share) for share in (0.9, 0.95)]
    return {"train": text[: cuts[0]], "validation": text[cuts[0] : cuts[1]], "test": text[cuts[1] :]}


def initial_params(rng, V):
    """W_ih (V, 4H) and W_hh (H, 4H) hold the gates i, f, g, o side by side; the forget gates start open."""
    W_hh = np.hstack([orthogonal(rng, H, H) for _ in range(4)])
    b = np.concatenate([np.zeros(H), np.ones(H), np.zeros(2 * H)])
    return {"W_ih": glorot_uniform(rng, V, 4 * H), "W_hh": W_hh, "b": b} | readout.init(rng, H, V)


def batches(rng, codes):
    """One epoch: B places of the text read side by side, T characters at a time. (first, inputs, labels), (T, B) each.

    The places shift from epoch to epoch, so that the cuts fall elsewhere. `first` says that the states start anew.
    """
    length = (len(codes) - 1) // B
    start = rng.integers(len(codes) - length * B)
    lanes = codes[start : start + length * B + 1]
    lanes = np.stack([lanes[k * length : (k + 1) * length + 1] for k in range(B)], axis=1)  # (length + 1, B)
    for t in range(0, length - T + 1, T):
        yield t == 0, lanes[t : t + T], lanes[t + 1 : t + T + 1]


class Learner:
    """torch.nn.LSTM with a linear readout, and the state it carries from one piece of the text to the next.

    layer: its name in torch.nn; `plain_characters.py` trains another one.
    """

    def __init__(self, params, steps, layer="LSTM"):
        import torch

        self.torch, (H, V) = torch, params["W_hy"].shape
        self.lstm, self.readout = getattr(torch.nn, layer)(V, H), torch.nn.Linear(H, V)
        with torch.no_grad():
            self.lstm.bias_hh_l0.zero_().requires_grad_(False)  # one bias is enough
            for name, p in self.named().items():
                p.copy_(torch.from_numpy(params[name].T))
        self.optimizer = torch.optim.Adam(self.named().values(), lr=STEP)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, steps)
        self.carried = (torch.zeros(1, B, H), torch.zeros(1, B, H))

    def named(self):
        """The book's names of torch's parameters, each of which is the transposed of ours."""
        lstm, linear = self.lstm, self.readout
        return {
            "W_ih": lstm.weight_ih_l0, "W_hh": lstm.weight_hh_l0, "b": lstm.bias_ih_l0,
            "W_hy": linear.weight, "b_y": linear.bias,
        }  # fmt: skip

    def params(self):
        return {name: p.detach().numpy().T.copy() for name, p in self.named().items()}

    def loss(self, codes, labels, carried=None):
        """Mean of -log p in nats and the state after, for codes and labels of shape (T, B)."""
        functional, V = self.torch.nn.functional, self.readout.out_features
        codes, labels = self.torch.from_numpy(codes), self.torch.from_numpy(labels)
        hs, carried = self.lstm(functional.one_hot(codes, V).float(), carried)
        return functional.cross_entropy(self.readout(hs).reshape(-1, V), labels.reshape(-1)), carried

    def update(self, first, codes, labels):
        carried = None if first else self.carried
        loss, carried = self.loss(codes, labels, carried)
        self.carried = self.cut(carried)
        self.optimizer.zero_grad()
        loss.backward()
        self.torch.nn.utils.clip_grad_norm_(self.named().values(), CLIP)
        self.optimizer.step()
        self.schedule.step()
        return loss.item()

    def cut(self, carried):
        """Truncated: the state goes on, the gradient stops here."""
        return tuple(state.detach() for state in carried)

    def mean_loss(self, codes, lanes=16):
        """The loss over a whole text, cut into lanes that are read side by side from a zero state."""
        length = (len(codes) - 1) // lanes
        cut = lambda shift: codes[shift : length * lanes + shift].reshape(lanes, length).T.copy()  # noqa: E731
        with self.torch.no_grad():
            return self.loss(cut(0), cut(1))[0].item()

    def state(self):
        saved = self.params() | {"carried_h": self.carried[0].numpy(), "carried_c": self.carried[1].numpy()}
        saved["steps"] = np.array(self.schedule.last_epoch)
        for number, memory in self.optimizer.state_dict()["state"].items():
            saved |= {f"optimizer.{number}.{name}": a.numpy() for name, a in memory.items()}
        return saved

    def restore(self, saved):
        torch = self.torch
        with torch.no_grad():
            for name, p in self.named().items():
                p.copy_(torch.from_numpy(saved[name].T))
        self.carried = tuple(torch.from_numpy(saved[name]) for name in ("carried_h", "carried_c"))
        memory = {}
        for name, array in saved.items():
            if name.startswith("optimizer."):
                _, number, what = name.split(".", 2)
                memory.setdefault(int(number), {})[what] = torch.tensor(array)
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": memory})
        self.schedule.last_epoch = done = int(saved["steps"])
        self.optimizer.param_groups[0]["lr"] = STEP * (1 + math.cos(math.pi * done / self.schedule.T_max)) / 2


def train(codes, V, epochs):
    """Train one network; return its params and the history."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    steps = epochs * ((len(codes["train"]) - 1) // B // T)
    learner = Learner(initial_params(rng, V), steps)
    history = training.fit(
        learner,
        lambda rng: batches(rng, codes["train"]),
        epochs=epochs,
        rng=rng,
        evaluate=lambda: report(learner.mean_loss(codes["validation"])),
        checkpoint=ROOT / "benchmarks" / "checkpoints" / f"characters_{epochs}_{SEED}.npz",
    )
    return learner.params(), history


def report(loss):
    print(f"validation {loss:.4f}", flush=True)
    return {"validation": loss}


class Ngrams:
    """What follows the last n - 1 characters: p_n = (count + k p_(n-1)) / (total + k), from p_0 = 1 / V upwards."""

    def __init__(self, text, V, largest, k=5):
        self.V, self.k = V, k
        lengths = range(1, largest + 1)
        self.counts = [Counter(text[j : j + n] for j in range(len(text) - n + 1)) for n in lengths]
        self.totals = [Counter(text[j : j + n - 1] for j in range(len(text) - n + 1)) for n in lengths]

    def loss(self, text, n):
        """Mean of -log p over the characters of a text from the n-th on."""
        p = np.full(len(text) - n + 1, 1 / self.V)
        for m in range(1, n + 1):
            seen = [text[j - m + 1 : j + 1] for j in range(n - 1, len(text))]
            count = np.array([self.counts[m - 1][s] for s in seen])
            total = np.array([self.totals[m - 1][s[:-1]] for s in seen])
            p = (count + self.k * p) / (total + self.k)
        return float(-np.log(p).mean())


def losses(parts):
    """The losses of the shipped weights and of the baselines, in nats per character."""
    network = trained.characters()
    measured = {f"{name}_loss": trained.loss(network, parts[name]) for name in ("validation", "test")}
    measured["train_loss"] = trained.loss(network, parts["train"][: len(parts["test"])])
    counted = Ngrams(parts["train"], len(network.alphabet), 6)
    baselines = {"uniform": {"validation": math.log(len(network.alphabet)), "test": math.log(len(network.alphabet))}}
    for n in range(1, 7):
        baselines[f"{n}-gram"] = {name: counted.loss(parts[name], n) for name in ("validation", "test")}
    return measured, baselines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examine", action="store_true", help="measure the shipped weights, train nothing")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    text = data.shakespeare()
    alphabet, parts = "".join(sorted(set(text))), split(text)
    if options.examine:
        result = results.load("characters")
    else:
        codes = {name: np.array([alphabet.index(c) for c in part]) for name, part in parts.items()}
        params, history = train(codes, len(alphabet), options.epochs)
        trained.ship("characters.npz", params, alphabet=np.array(alphabet))
        exact = trained.Network({name: p.astype(np.float64) for name, p in params.items()}, alphabet)
        settings = {"H": H, "T": T, "B": B, "epochs": options.epochs, "adam": STEP, "clip_norm": CLIP, "seed": SEED}
        result = {
            "provenance": provenance("numpy", "torch"),
            "settings": settings | {"parameters": sum(p.size for p in params.values())},
            "split": {name: len(part) for name, part in parts.items()},
            "validation_loss_before_rounding": trained.loss(exact, parts["validation"]),
            "history": history,
        }
    measured, baselines = losses(parts)
    start = parts["validation"][:FIRST]
    result |= measured | {"first": {"characters": FIRST, "validation_loss": trained.loss(trained.characters(), start)}}
    result |= {"bits_per_character": {n: measured[f"{n}_loss"] / math.log(2) for n in parts}, "baselines": baselines}
    write("characters", result | {"units": evidence(trained.characters(), parts["validation"])}, SHIPPED)


if __name__ == "__main__":
    try:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        main()
    except KeyboardInterrupt:  # the checkpoint is safe, and training.fit has said so
        sys.exit(130)
