"""A training loop that can be stopped at any moment and goes on where it was.

A **learner** is any object with `update(*batch) -> loss`, `state() -> dict of arrays` and `restore(state)`:
`networks.classifier.SequenceClassifier` for NumPy, `pytorch.Learner` for PyTorch, `keras.Learner` for Keras.
"""

import json
import os
import signal
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from tqdm import tqdm

from unrolled.arguments import check_rng, check_size

SECONDS_BETWEEN_SAVES = 30


class CheckpointError(RuntimeError):
    """A checkpoint cannot be used; the message says why and what to do."""


def fit(learner, batches, *, epochs, rng, evaluate=None, checkpoint=None):
    """Train for a number of epochs and return the history, a list with one dict per epoch.

    batches: a function rng -> iterable of tuples for `learner.update`, one epoch of them.
    rng: the generator that orders the batches. evaluate: a function () -> dict of numbers, called after each epoch.
    checkpoint: a path ending in .npz. It is written after each epoch and when the run is interrupted (Ctrl-C, the
    stop button), every 30 seconds besides, and taken up when it exists: a run stopped anywhere and started again gives
    the same numbers as one that was never stopped.
    An interruption is passed on once the file is safe. Raises CheckpointError when the file is damaged or belongs to
    another run.
    """
    check_rng(rng)
    check_size("epochs", epochs)
    path = Path(checkpoint) if checkpoint else None
    if path and path.suffix != ".npz":
        raise ValueError(f"checkpoint: expected a path that ends in .npz, got {checkpoint!s}")
    at = {"history": [], "losses": [], "rng": rng.bit_generator.state}
    if path and path.exists():
        at = load(path, learner)
        tqdm.write(f"{path.name}: going on after {len(at['history'])} epochs and {len(at['losses'])} batches")
    with _stop_between_batches() as stopped:
        while len(at["history"]) < epochs:
            _epoch(learner, batches, rng, at, epochs, path, stopped)
            at["history"][-1] |= evaluate() if evaluate else {}
            if path:
                save(path, learner, at)
        if stopped:
            raise KeyboardInterrupt
    return at["history"]


@contextmanager
def _stop_between_batches():
    """Hold Ctrl-C back until the batch is done: half an update could not be resumed. A second one goes through."""
    received = []

    def receive(number, frame):
        if received:
            signal.default_int_handler(number, frame)
        received.append(number)

    try:
        before = signal.signal(signal.SIGINT, receive)
    except ValueError:  # only the main thread may do this
        yield received
        return
    try:
        yield received
    finally:
        signal.signal(signal.SIGINT, before)


def _epoch(learner, batches, rng, at, epochs, path, stopped):
    """One epoch, or the rest of one: the order is drawn again from the saved generator, what was done is skipped."""
    rng.bit_generator.state = at["rng"]
    done, saved = len(at["losses"]), time.monotonic()
    title = f"epoch {len(at['history']) + 1}/{epochs}"
    with tqdm(desc=title, total=at.get("batches"), unit=" batches", leave=False) as bar:
        for number, batch in enumerate(batches(rng)):
            if stopped:
                if path:
                    save(path, learner, at)
                    tqdm.write(f"Stopped in epoch {len(at['history']) + 1}. Run this again to go on from {path}.")
                raise KeyboardInterrupt
            if number >= done:
                at["losses"].append(learner.update(*batch))
                bar.set_postfix(loss=f"{at['losses'][-1]:.3f}", refresh=False)
            bar.update()
            if path and time.monotonic() - saved > SECONDS_BETWEEN_SAVES:
                save(path, learner, at)
                saved = time.monotonic()
    at["history"].append({"epoch": len(at["history"]) + 1, "loss": float(np.mean(at["losses"]))})
    at["batches"], at["losses"], at["rng"] = len(at["losses"]), [], rng.bit_generator.state


def save(path, learner, at):
    """Write the checkpoint under a temporary name, then rename it: a crash leaves the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **{"at": np.array(json.dumps(at))}, **learner.state())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def load(path, learner):
    """Put the learner back to where the checkpoint was written; return where the run stood."""
    try:
        with np.load(path, allow_pickle=False) as file:
            saved = {name: file[name] for name in file.files}
        at = json.loads(str(saved.pop("at")))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"{path} is damaged ({error}); delete it to start from the beginning") from error
    for name, now in learner.state().items():
        if name not in saved or saved[name].shape != now.shape:
            came = saved[name].shape if name in saved else "nothing"
            raise CheckpointError(
                f"{path} belongs to another run: {name} should have shape {now.shape}, the file has {came}; "
                "choose another checkpoint name or delete the file"
            )
    learner.restore(saved)
    return at
