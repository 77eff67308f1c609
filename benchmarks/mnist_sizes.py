"""MNIST by rows with 25 to 300 units: how good after each of five epochs, and what does "train accuracy" say?

    python benchmarks/mnist_sizes.py            what is missing; all of it about 10 minutes on one core
    python benchmarks/mnist_sizes.py 50 150     these sizes
    python benchmarks/mnist_sizes.py --anew     everything from nothing

The network and its settings are those of chapter 9, in PyTorch: ReLU units, one kernel (28 + H, H) drawn by variance
scaling, Adam 1e-3, batches of 150, 55,000 images to train on. A seed fixes the weights and the order of the batches.

After each epoch it is asked four ways: "printed" is what the slide's program prints as train accuracy, on the last
batch, just learned from; "train" is the whole training set; "validation" and "test" are the other two. "batches" are
the accuracies on every batch of the last epoch, each just learned from: any of them might have been printed. The
result, code/unrolled/results/mnist_sizes.json, is written anew after every run and keeps the runs it already holds.
"""

import argparse
import json
import sys

import numpy as np
import torch

from provenance import SHIPPED, provenance, write
from unrolled import readout, training
from unrolled.initializers import variance_scaling
from unrolled.pytorch import Learner
from unrolled.tasks import digits

SIZES, SEEDS, EPOCHS, BATCH = (25, 50, 100, 150, 300), (0, 1, 2), 5, 150


class RowReader(torch.nn.Module):
    """Reads 28 rows, then answers once. start(rng, ...) draws one kernel for input and recurrence together."""

    def __init__(self, rng, H, activation="relu", start=variance_scaling):
        super().__init__()
        self.rnn, self.readout = torch.nn.RNN(28, H, nonlinearity=activation), torch.nn.Linear(H, 10)
        kernel, p = start(rng, 28 + H, H), readout.init(rng, H, 10)
        with torch.no_grad():
            self.rnn.weight_ih_l0.copy_(torch.from_numpy(kernel[:28].T))
            self.rnn.weight_hh_l0.copy_(torch.from_numpy(kernel[28:].T))
            self.rnn.bias_ih_l0.zero_()
            self.rnn.bias_hh_l0.zero_()  # PyTorch has two biases where one is enough; the second stays at zero
            self.rnn.bias_hh_l0.requires_grad_(False)
            self.readout.weight.copy_(torch.from_numpy(p["W_hy"].T))
            self.readout.bias.zero_()

    def forward(self, xs):
        return self.readout(self.rnn(xs)[1][0])


class Watched(Learner):
    """Looks at each batch again, right after learning from it."""

    def __init__(self, model):
        trained = [p for p in model.parameters() if p.requires_grad]
        super().__init__(model, torch.optim.Adam(trained, lr=1e-3))
        self.seen = []  # accuracies on the batches of an epoch

    def update(self, xs, labels):
        loss = super().update(xs, labels)
        self.seen.append(readout.accuracy(self.logits(xs), labels))
        return loss


def size(model):
    """How many numbers the model trains."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def run(H, seed, epochs=EPOCHS, mnist=None):
    """Train one network; its history, an entry for each epoch, and the accuracies on the last epoch's batches."""
    mnist, rng = mnist or digits.mnist(), np.random.default_rng(seed)
    net, batches = Watched(RowReader(rng, H)), []

    def look():
        batches[:], net.seen = net.seen, []
        whole = {name: digits.accuracy(net.logits, split) for name, split in mnist._asdict().items()}
        return {"printed": batches[-1]} | whole

    history = training.fit(
        net, lambda rng: digits.batches(rng, mnist.train, BATCH), epochs=epochs, rng=rng, evaluate=look
    )
    rounded = [{name: round(value, 6) for name, value in epoch.items()} for epoch in history]
    return {
        "size": H,
        "seed": seed,
        "parameters": size(net.model),
        "history": rounded,
        "batches": [round(share, 4) for share in batches],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, choices=[*SIZES, []], default=[], metavar="size")
    parser.add_argument("--anew", action="store_true", help="keep nothing of an earlier start")
    options = parser.parse_args()
    torch.set_num_threads(1)
    made = provenance("numpy", "torch")  # before the first result is written: that changes the working tree
    path = SHIPPED / "mnist_sizes.json"
    found = json.loads(path.read_text())["runs"] if path.exists() and not options.anew else []
    runs = {(kept["size"], kept["seed"]): kept for kept in found}
    for H in options.sizes or SIZES:
        for seed in SEEDS:
            if (H, seed) not in runs:
                runs[H, seed] = run(H, seed) | {"provenance": made}
                print(f"{H} units, seed {seed}:", runs[H, seed]["history"][-1], flush=True)
                write("mnist_sizes", {"runs": [runs[key] for key in sorted(runs)]}, SHIPPED)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # what was finished is kept
        sys.exit(130)
