"""Last state, mean or maximum over the states: which reads a sequence best, and what does padding do to each?

    python benchmarks/pooling.py                what is missing; all of it about 10 minutes on one core
    python benchmarks/pooling.py --anew         everything from nothing

One GRU of 16 units, a linear readout of its pooled states, cross-entropy, Adam, gradients cut to length 1. Two kinds
of task, with padding behind the end of the shorter sequences:

- flag N: the first symbol of a sequence says the answer, the other symbols are noise; N/2 to N steps, N = 10 to 80;
  400 batches of 50 fresh sequences.
- phrases: the book's phrases, 3 to 10 words, kind or unkind; 20 epochs of batches of 50, each padded to its longest.

Five ways to pool. "last", "mean" and "max" know the lengths. "all" is the mean over all steps of the padded batch and
"end" the state after its last step: the two mistakes. For each, every learning rate of the grid is tried with seeds 0
and 1; the one with the best validation accuracy (of equals the smallest) also gets seeds 2, 3 and 4 and is the one
reported. A seed fixes the start and the batches. "longer" is the accuracy on the phrases' split of that name. The very
same test sequences are read twice more: "padded" in a batch that is padded with 30 steps more, "alone" each by itself,
without any padding.

The result is code/unrolled/results/pooling.json, written after every task.
"""

import argparse
import json
import sys
from typing import NamedTuple

import numpy as np
import torch

from provenance import SHIPPED, provenance, write
from unrolled import data, words

UNITS, BATCH, UPDATES, EPOCHS = 16, 50, 400, 20
RATES, CHOOSING, FINAL = (0.003, 0.01, 0.03), (0, 1), (0, 1, 2, 3, 4)
STEPS, MORE = (10, 20, 40, 80), 30
SYMBOLS = 4  # 0 and 1 are the flag, 2 and 3 mean nothing


def last(hs, lengths, valid):
    return hs[lengths - 1, torch.arange(len(lengths))]


def mean(hs, lengths, valid):
    return (hs * valid).sum(dim=0) / lengths[:, None]


def maximum(hs, lengths, valid):
    return hs.masked_fill(~valid, -torch.inf).amax(dim=0)


POOLINGS = {  # hs (T, B, H), lengths (B,), valid (T, B, 1) -> (B, H)
    "last": last,
    "mean": mean,
    "max": maximum,
    "all": lambda hs, lengths, valid: hs.mean(dim=0),
    "end": lambda hs, lengths, valid: hs[-1],
}


class Batch(NamedTuple):
    """xs (T, B, D) float32 with zeros behind the end, lengths (B,), labels (B,)."""

    xs: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray


class Reader(torch.nn.Module):
    """Reads the padded batch to its end, then pools the states and answers."""

    def __init__(self, pooling, D):
        super().__init__()
        self.pool, self.rnn, self.readout = POOLINGS[pooling], torch.nn.GRU(D, UNITS), torch.nn.Linear(UNITS, 2)

    def forward(self, batch):
        hs, lengths = self.rnn(torch.from_numpy(batch.xs))[0], torch.from_numpy(batch.lengths)
        valid = (torch.arange(len(hs))[:, None] < lengths)[:, :, None]
        return self.readout(self.pool(hs, lengths, valid))


def flags(rng, B, N):
    """Sequences of N/2 to N symbols; the first of each, 0 or 1, is its label."""
    symbols, lengths = rng.integers(2, SYMBOLS, (N, B)), rng.integers(N // 2, N + 1, B)
    symbols[0] = rng.integers(0, 2, B)
    xs = np.eye(SYMBOLS, dtype=np.float32)[symbols] * (np.arange(N)[:, None] < lengths)[:, :, None]
    return Batch(xs, lengths, symbols[0])


class Flags:
    """The task "flag N"."""

    size = SYMBOLS

    def __init__(self, N):
        self.N = N
        self.splits = {"validation": flags(np.random.default_rng(1000), 1000, N)}
        self.splits["test"] = flags(np.random.default_rng(1001), 2000, N)

    def batches(self, rng):
        return (flags(rng, BATCH, self.N) for _ in range(UPDATES))


class Phrases:
    """The task "phrases"."""

    def __init__(self):
        phrases = data.phrases()
        vocabulary = words.vocabulary(p.text for p in phrases["train"])
        self.size, self.splits = len(vocabulary), {}
        for split in ("train", "validation", "test", "longer"):
            rows = [words.one_hot(p.text, vocabulary, np.float32) for p in phrases[split]]
            self.splits[split] = Batch(*words.pad(rows), np.array([p.label for p in phrases[split]]))
        self.train = self.splits.pop("train")

    def batches(self, rng):
        for _ in range(EPOCHS):
            for chosen in np.split(rng.permutation(len(self.train.labels)), len(self.train.labels) // BATCH):
                lengths = self.train.lengths[chosen]
                yield Batch(self.train.xs[: lengths.max(), chosen], lengths, self.train.labels[chosen])


TASKS = {"phrases": Phrases} | {f"flag {N}": lambda N=N: Flags(N) for N in STEPS}


def right(model, batch):
    with torch.no_grad():
        return float((model(batch).argmax(dim=1).numpy() == batch.labels).mean())


def right_alone(model, batch):
    """The accuracy without padding: sequences of equal length are read together, which is as good as one by one."""
    found = []
    for n in np.unique(batch.lengths):
        own = batch.lengths == n
        together = Batch(np.ascontiguousarray(batch.xs[:n, own]), batch.lengths[own], batch.labels[own])
        found.append(right(model, together) * own.sum())
    return sum(found) / len(batch.labels)


def train(pooling, task, rate, seed):
    """One run as a dict: the accuracy on every split, and on the test set with more padding and with none."""
    torch.manual_seed(seed)
    model = Reader(pooling, task.size)
    adam = torch.optim.Adam(model.parameters(), lr=rate)
    for batch in task.batches(np.random.default_rng(seed)):
        loss = torch.nn.functional.cross_entropy(model(batch), torch.from_numpy(batch.labels))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
    test = task.splits["test"]
    splits = task.splits | {"padded": test._replace(xs=np.pad(test.xs, ((0, MORE), (0, 0), (0, 0))))}
    scores = {name: right(model, batch) for name, batch in splits.items()} | {"alone": right_alone(model, test)}
    return {"rate": rate, "seed": seed} | {name: round(float(score), 4) for name, score in scores.items()}


def measure(pooling, task):
    """The best learning rate and all runs of one way to pool."""
    runs = {(rate, seed): train(pooling, task, rate, seed) for rate in RATES for seed in CHOOSING}
    scores = {rate: sum(runs[rate, seed]["validation"] for seed in CHOOSING) for rate in RATES}
    best = max(scores, key=scores.get)
    runs |= {(best, seed): train(pooling, task, best, seed) for seed in FINAL if seed not in CHOOSING}
    return {"best": best, "runs": [runs[key] for key in sorted(runs)]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--anew", action="store_true", help="keep nothing of an earlier start")
    options = parser.parse_args()
    torch.set_num_threads(1)
    made = provenance("numpy", "torch")  # before the first result is written: that changes the working tree
    path = SHIPPED / "pooling.json"
    found = json.loads(path.read_text())["tasks"] if path.exists() and not options.anew else {}
    for name, make in TASKS.items():
        if name not in found:
            task = make()
            found[name] = {pooling: measure(pooling, task) for pooling in POOLINGS} | {"provenance": made}
            for pooling in POOLINGS:
                kept = found[name][pooling]
                best = [run["test"] for run in kept["runs"] if run["rate"] == kept["best"]]
                print(f"{name}, {pooling}: learning rate {kept['best']}, test {best}", flush=True)
            write("pooling", {"tasks": {name: found[name] for name in TASKS if name in found}}, SHIPPED)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # what was finished is kept
        sys.exit(130)
