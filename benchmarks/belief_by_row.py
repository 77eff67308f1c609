"""A small LSTM reads MNIST by rows. What does it believe after each row, and which training makes that mean something?

    python benchmarks/belief_by_row.py             train two networks, round, measure; about 5 minutes on one core
    python benchmarks/belief_by_row.py --measure   only measure the shipped weights again

64 units, batches of 100, Adam whose step shrinks from 2e-3 to 0 in a cosine, 30 epochs over 55,000 images, seed 0. The
two trainings differ in the loss alone: "last row" asks the readout after the 28th row, as chapter 9 does; "every row"
asks it after each of them and takes the mean. Measured after each row, with weights rounded to bytes: the share of
images whose likeliest digit is the label. The control is the share of the most frequent digit, which is all that can
be said of blank rows. The network with the larger mean over the rows on the validation images is shipped.

Written: code/unrolled/results/belief_by_row.npz, its weights, and belief_by_row.json.
"""

import argparse
import json
import os
import time

import numpy as np

from provenance import SHIPPED, provenance, write
from unrolled import readout, row_reader, trained, training
from unrolled.initializers import glorot_uniform, orthogonal
from unrolled.tasks import digits

H, B, EPOCHS, STEP, SEED = 64, 100, 30, 2e-3, 0
MOVED = 4  # pixels


def initial_params(rng):
    """The gates i, f, g, o side by side; the forget gates start open."""
    W_hh = np.hstack([orthogonal(rng, H, H) for _ in range(4)])
    b = np.concatenate([np.zeros(H), np.ones(H), np.zeros(2 * H)])
    return {"W_ih": glorot_uniform(rng, 28, 4 * H), "W_hh": W_hh, "b": b} | readout.init(rng, H, 10)


def learner(rng, asked, steps):
    """A network that gives logits after every row, (28, B, 10), and a loss that asks at the `asked` rows."""
    import torch

    from unrolled.pytorch import Learner

    class RowReader(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.readout = torch.nn.LSTM(28, H), torch.nn.Linear(H, 10)
            self.lstm.bias_hh_l0.data.zero_()
            self.lstm.bias_hh_l0.requires_grad_(False)  # one bias is enough
            with torch.no_grad():
                for name, p in self.named().items():
                    p.copy_(torch.from_numpy(start[name].T))

        def named(self):
            """The book's names of torch's parameters, each of which is the transposed of ours."""
            return {
                "W_ih": self.lstm.weight_ih_l0, "W_hh": self.lstm.weight_hh_l0, "b": self.lstm.bias_ih_l0,
                "W_hy": self.readout.weight, "b_y": self.readout.bias,
            }  # fmt: skip

        def forward(self, xs):
            return self.readout(self.lstm(xs)[0])

    class Cooling(Learner):
        def update(self, xs, labels):
            loss = super().update(xs, labels)
            schedule.step()
            return loss

    def loss(logits, labels):
        logits = logits[asked]
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.repeat(len(logits)))

    torch.set_num_threads(1)
    start = initial_params(rng)
    model = RowReader()
    optimizer = torch.optim.Adam(model.named().values(), lr=STEP)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    return Cooling(model, optimizer, loss)


def train(mnist, asked, epochs):
    """Train one network; return its params, the loss of each epoch, and its CPU seconds."""
    rng, began = np.random.default_rng(SEED), time.process_time()
    one = learner(rng, asked, epochs * (len(mnist.train.labels) // B))
    history = training.fit(one, lambda rng: digits.batches(rng, mnist.train, B), epochs=epochs, rng=rng)
    params = {name: p.detach().numpy().T.astype(np.float64) for name, p in one.model.named().items()}
    return params, [epoch["loss"] for epoch in history], round(time.process_time() - began)


def beliefs(params, images):
    """p (28, N, 10), 500 images at a time."""
    parts = [row_reader.read(images[k : k + 500], params).p for k in range(0, len(images), 500)]
    return np.concatenate(parts, axis=1)


def by_row(params, split):
    """After each row: the share of right answers, and the mean of -log p(label) in nats."""
    p = beliefs(params, split.images)
    own = np.take_along_axis(p, split.labels[None, :, None].astype(int), axis=2)[..., 0]
    right = (p.argmax(axis=2) == split.labels).mean(axis=1)
    return {"right": right.round(4).tolist(), "loss": (-np.log(own)).mean(axis=1).round(4).tolist()}


def rounded(params):
    """The params as they are when they have been shipped."""
    pairs = {name: trained.rounded(p) for name, p in params.items()}
    return {name: whole * np.float64(scale) for name, (whole, scale) in pairs.items()}


def peaks(params, split):
    """Each unit's row, from 1, at which |h| is largest, the mean over a split's first 1,000 images: (H,)."""
    h = row_reader.read(split.images[:1000], params).h
    return 1 + np.abs(h).argmax(axis=0).mean(axis=0)


def last_right(params, images, labels):
    return float((beliefs(params, images)[-1].argmax(axis=1) == labels).mean())


def moved(image, right=MOVED):
    """An image some pixels further to the right; what leaves it is lost."""
    return np.pad(image, ((0, 0), (right, 0)))[:, :28]


def measure(mnist):
    """What the shipped network makes of the test images, as they are, and treated as the living picture treats them."""
    params, (images, labels) = row_reader.params(), mnist.test
    p = beliefs(params, images)
    rows = np.array([row_reader.decided(p[:, k]) for k in range(len(labels))])
    right = p[-1].argmax(axis=1) == labels
    shifted = np.stack([moved(image) for image in images])
    fit = lambda images: np.stack([digits.fitted(image) for image in images])  # noqa: E731
    levels = (np.rint(images / 17) * 17).astype(np.uint8)
    return {
        "right": {
            "as they are": float(right.mean()),
            "in 16 grey levels": last_right(params, levels, labels),
            "fitted": last_right(params, fit(images), labels),
            f"moved {MOVED} pixels to the right": last_right(params, shifted, labels),
            f"moved {MOVED} pixels to the right, then fitted": last_right(params, fit(shifted), labels),
        },
        "changed by fitting": float((fit(images) != images).any(axis=(1, 2)).mean()),
        "decided": {
            "median row": float(np.median(rows[right])),
            "right": np.bincount(rows[right], minlength=29)[1:].tolist(),
        },
    }


def control(split):
    return float(np.bincount(split.labels).max() / len(split.labels))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", action="store_true", help="measure the shipped weights, train nothing")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    mnist = digits.mnist()
    if options.measure:
        result = json.loads((SHIPPED / "belief_by_row.json").read_text(encoding="utf-8"))
    else:
        result, made = {"provenance": provenance("numpy", "torch")}, {}
        result["settings"] = {"H": H, "B": B, "epochs": options.epochs, "adam": STEP, "seed": SEED}
        result["most frequent"] = {name: control(part) for name, part in mnist._asdict().items()}
        result["trainings"] = {}
        for name, asked in {"last row": slice(27, 28), "every row": slice(0, 28)}.items():
            params, losses, seconds = train(mnist, asked, options.epochs)
            made[name] = params
            small = rounded(params)
            found = {"validation": by_row(small, mnist.validation), "test": by_row(small, mnist.test)}
            exact = by_row(params, mnist.test)["right"][-1]
            result["trainings"][name] = {
                "losses": losses,
                "CPU seconds": seconds,
                "test before rounding": exact,
            } | found
            print(name, seconds, "s", found["test"]["right"], flush=True)
        mean = {name: np.mean(found["validation"]["right"]) for name, found in result["trainings"].items()}
        result["shipped"] = max(mean, key=mean.get)
        params = rounded(made[result["shipped"]])
        order = np.argsort(peaks(params, mnist.validation), kind="stable")
        first = [int((mnist.test.labels == digit).argmax()) for digit in range(10)]
        result["examples"] = first
        trained.ship("belief_by_row.npz", params, order=order.astype(np.int16), examples=mnist.test.images[first])
        row_reader.params.cache_clear()
    write("belief_by_row", result | {"shipped on the test images": measure(mnist)}, SHIPPED)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
