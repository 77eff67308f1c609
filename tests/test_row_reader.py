"""The network that reads digits by rows: what its result file says of both trainings, and that it is found again."""

import numpy as np
import pytest

import belief_by_row
from unrolled import results, row_reader, trained
from unrolled.tasks import digits

RESULT = results.load("belief_by_row")


@pytest.fixture(scope="module")
def mnist():
    return digits.mnist()


def test_shapes_provenance_and_size():
    H = RESULT["settings"]["H"]
    shapes = {"W_ih": (28, 4 * H), "W_hh": (H, 4 * H), "b": (4 * H,), "W_hy": (H, 10), "b_y": (10,)}
    assert {name: p.shape for name, p in row_reader.params().items()} == shapes
    assert {"command", "date", "machine", "versions"} <= RESULT["provenance"].keys()
    assert (results.FOLDER / row_reader.FILE).stat().st_size < 60_000
    assert sum(found["CPU seconds"] for found in RESULT["trainings"].values()) < 360


def test_the_stated_numbers_are_found_again(mnist):
    found = belief_by_row.by_row(row_reader.params(), mnist.test)
    np.testing.assert_allclose(found["right"], RESULT["trainings"]["every row"]["test"]["right"], atol=2e-4)
    np.testing.assert_allclose(found["loss"], RESULT["trainings"]["every row"]["test"]["loss"], atol=2e-4)


def test_which_training_means_something_before_the_last_row():
    last, every = (
        {part: np.array(RESULT["trainings"][name][part]["right"]) for part in ("validation", "test")}
        for name in ("last row", "every row")
    )
    assert RESULT["shipped"] == "every row"
    assert every["validation"].mean() > last["validation"].mean() + 0.3
    control = RESULT["most frequent"]["test"]
    assert control == 0.1135
    assert (every["test"][2:] > control + 0.05).all() and (abs(every["test"][:2] - control) < 0.01).all()
    assert (last["test"][:19] < 0.25).all()
    assert last["test"][27] - every["test"][27] == pytest.approx(0.0015)


def test_rounding_fitting_and_16_levels_cost_next_to_nothing_and_a_shift_costs_half():
    right = RESULT["shipped on the test images"]["right"]
    before = RESULT["trainings"]["every row"]["test before rounding"]
    assert abs(right["as they are"] - before) < 0.001
    for kept in ("in 16 grey levels", "fitted", "moved 4 pixels to the right, then fitted"):
        assert abs(right[kept] - right["as they are"]) < 0.001
    assert right["moved 4 pixels to the right"] < 0.5
    assert RESULT["shipped on the test images"]["changed by fitting"] < 0.001


def test_decided_is_the_row_from_which_the_answer_stays():
    p = np.zeros((28, 10))
    p[:, 3] = 1
    assert row_reader.decided(p) == 1
    p[11, 5] = 2
    assert row_reader.decided(p) == 13
    p[26, 5] = 2
    assert row_reader.decided(p) == 28


def test_swapped_gates_are_seen(mnist):
    images, labels = mnist.test.images[:500], mnist.test.labels[:500]
    right = belief_by_row.last_right(row_reader.params(), images, labels)
    assert right > 0.97
    i, f, g, o = np.split(row_reader.params()["W_hh"], 4, axis=1)
    swapped = row_reader.params() | {"W_hh": np.hstack([f, i, g, o])}
    assert belief_by_row.last_right(swapped, images, labels) < right - 0.1


def test_the_units_stand_in_the_order_of_their_peaks(mnist):
    order = row_reader.for_page()["order"]
    peaks = belief_by_row.peaks(row_reader.params(), mnist.validation)
    assert (np.diff(peaks[order]) >= 0).all() and peaks.max() - peaks.min() > 5


def test_shipped_weights_are_rounded_as_they_say():
    arrays = trained.stored(row_reader.FILE)
    again = {name: trained.rounded(p)[0] for name, p in row_reader.params().items()}
    for name in trained.NAMES:
        assert arrays[name].dtype == np.int8
        np.testing.assert_array_equal(again[name], arrays[name])


# --- size and place as MNIST has them ---------------------------------------------------------------------------------


def test_fitting_leaves_mnists_own_digits_alone(mnist):
    for image in mnist.test.images[:200]:
        np.testing.assert_array_equal(digits.fitted(image), image)


@pytest.mark.parametrize(("down", "across"), [(-4, 3), (3, -2), (0, 4)])
def test_fitting_brings_a_moved_digit_back(mnist, down, across):
    image = mnist.test.images[4]
    moved = np.argwhere(image) + np.array([down, across])
    assert ((moved >= 0) & (moved < 28)).all()  # nothing is lost
    np.testing.assert_array_equal(digits.fitted(np.roll(image, (down, across), axis=(0, 1))), image)


def test_fitting_scales_the_longer_side_to_20_and_centres_the_mass():
    rng = np.random.default_rng(0)
    for _ in range(50):
        height, width = rng.integers(1, 29, 2)
        image = np.zeros((28, 28))
        image[:height, :width] = 17 * rng.integers(6, 16, (height, width))
        made = digits.fitted(image)
        rows, columns = np.flatnonzero(made.any(axis=1)), np.flatnonzero(made.any(axis=0))
        longer = max(np.ptp(rows), np.ptp(columns)) + 1
        assert longer == 20 and made.dtype == np.uint8
        assert min(np.ptp(rows), np.ptp(columns)) + 1 == max(1, round(min(height, width) * 20 / max(height, width)))
        centre = np.argwhere(made).T @ made[made > 0] / made.sum()
        assert abs(centre - 14).max() <= 0.5
    assert not digits.fitted(np.zeros((28, 28))).any()
