"""The training loop: stopped anywhere and started again, it gives the same numbers as one that never stopped."""

import functools
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from unrolled import RNN, readout, training
from unrolled.networks.classifier import SequenceClassifier

T, B, D, H, K = 5, 4, 3, 6, 2


def numpy_learner():
    rng = np.random.default_rng(7)
    cell = RNN("tanh")
    return SequenceClassifier(cell, cell.init(rng, D, H) | readout.init(rng, H, K), learning_rate=0.01)


def pytorch_learner():
    import torch

    from unrolled.pytorch import Learner

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn, self.drop, self.out = torch.nn.RNN(D, H), torch.nn.Dropout(0.3), torch.nn.Linear(H, K)

        def forward(self, xs):
            return self.out(self.drop(self.rnn(xs)[1][0]))

    torch.manual_seed(0)
    model = Model().double()
    return Learner(model, torch.optim.Adam(model.parameters(), lr=0.01))


def keras_learner():
    import keras

    from unrolled.keras import Learner

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((T, D)), keras.layers.Flatten(), keras.layers.Dense(K)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    return Learner(model)


LEARNERS = {"numpy": numpy_learner, "pytorch": pytorch_learner, "keras": keras_learner}


def batches(rng):
    for _ in range(6):
        xs = rng.normal(size=(T, B, D))
        yield xs, (xs.sum(axis=(0, 2)) > 0).astype(int)


class StopsAt:
    """A learner that is interrupted, as by Ctrl-C or by another signal, while it works on its nth batch."""

    def __init__(self, learner, n, signal=signal.SIGINT):
        self.learner, self.n, self.signal = learner, n, signal
        self.state, self.restore = learner.state, learner.restore

    def update(self, *batch):
        self.n -= 1
        if self.n == 0:
            os.kill(os.getpid(), self.signal)
        return self.learner.update(*batch)


@functools.cache
def whole_run(framework):
    learner, rng = LEARNERS[framework](), np.random.default_rng(3)
    return learner, training.fit(learner, batches, epochs=3, rng=rng, evaluate=lambda: {"drawn": rng.random()})


@pytest.mark.parametrize("framework", LEARNERS)
@pytest.mark.parametrize("stop", [1, 6, 9, 18])
def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(framework, stop, tmp_path):
    make, path = LEARNERS[framework], tmp_path / "run.npz"
    handler = signal.getsignal(signal.SIGINT)
    expected, history = whole_run(framework)

    def go(learner, rng):
        evaluate = lambda: {"drawn": rng.random()}  # noqa: E731
        return training.fit(learner, batches, epochs=3, rng=rng, evaluate=evaluate, checkpoint=path)

    with pytest.raises(KeyboardInterrupt):
        go(StopsAt(make(), stop), np.random.default_rng(3))
    learner = make()
    again = go(learner, np.random.default_rng(99))
    np.testing.assert_equal(learner.state(), expected.state())
    assert [h["loss"] for h in again] == [h["loss"] for h in history]
    assert go(make(), np.random.default_rng(1)) == again  # a finished run is read, not run
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_killed_run_loses_nothing_that_was_saved(tmp_path):
    """kill -9 between two saves: the checkpoint on disk is whole, and the run ends with the same numbers."""
    script = textwrap.dedent(f"""
        import signal, sys
        sys.path[:0] = [{str(Path(__file__).parent)!r}]
        import numpy as np
        import test_training as t
        from unrolled import training
        training.SECONDS_BETWEEN_SAVES = 0
        learner = t.numpy_learner()
        rng, killed = np.random.default_rng(3), t.StopsAt(learner, 9, signal.SIGKILL)
        training.fit(killed, t.batches, epochs=3, rng=rng, checkpoint={str(tmp_path / "run.npz")!r})
    """)  # fmt: skip
    assert subprocess.run([sys.executable, "-c", script]).returncode == -signal.SIGKILL
    assert (tmp_path / "run.npz").exists()
    expected, learner = numpy_learner(), numpy_learner()
    history = training.fit(expected, batches, epochs=3, rng=np.random.default_rng(3))
    again = training.fit(learner, batches, epochs=3, rng=np.random.default_rng(0), checkpoint=tmp_path / "run.npz")
    assert again == history
    np.testing.assert_equal(learner.state(), expected.state())


def test_a_damaged_checkpoint_is_named(tmp_path):
    path = tmp_path / "run.npz"
    training.fit(numpy_learner(), batches, epochs=1, rng=np.random.default_rng(0), checkpoint=path)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(training.CheckpointError, match=r"run\.npz is damaged .*; delete it to start"):
        training.fit(numpy_learner(), batches, epochs=1, rng=np.random.default_rng(0), checkpoint=path)


def test_a_checkpoint_of_another_run_is_refused_and_kept(tmp_path):
    path, rng = tmp_path / "run.npz", np.random.default_rng(0)
    training.fit(numpy_learner(), batches, epochs=1, rng=rng, checkpoint=path)
    kept, cell = path.read_bytes(), RNN("tanh")
    other = SequenceClassifier(cell, cell.init(rng, D, H + 1) | readout.init(rng, H + 1, K))
    with pytest.raises(training.CheckpointError, match=r"W_ih should have shape \(3, 7\), the file has \(3, 6\)"):
        training.fit(other, batches, epochs=1, rng=rng, checkpoint=path)
    with pytest.raises(training.CheckpointError, match="the file has nothing"):
        training.fit(pytorch_learner(), batches, epochs=1, rng=rng, checkpoint=path)
    assert path.read_bytes() == kept


def test_wrong_arguments_are_named(tmp_path):
    with pytest.raises(TypeError, match="rng: expected a NumPy Generator"):
        training.fit(numpy_learner(), batches, epochs=1, rng=0)
    with pytest.raises(ValueError, match="epochs: expected at least 1, got 0"):
        training.fit(numpy_learner(), batches, epochs=0, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"checkpoint: expected a path that ends in \.npz"):
        training.fit(numpy_learner(), batches, epochs=1, rng=np.random.default_rng(0), checkpoint=tmp_path / "run")
