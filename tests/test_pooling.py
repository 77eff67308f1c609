"""The benchmark of pooling: each way to pool by hand, the tasks, and the stored runs of chapter 9b."""

import numpy as np
import pytest
import torch

import pooling
from unrolled import results

LENGTHS = np.array([2, 5, 3, 1])


@pytest.fixture(scope="module")
def states():
    hs = torch.from_numpy(np.random.default_rng(0).normal(size=(5, 4, 3)) - 2)  # mostly negative
    valid = (torch.arange(5)[:, None] < torch.from_numpy(LENGTHS))[:, :, None]
    return hs, torch.from_numpy(LENGTHS), valid


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("last", lambda own, whole: own[-1]),
        ("mean", lambda own, whole: own.mean(dim=0)),
        ("max", lambda own, whole: own.amax(dim=0)),
        ("all", lambda own, whole: whole.mean(dim=0)),
        ("end", lambda own, whole: whole[-1]),
    ],
)
def test_each_way_to_pool_by_hand(states, name, by_hand):
    hs, _, _ = states
    found = pooling.POOLINGS[name](*states)
    expected = torch.stack([by_hand(hs[:n, b], hs[:, b]) for b, n in enumerate(LENGTHS)])
    torch.testing.assert_close(found, expected)


def test_the_first_symbol_is_the_label_and_the_padding_is_zero():
    batch = pooling.flags(np.random.default_rng(0), 200, 10)
    assert batch.xs.shape == (10, 200, 4)
    np.testing.assert_array_equal(batch.xs[0].argmax(axis=1), batch.labels)
    assert batch.xs[1:, :, :2].sum() == 0  # no other symbol tells
    np.testing.assert_array_equal(batch.xs.sum(axis=(0, 2)), batch.lengths)
    assert (batch.lengths.min(), batch.lengths.max()) == (5, 10)
    assert 70 < batch.labels.sum() < 130


def test_an_epoch_of_phrases_reads_each_once():
    task = pooling.Phrases()
    batches = list(task.batches(np.random.default_rng(0)))
    assert len(batches) == pooling.EPOCHS * 24
    assert all(len(batch.xs) == batch.lengths.max() for batch in batches)
    assert sum(batch.labels.sum() for batch in batches[:24]) == task.train.labels.sum()


@pytest.mark.parametrize("name", pooling.POOLINGS)
def test_alone_is_each_sequence_without_padding(name):
    torch.manual_seed(0)
    model, batch = pooling.Reader(name, 4), pooling.flags(np.random.default_rng(2), 60, 12)
    by_hand = [
        pooling.right(model, pooling.Batch(batch.xs[:n, [b]].copy(), batch.lengths[[b]], batch.labels[[b]]))
        for b, n in enumerate(batch.lengths)
    ]
    assert pooling.right_alone(model, batch) == pytest.approx(np.mean(by_hand), abs=1e-12)


def test_every_task_and_way_is_stored_with_its_grid_and_five_seeds():
    stored = results.load("pooling")["tasks"]
    assert set(stored) == set(pooling.TASKS)
    for task in stored.values():
        for name in pooling.POOLINGS:
            runs = {(run["rate"], run["seed"]): run for run in task[name]["runs"]}
            assert set(runs) >= {(rate, seed) for rate in pooling.RATES for seed in pooling.CHOOSING}
            assert set(runs) >= {(task[name]["best"], seed) for seed in pooling.FINAL}
            scores = [sum(runs[rate, seed]["validation"] for seed in pooling.CHOOSING) for rate in pooling.RATES]
            assert pooling.RATES[int(np.argmax(scores))] == task[name]["best"]


def test_a_stored_run_can_be_made_again():
    kept = results.load("pooling")["tasks"]["flag 10"]["mean"]["runs"][0]
    again = pooling.train("mean", pooling.Flags(10), kept["rate"], kept["seed"])
    assert again == pytest.approx(kept, abs=0.01)
