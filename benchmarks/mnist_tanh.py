"""The published run of MNIST by rows, as its notebook has it and not as the slide has it: tanh units.

    python benchmarks/mnist_tanh.py             what is missing; all of it about 25 minutes on one core

The slide's cell has `activation=tf.nn.relu` and an initializer; the notebook whose numbers are reported in chapter 9
(Géron 2017, notebook 14) has neither. Its `BasicRNNCell` is then a tanh cell, its kernel starts as TensorFlow 1's
variables do, by Glorot's scheme, with 28 + 150 rows and 150 columns. All else is as in `mnist_rows.py`: 150 units,
Adam 1e-3, batches of 150 (the notebook has a few of 151), 100 epochs, in PyTorch; two seeds. A third run has the
slide's ReLU with Glorot's start: it tells whether the activation or the start makes the difference.

Interrupt it whenever you like: the checkpoints in benchmarks/checkpoints/ let the next call go on. The result is
code/unrolled/results/mnist_tanh.json, written anew after every run.
"""

import json
import sys

import numpy as np
import torch

from mnist_sizes import BATCH, RowReader
from provenance import ROOT, SHIPPED, provenance, write
from unrolled import training
from unrolled.initializers import glorot_uniform
from unrolled.pytorch import Learner
from unrolled.tasks import digits

UNITS, EPOCHS = 150, 100
RUNS = (("tanh", 0), ("tanh", 1), ("relu", 0))  # activation and seed; all start by Glorot's scheme


def run(activation, seed, epochs=EPOCHS, mnist=None, checkpoint=None):
    """Train one network; its history, an entry for each epoch."""
    mnist, rng = mnist or digits.mnist(), np.random.default_rng(seed)
    model = RowReader(rng, UNITS, activation, glorot_uniform)
    net = Learner(model, torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-3))
    history = training.fit(
        net,
        lambda rng: digits.batches(rng, mnist.train, BATCH),
        epochs=epochs,
        rng=rng,
        evaluate=lambda: {
            "validation": digits.accuracy(net.logits, mnist.validation),
            "test": digits.accuracy(net.logits, mnist.test),
        },
        checkpoint=checkpoint,
    )
    return {"activation": activation, "seed": seed, "history": history}


def main():
    torch.set_num_threads(1)
    made = provenance("numpy", "torch")
    path = SHIPPED / "mnist_tanh.json"
    runs = json.loads(path.read_text())["runs"] if path.exists() else []
    for activation, seed in RUNS:
        if (activation, seed) not in {(kept["activation"], kept["seed"]) for kept in runs}:
            saved = ROOT / "benchmarks" / "checkpoints" / f"mnist_{activation}_{seed}.npz"
            runs.append(run(activation, seed, checkpoint=saved) | {"provenance": made})
            print(f"{activation}, seed {seed}:", runs[-1]["history"][-1], flush=True)
            write("mnist_tanh", {"runs": runs}, SHIPPED)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # the checkpoint is safe, and training.fit has said so
        sys.exit(130)
