"""A feed-forward network on a fixed window against a recurrent one of the same size: what does each remember?

    python benchmarks/windows.py        about 7 minutes on one core

All networks have 721 numbers, within 2 %: 24 recurrent tanh units, or a window of k steps before as many tanh units as
fit. Each is trained with seeds 0 to 4 on 600 batches of 64 streams of 40 steps (Adam 0.005, gradients cut to length
1), in PyTorch's own start of the weights unless said otherwise. Three questions:

- flag: which of two events came last? Accuracy by how far back the event lies, on streams longer than those of the
  training.
- pattern: a table over the last three symbols.
- end: one event at the first step, nothing but noise after it, one answer at the last step. Does the recurrent network
  learn it at all? Asked twice: with PyTorch's start, and with a recurrent matrix that starts orthogonal.

The result is code/unrolled/results/windows.json.
"""

import numpy as np
import torch

from provenance import SHIPPED, provenance, write
from unrolled.tasks.streams import SYMBOLS, flag_task, pattern_task
from unrolled.windows import windows

UNITS, SEEDS, UPDATES, BATCH, STEPS, RATE = 24, 5, 600, 64, 40, 0.005
SHARE = 0.1  # of the steps of a stream to learn from are events
LAGS = [10, 20, 30, 40, 60]
STARTS = {"pytorch": lambda matrix: matrix, "orthogonal": torch.nn.init.orthogonal_}  # of the recurrent matrix
FARTHEST = 60  # distance that is told by itself
FAR = [(100, 199), (200, 499), (500, 999)]


class Recurrent(torch.nn.Module):
    """Answers at every step from its state. xs (T, B, 4) -> logits (T, B)."""

    def __init__(self, units=UNITS):
        super().__init__()
        self.rnn = torch.nn.RNN(SYMBOLS, units)
        self.rnn.bias_hh_l0.requires_grad_(False).zero_()  # one bias is enough
        self.readout = torch.nn.Linear(units, 1)

    def forward(self, xs):
        return self.readout(self.rnn(xs)[0])[..., 0]


class Window(torch.nn.Module):
    """Answers at every step from the last k symbols. xs (T, B, 4) -> logits (T, B)."""

    def __init__(self, k, units):
        super().__init__()
        self.k = k
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(k * SYMBOLS, units), torch.nn.Tanh(), torch.nn.Linear(units, 1)
        )

    def forward(self, xs):
        return self.layers(torch.from_numpy(windows(xs.numpy(), self.k)))[..., 0]


def size(model):
    """How many numbers the model trains."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def width(k, numbers):
    """How many units behind a window of k bring the network nearest to so many numbers."""
    return min(range(1, numbers), key=lambda units: abs(size(Window(k, units)) - numbers))


def right(model, stream):
    """(T, B), True where the model's answer is."""
    with torch.no_grad():
        return (model(torch.from_numpy(stream.xs)).numpy() > 0) == (stream.labels == 1)


def fit(model, seed, task, look=None):
    """Train on fresh streams. look(update): called every 10 updates. Only steps with a label count."""
    rng = np.random.default_rng(seed)
    trained = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.Adam(trained, lr=RATE)
    for update in range(1, UPDATES + 1):
        stream = task(rng)
        asked = torch.from_numpy(stream.labels >= 0)
        logits, labels = model(torch.from_numpy(stream.xs))[asked], torch.from_numpy(stream.labels)[asked]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels.float())
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        adam.step()
        if look and update % 10 == 0:
            look(update)
    return model


def models(*ks):
    """name: how to make it, for the recurrent network and for a window of each k."""
    numbers = size(Recurrent())
    return {"recurrent": Recurrent} | {f"window {k}": lambda k=k: Window(k, width(k, numbers)) for k in ks}


def flag(name, make, seed):
    torch.manual_seed(seed)
    model = fit(make(), seed, lambda rng: flag_task(rng, STEPS, BATCH, SHARE))
    test = flag_task(np.random.default_rng(1000), 300, 400, 0.02)
    ok = right(model, test)
    far = flag_task(np.random.default_rng(1001), 1000, 100, 0.002)
    ok_far = right(model, far)
    return {
        "model": name, "seed": seed, "parameters": size(model),
        "by_distance": [round(float(ok[test.distance == d].mean()), 4) for d in range(FARTHEST + 1)],
        "far": [round(float(ok_far[(a <= far.distance) & (far.distance <= b)].mean()), 4) for a, b in FAR],
    }  # fmt: skip


def pattern(name, make, seed):
    torch.manual_seed(seed)
    model, curve = make(), []
    test = pattern_task(np.random.default_rng(1002), STEPS, 500)

    def look(update):
        curve.append(round(float(right(model, test)[2:].mean()), 4))

    fit(model, seed, lambda rng: pattern_task(rng, STEPS, BATCH), look)
    return {"model": name, "seed": seed, "parameters": size(model), "curve": curve}


def end(start, lag, seed):
    torch.manual_seed(seed)
    model = Recurrent()
    STARTS[start](model.rnn.weight_hh_l0)

    def task(rng, B=BATCH):
        stream = flag_task(rng, lag + 1, B, 0.0)
        stream.labels[:-1] = -1
        return stream

    fit(model, seed, task)
    return {
        "start": start,
        "lag": lag,
        "seed": seed,
        "accuracy": float(right(model, task(np.random.default_rng(1003), 2000))[-1].mean()),
    }


def main():
    torch.set_num_threads(1)
    seeds = range(SEEDS)
    result = {
        "flag": [flag(name, make, seed) for name, make in models(4, 8, 16).items() for seed in seeds],
        "pattern": [pattern(name, make, seed) for name, make in models(3).items() for seed in seeds],
        "end": [end(start, lag, seed) for start in STARTS for lag in LAGS for seed in seeds],
        "far": FAR,
        "provenance": provenance("numpy", "torch"),
    }
    write("windows", result, SHIPPED)


if __name__ == "__main__":
    main()
