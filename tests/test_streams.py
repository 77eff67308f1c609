"""The two tasks that tell a window from a state."""

import numpy as np
import pytest

from unrolled.tasks.streams import CLOSE, OPEN, flag_task, pattern_task


def test_the_flag_is_the_last_event_and_the_distance_leads_to_it():
    stream = flag_task(np.random.default_rng(1), 50, 7, 0.15)
    symbols = stream.xs.argmax(axis=-1)
    assert (stream.xs.sum(axis=-1) == 1).all()
    for b in range(7):
        state, since = None, 0
        for t in range(50):
            if symbols[t, b] in (OPEN, CLOSE):
                state, since = symbols[t, b] == OPEN, 0
            else:
                since += 1
            assert (stream.labels[t, b], stream.distance[t, b]) == (state, since)


def test_without_further_events_the_first_step_decides():
    stream = flag_task(np.random.default_rng(1), 9, 5, 0.0)
    np.testing.assert_array_equal(stream.distance, np.arange(9)[:, None].repeat(5, axis=1))
    assert (stream.labels == stream.labels[0]).all()


def test_the_pattern_depends_on_three_symbols_and_on_all_of_them():
    stream = pattern_task(np.random.default_rng(2), 400, 50)
    assert (stream.labels[:2] == -1).all()
    symbols = stream.xs.argmax(axis=-1)
    triples = 16 * symbols[:-2] + 4 * symbols[1:-1] + symbols[2:]
    seen = {triple: set(stream.labels[2:][triples == triple]) for triple in range(64)}
    assert all(len(labels) == 1 for labels in seen.values())
    table = np.array([seen[triple].pop() for triple in range(64)]).reshape(4, 4, 4)
    assert table.sum() == 32
    assert all((table != np.roll(table, 1, axis)).any() for axis in range(3))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: flag_task(rng, 5, 2, 1.5), "share: expected a number from 0 to 1, got 1.5"),
        (lambda rng: flag_task(rng, 0, 2, 0.5), "T: expected at least 1"),
        (lambda rng: flag_task(3, 5, 2, 0.5), "rng: expected a NumPy Generator"),
        (lambda rng: pattern_task(rng, 5, 2.0), "B: expected a whole number"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call(np.random.default_rng(0))
