"""MNIST read row by row at the slide's settings: how good does it get in 100 epochs, in NumPy, PyTorch and Keras?

    python benchmarks/mnist_rows.py                      everything, about 80 minutes on one core
    python benchmarks/mnist_rows.py keras --seeds 0      one run

Settings (slide "Sequence Classifier"): 28 steps of 28 pixels, 150 ReLU units, one kernel (28 + 150, 150) drawn by
variance scaling, Adam 1e-3, batch 150, 100 epochs over 55,000 images. A seed fixes the weights and the order of the
batches, and all three frameworks start from the same ones. Beside it, 10 epochs each: the same PyTorch network with
the mean over all states in place of the last one, and a small convolutional network.

Interrupt it whenever you like: the checkpoints in benchmarks/checkpoints/ let the next call go on. The result,
code/unrolled/results/mnist_rows.json, is written anew after every run and keeps the runs it already holds.
"""

import argparse
import json
import sys
from functools import partial

import numpy as np

from provenance import ROOT, SHIPPED, provenance, write
from unrolled import RNN, readout, training
from unrolled.initializers import variance_scaling
from unrolled.tasks import digits

PACKAGES = {
    "numpy": ["numpy"],
    "pytorch": ["numpy", "torch"],
    "pooled": ["numpy", "torch"],
    "keras": ["numpy", "keras", "tensorflow-cpu"],
    "cnn": ["numpy", "torch"],
}
EPOCHS = {"numpy": 100, "pytorch": 100, "keras": 100, "pooled": 10, "cnn": 10}


def initial_params(rng):
    """The slide's start: one kernel for input and recurrence together, as TensorFlow 1 stores it."""
    kernel = variance_scaling(rng, 28 + 150, 150)
    params = {"W_ih": kernel[:28], "W_hh": kernel[28:], "b": np.zeros(150)} | readout.init(rng, 150, 10)
    return {name: p.astype(np.float32) for name, p in params.items()}


def numpy_learner(rng):
    from unrolled.networks.classifier import SequenceClassifier

    return SequenceClassifier(RNN("relu"), initial_params(rng))


def pytorch_learner(rng, pooled=False):
    import torch

    from unrolled.device import torch_device
    from unrolled.pytorch import Learner

    class RowReader(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = torch.nn.RNN(28, 150, nonlinearity="relu")
            self.readout = torch.nn.Linear(150, 10)

        def forward(self, xs):
            hs, h_n = self.rnn(xs)
            return self.readout(hs.mean(dim=0) if pooled else h_n[0])

    model, p = RowReader(), {name: torch.from_numpy(a) for name, a in initial_params(rng).items()}
    with torch.no_grad():
        model.rnn.weight_ih_l0.copy_(p["W_ih"].T)
        model.rnn.weight_hh_l0.copy_(p["W_hh"].T)
        model.rnn.bias_ih_l0.copy_(p["b"])
        model.rnn.bias_hh_l0.zero_()  # PyTorch has two biases where one is enough; the second stays at zero
        model.rnn.bias_hh_l0.requires_grad_(False)
        model.readout.weight.copy_(p["W_hy"].T)
        model.readout.bias.copy_(p["b_y"])
    model.to(torch_device())
    trained = [p for p in model.parameters() if p.requires_grad]
    return Learner(model, torch.optim.Adam(trained, lr=1e-3))


def keras_learner(rng):
    import keras

    from unrolled.device import tensorflow_device
    from unrolled.keras import Learner

    tensorflow_device()
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.SimpleRNN(150, activation="relu"),
        keras.layers.Dense(10),
    ])  # fmt: skip
    p = initial_params(rng)
    model.set_weights([p["W_ih"], p["W_hh"], p["b"], p["W_hy"], p["b_y"]])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3, epsilon=1e-8), loss)
    model.optimizer.build(model.trainable_variables)
    return Learner(model)


def cnn_learner(rng):
    import torch

    from unrolled.device import torch_device
    from unrolled.pytorch import Learner

    class Cnn(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.Sequential(
                torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
                torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
                torch.nn.Flatten(), torch.nn.Linear(32 * 7 * 7, 10),
            )  # fmt: skip

        def forward(self, xs):
            return self.layers(xs.transpose(0, 1).unsqueeze(1))  # (28, B, 28) -> (B, 1, 28, 28)

    torch.manual_seed(int(rng.integers(2**31)))
    model = Cnn().to(torch_device())
    return Learner(model, torch.optim.Adam(model.parameters(), lr=1e-3))


LEARNERS = {
    "numpy": numpy_learner,
    "pytorch": pytorch_learner,
    "keras": keras_learner,
    "pooled": partial(pytorch_learner, pooled=True),
    "cnn": cnn_learner,
}


def size(name, learner):
    """How many numbers the model trains."""
    if name == "numpy":
        return sum(p.size for p in learner.params.values())
    if name == "keras":
        return learner.model.count_params()
    return sum(p.numel() for p in learner.model.parameters() if p.requires_grad)


def run(name, seed, epochs):
    """Train one model with one seed; return its history and size."""
    mnist, rng = digits.mnist(), np.random.default_rng(seed)
    learner = LEARNERS[name](rng)
    history = training.fit(
        learner,
        lambda rng: digits.batches(rng, mnist.train, 150),
        epochs=epochs,
        rng=rng,
        evaluate=lambda: {
            "validation": digits.accuracy(learner.logits, mnist.validation),
            "test": digits.accuracy(learner.logits, mnist.test),
        },
        checkpoint=ROOT / "benchmarks" / "checkpoints" / f"mnist_rows_{name}_{seed}.npz",
    )
    return {"model": name, "seed": seed, "parameters": size(name, learner), "history": history}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "models",
        nargs="*",
        choices=[*LEARNERS, []],
        default=list(LEARNERS),
        metavar="model",
        help="any of " + ", ".join(LEARNERS) + "; all when none is named",
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, help="fewer for a first look; the result file is then left alone")
    options = parser.parse_args()
    for seed in options.seeds:
        for name in options.models:
            print(f"{name}, seed {seed}", flush=True)
            done = run(name, seed, options.epochs or EPOCHS[name]) | {"provenance": provenance(*PACKAGES[name])}
            print(done["history"][-1], flush=True)
            if not options.epochs:
                keep(done)


def keep(done):
    """Put a run into the result file, in the place of an older one with the same model and seed."""
    path = SHIPPED / "mnist_rows.json"
    runs = json.loads(path.read_text())["runs"] if path.exists() else []
    runs = [r for r in runs if (r["model"], r["seed"]) != (done["model"], done["seed"])] + [done]
    write("mnist_rows", {"runs": sorted(runs, key=lambda r: (r["model"], r["seed"]))}, SHIPPED)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # the checkpoint is safe, and training.fit has said so
        sys.exit(130)
