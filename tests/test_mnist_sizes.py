"""The benchmarks of MNIST by rows that chapter 9b reads: their networks, and the stored runs."""

import numpy as np
import pytest
import torch

import mnist_sizes
import mnist_tanh
from unrolled import RNN, readout, results, unroll
from unrolled.initializers import glorot_uniform, variance_scaling
from unrolled.tasks import digits


@pytest.mark.parametrize(
    ("activation", "start"), [("relu", variance_scaling), ("relu", glorot_uniform), ("tanh", glorot_uniform)]
)
def test_the_network_is_that_of_the_chapter(activation, start):
    model = mnist_sizes.RowReader(np.random.default_rng(3), 7, activation, start)
    rng = np.random.default_rng(3)
    kernel = start(rng, 28 + 7, 7)
    params = {"W_ih": kernel[:28], "W_hh": kernel[28:], "b": np.zeros(7)} | readout.init(rng, 7, 10)
    xs = np.random.default_rng(4).normal(size=(5, 3, 28))
    ys, _ = unroll(RNN(activation), params, xs)
    expected = readout.linear(params, ys[-1])
    with torch.no_grad():
        found = model(torch.from_numpy(xs.astype(np.float32)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)
    assert mnist_sizes.size(model) == 28 * 7 + 7 * 7 + 7 + 7 * 10 + 10


def test_what_is_printed_is_the_last_batch_after_learning_from_it():
    mnist = digits.Mnist(*(digits.Images(s.images[:450], s.labels[:450]) for s in digits.mnist()))
    done = mnist_sizes.run(5, seed=0, epochs=2, mnist=mnist)
    assert len(done["batches"]) == 3
    assert done["history"][-1]["printed"] == pytest.approx(done["batches"][-1], abs=1e-4)
    assert set(done["history"][0]) == {"epoch", "loss", "printed", "train", "validation", "test"}


def test_every_size_and_seed_is_stored():
    runs = results.load("mnist_sizes")["runs"]
    assert [(run["size"], run["seed"]) for run in runs] == [
        (size, seed) for size in mnist_sizes.SIZES for seed in mnist_sizes.SEEDS
    ]
    for run in runs:
        assert len(run["history"]) == mnist_sizes.EPOCHS
        assert len(run["batches"]) == 55_000 // mnist_sizes.BATCH
        assert run["history"][-1]["printed"] == pytest.approx(run["batches"][-1], abs=1e-4)


def test_the_first_epoch_of_a_stored_run_can_be_made_again():
    kept = next(run for run in results.load("mnist_sizes")["runs"] if (run["size"], run["seed"]) == (25, 0))
    again = mnist_sizes.run(25, seed=0, epochs=1)
    assert again["history"][0] == pytest.approx(kept["history"][0], abs=0.05)


def test_the_runs_with_another_activation_or_start_have_a_hundred_epochs():
    runs = results.load("mnist_tanh")["runs"]
    assert [(run["activation"], run["seed"]) for run in runs] == list(mnist_tanh.RUNS)
    assert all(len(run["history"]) == mnist_tanh.EPOCHS for run in runs)
