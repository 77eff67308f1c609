"""Windows: the last k inputs side by side."""

import numpy as np
import pytest

from unrolled.windows import windows


def test_windows_of_a_sequence_by_hand():
    xs = np.array([[1.0, 2], [3, 4], [5, 6]])[:, None, :]  # (T, B, D) = (3, 1, 2)
    found = windows(xs, 2)[:, 0]
    np.testing.assert_array_equal(found, [[0, 0, 1, 2], [1, 2, 3, 4], [3, 4, 5, 6]])


@pytest.mark.parametrize("k", [1, 3, 9])
def test_the_last_place_is_now_and_the_others_are_earlier(k):
    xs = np.random.default_rng(0).normal(size=(6, 4, 3)).astype(np.float32)
    found = windows(xs, k).reshape(6, 4, k, 3)
    assert found.dtype == np.float32
    for back in range(k):
        for t in range(6):
            expected = xs[t - back] if t >= back else np.zeros((4, 3))
            np.testing.assert_array_equal(found[t, :, k - 1 - back], expected)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: windows(np.zeros((3, 2)), 2), "xs: expected shape"),
        (lambda: windows(np.zeros((3, 2, 1)), 0), "k: expected at least 1, got 0"),
        (lambda: windows([[1.0]], 1), "xs: expected a NumPy array"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()
