"""The living picture of clipping: in Python, in Node, and (with every control) in tests/test_widgets.py."""

import math

import pytest
from traitlets import TraitError

from alone import drawn, state
from unrolled.widgets import Clipping

EXAMPLES = [
    {},
    {"first": 0.0, "second": 0.0},
    {"first": 0.3, "second": -0.4, "threshold": 6.0},
    {"first": -6.0, "second": 0.1, "threshold": 0.1},
    {"first": 0.0, "second": -5.0, "threshold": 1.5},
]


def by_hand(first, second, threshold):
    length = math.sqrt(first * first + second * second)
    factor = threshold / length if length > threshold else 1
    value = [math.copysign(min(abs(g), threshold), g) for g in (first, second)]
    own, cut = math.atan2(second, first), math.atan2(value[1], value[0])
    turned = abs((math.degrees(cut - own) + 180) % 360 - 180) if length else 0.0
    return {
        "first": first, "second": second, "threshold": threshold, "length": length,
        "norm1": first * factor, "norm2": second * factor, "norm_length": length * factor,
        "value1": value[0], "value2": value[1], "value_length": math.hypot(*value), "turned": turned,
    }  # fmt: skip


@pytest.mark.parametrize("settings", EXAMPLES)
def test_measures_by_hand_in_python_and_in_javascript(drawer, settings):
    picture = Clipping(**settings)
    expected = by_hand(**state(picture))
    page, after = drawn(drawer, picture)
    for found in (picture.measures, after["measures"]):
        assert found == pytest.approx(expected, abs=1e-9)
    assert f"turned by {expected['turned']:.1f}" in page.text
    words = page.select_one(".u-drawing")["aria-label"]
    assert f"{expected['length']:.2f}" in words


def test_the_first_sight_shows_a_turn():
    m = Clipping().measures
    assert m["norm_length"] == pytest.approx(m["threshold"]) and m["turned"] > 10
    assert m["norm1"] / m["norm2"] == pytest.approx(m["first"] / m["second"])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"first": 7.0}, "first: expected a number from -6 to 6, got 7.0"),
        ({"second": float("nan")}, "second: expected a number from -6 to 6, got nan"),
        ({"threshold": 0.0}, "threshold: expected a number from 0.1 to 6, got 0.0"),
        ({"threshold": "1"}, "'threshold' trait .* expected a float"),
        ({"t": 1}, "t: Clipping has first, second, threshold"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        Clipping(**settings)
