"""The slides' time series: the network trained, what it makes when it goes on alone, and what helps.

    python benchmarks/time_series.py        everything anew, a quarter of an hour on one core

The network is the slides': 100 ReLU units, one prediction at every step, Adam with 0.001, batches of 50 pieces of 20
values, 2,000 iterations, float32. The joined kernel [W_I; W_R] starts as TensorFlow 1's does, Glorot uniform. A seed
fixes the start and the pieces. The result, code/unrolled/results/time_series.json, is written after every part;
time_series.npz holds the small network of the living picture at several moments of its training.
"""

import time

import numpy as np

from provenance import SHIPPED, provenance, write
from unrolled import RNN, initializers, readout, ridge
from unrolled.networks.forecaster import Forecaster
from unrolled.tasks.series import RESOLUTION, time_series, training_instances

SEEDS = (0, 1, 2, 3, 4)
H, STEPS, BATCH, UPDATES = 100, 20, 50, 2000
LOOKS = (0, 100, 200, 300, 500, 1000, 1400, 2000, 3000, 6000)
STARTS = {"zeros": None, "0": 0.0, "10": 10.0, "20": 20.0, "30": 30.0}  # the times at which the first 20 values begin
SMALL, SNAPSHOTS = 32, (0, 50, 100, 200, 500, 1000, 2000)
ALONE = 2000  # values made alone
END_OF_TRAINING = 20.0  # where the honest split cuts


def network(seed, size=H):
    """The slides' network and the generator it was drawn from."""
    rng = np.random.default_rng(seed)
    kernel = initializers.glorot_uniform(rng, 1 + size, size)  # TensorFlow 1 draws W_I and W_R as one matrix
    params = {"W_ih": kernel[:1], "W_hh": kernel[1:], "b": np.zeros(size)} | readout.init(rng, size, 1)
    return Forecaster(RNN("relu"), {name: p.astype(np.float32) for name, p in params.items()}), rng


def pieces(rng, B, steps=STEPS, **limits):
    return tuple(values.astype(np.float32) for values in training_instances(rng, B, steps, **limits))


def held_out(**limits):
    return pieces(np.random.default_rng(2017), 2000, **limits)


class Summed(Forecaster):
    """The loss of the slides' listing: the sum over all outputs of a batch, a thousand times their mean."""

    def gradients(self, xs, targets):
        loss, grads = super().gradients(xs, targets)
        return loss, {name: g * np.float32(targets.size) for name, g in grads.items()}


def train(net, rng, updates=UPDATES, looks=LOOKS, noise=0.0, alone=0, steps=STEPS, **limits):
    """Train, and return what is seen at each of `looks`: the loss of the batch just learned, as the slides print it.

    noise: standard deviation of what is added to the inputs. alone: so many values are predicted alone after each
    piece, as a second loss. steps: of the pieces that are learned; what is seen is always of 20.
    """
    seen = {}
    for update in range(updates + 1):
        xs, targets = pieces(rng, BATCH, steps + alone, **limits)
        if alone:
            _, grads = net.gradients(xs[:steps], targets[:steps])
            _, more = net.alone_gradients(xs[:steps], targets[steps - 1 : steps - 1 + alone])
            net.optimizer.step({name: grads[name] + more[name] for name in grads})
        else:
            net.update(xs + noise * rng.standard_normal(xs.shape, np.float32) if noise else xs, targets)
        if update in looks or update == updates:
            seen[update] = digits(net.loss(xs[:STEPS], targets[:STEPS])), by_step(net, **limits)
    return seen


def by_step(net, **limits):
    xs, targets = held_out(**limits)
    return [digits(error) for error in ((net.predict(xs) - targets) ** 2).mean(axis=(1, 2))]


def digits(value):
    return float(f"{value:.5g}")


def linear_by_step():
    """The error of the best line through the first t values, t from 1 to 20; learned from 20,000 pieces."""
    xs, targets = training_instances(np.random.default_rng(0), 20000, STEPS)
    new, wanted = training_instances(np.random.default_rng(2017), 2000, STEPS)
    errors = []
    for t in range(STEPS):
        line = ridge.fit(xs[: t + 1, :, 0].T, targets[t])
        errors.append(digits(((line.predict(new[: t + 1, :, 0].T) - wanted[t]) ** 2).mean()))
    return errors


def nearest_by_step(most=3, known=400_000, neighbours=50):
    """What the first t values tell at all: the mean of what followed in the 50 nearest of 400,000 pieces, t up to 3.

    The pieces asked about are those of `linear_by_step`.
    """
    xs, targets = training_instances(np.random.default_rng(0), known, most)
    new, wanted = training_instances(np.random.default_rng(2017), 2000, STEPS)
    errors = []
    for t in range(most):
        guesses = []
        for b in range(new.shape[1]):
            distance = ((xs[: t + 1, :, 0] - new[: t + 1, b]) ** 2).sum(axis=0)
            guesses.append(targets[t, np.argpartition(distance, neighbours)[:neighbours], 0].mean())
        errors.append(digits(((np.array(guesses) - wanted[t, :, 0]) ** 2).mean()))
    return errors


def first_values(start):
    """The 20 values from a time on, (20, 1, 1); zeros for None."""
    if start is None:
        return np.zeros((STEPS, 1, 1), np.float32)
    return time_series(start + RESOLUTION * np.arange(STEPS)).astype(np.float32)[:, None, None]


def what_became(values):
    """How a series that was made alone ends. `high` and `low` are those of its last 400 values.

    diverged: beyond a million. growing: the last 400 values reach 5 % farther than the 400 before, as those of the true
    series do. Else it stays: as a fixed point (all within 0.01), as a cycle of at most 200 values (it repeats to a
    hundredth of its range), or as neither.
    """
    before, end = values[-800:-400], values[-400:]
    if not np.isfinite(values).all() or np.abs(values).max() > 1e6:
        return {"end": "diverged"}
    told = {"low": digits(end.min()), "high": digits(end.max())}
    reach = float(end.max() - end.min())
    if reach < 0.01:
        return {"end": "fixed point"} | told
    if np.abs(end).max() > 1.05 * np.abs(before).max():
        return {"end": "growing"} | told
    for period in range(2, 201):
        if np.abs(end[period:] - end[:-period]).max() < 0.01 * reach:
            return {"end": "cycle", "period": period} | told
    return {"end": "neither"} | told


def alone(net, start, way):
    """2,000 values made alone: how they end, and how far from the series they are on the way."""
    first = first_values(start)
    for steps in (ALONE, 100):
        try:
            with np.errstate(all="ignore"):
                made = net.reread(first, steps, STEPS) if way == "reread" else net.carry(first, steps)
        except ValueError:  # a value has overflowed, and the network refuses to read it
            continue
        break
    made = made[:, 0, 0].astype(float)
    end = what_became(made) if steps == ALONE else {"end": "diverged"}
    return end | distance(made, start)


def distance(made, start):
    """The root mean squared distance of the first 1, 20 and 100 values made alone from the series."""
    if start is None:
        return {}
    error = (made - time_series(start + RESOLUTION * np.arange(len(made))))[STEPS:]
    return {f"rmse {n}": digits(np.sqrt((error[:n] ** 2).mean())) for n in (1, 20, 100)}


def snapshots():
    """A network of 32 units, seed 0, at several moments of its training: the living picture's."""
    net, rng = network(0, SMALL)
    stored = {}
    for update in range(SNAPSHOTS[-1] + 1):
        if update in SNAPSHOTS:
            stored |= {f"{update}.{name}": p.copy() for name, p in net.params.items()}
        net.update(*pieces(rng, BATCH))
    np.savez_compressed(SHIPPED / "time_series.npz", **stored)


class Line:
    """The linear autoregression on 20 values, as something that goes on alone."""

    def __init__(self, **limits):
        xs, targets = training_instances(np.random.default_rng(0), 5000, STEPS, **limits)
        self.line = ridge.fit(xs[:, :, 0].T, targets[-1])

    def predict(self, xs):
        return self.line.predict(xs[:, :, 0].T)[None]

    def reread(self, values, steps, window):
        values = list(values.astype(float))
        for _ in range(steps):
            values.append(self.predict(np.stack(values[-window:]))[-1])
        return np.stack(values)


LONGER = {"updates": 3 * UPDATES}  # what training alone costs
WAYS = {
    "mean": {},
    "sum": {},
    "longer": LONGER,
    "longer pieces": {"steps": 2 * STEPS, "updates": 3 * UPDATES // 2},
    "noise 0.1": {"noise": 0.1} | LONGER,
    "noise 0.3": {"noise": 0.3} | LONGER,
    "alone 20": {"alone": 20},
    "alone 20, a third": {"alone": 20, "updates": UPDATES // 3},
    "early": {"t_max": END_OF_TRAINING},
}


def run(way, seed):
    """One network: what was printed on the way, its error by step at the end, and what it makes alone."""
    net, rng = network(seed)
    if way == "sum":
        net = Summed(net.cell, net.params)
    began = time.process_time()
    seen = train(net, rng, **WAYS[way])
    made = {"way": way, "seed": seed, "seconds": digits(time.process_time() - began)}
    made["printed"] = {update: loss for update, (loss, _) in seen.items()}
    shown = seen if way == "mean" else [max(seen)]
    made["by step"] = {update: seen[update][1] for update in shown}
    made["alone"] = {how: {name: alone(net, t, how) for name, t in STARTS.items()} for how in ("reread", "carry")}
    xs, targets = held_out(t_min=END_OF_TRAINING)
    made["late"] = digits(((net.predict(xs)[-1] - targets[-1]) ** 2).mean())
    print(way, seed, {how: [a["end"] for a in made["alone"][how].values()] for how in made["alone"]}, flush=True)
    return made


def linear():
    """The line: what it makes alone; and fitted to the early times, its error at the late ones."""
    line, early, late = Line(), Line(t_max=END_OF_TRAINING), held_out(t_min=END_OF_TRAINING)
    told = {
        "late": digits(((early.predict(late[0].astype(float))[0] - late[1][-1]) ** 2).mean()),
        "late, last value": digits(((late[0][-1] - late[1][-1]) ** 2).mean()),
    }
    for name, start in STARTS.items():
        made = line.reread(first_values(start), ALONE, STEPS)[:, 0, 0]
        told[name] = what_became(made) | distance(made, start)
    return told


def main():
    settings = {"H": H, "steps": STEPS, "batch": BATCH, "updates": UPDATES, "looks": LOOKS, "seeds": SEEDS}
    result = {"provenance": provenance("numpy"), "settings": settings}
    snapshots()
    result["controls"] = {"linear by step": linear_by_step(), "nearest by step": nearest_by_step()}
    result["linear"] = linear()
    result["runs"] = []
    for way in WAYS:
        for seed in SEEDS:
            result["runs"].append(run(way, seed))
        write("time_series", result, SHIPPED)


if __name__ == "__main__":
    main()
