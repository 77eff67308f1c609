"""The living picture of the unrolled network: its numbers and words."""

import re

import pytest

from alone import living
from unrolled.widgets import UnrolledNetwork

SETTINGS = {"w_I": -0.7, "w_R": 1.3, "w_y": -1.1, "b_h": 0.25, "b_y": 0.4, "x": [0.5, -1.0, 0.3], "t": 2}


def test_measures_by_hand():
    measures = UnrolledNetwork(w_I=2, w_R=-1, w_y=3, b_h=0.5, b_y=-1, activation="relu", x=[1, 1]).measures
    assert (measures["h1"], measures["h2"]) == (2.5, 0.0)  # relu(2 + 0.5), relu(2 - 2.5 + 0.5)
    assert (measures["y1"], measures["y2"], measures["y_last"]) == (6.5, -1.0, -1.0)


def test_measures_follow_the_controls():
    picture = UnrolledNetwork()
    for name, value in SETTINGS.items():
        setattr(picture, name, value)
    assert picture.measures == UnrolledNetwork(**SETTINGS).measures != UnrolledNetwork().measures


@pytest.fixture
def seen(browser, tmp_path):
    with living(browser, tmp_path, UnrolledNetwork()) as seen:
        yield seen


def test_what_is_written_on_the_wires_is_what_was_computed(seen):
    seen.page.get_by_label("wR").fill("-1.35")
    state = seen.agrees()
    wires = seen.page.locator("text.u-value").all_text_contents()
    wires = {round(float(text.replace("−", "-")), 3) for text in wires if re.fullmatch(r"−?[\d.]+", text)}
    m = state["measures"]
    expected = {m[f"{name}{t}"] for name in "hy" for t in range(1, m["T"] + 1)}
    expected |= {m["h1"] * m["w_R"], state["x"][0] * m["w_I"]}
    assert {round(value, 3) + 0.0 for value in expected} <= wires


def test_by_keyboard_and_pointer(seen):
    network = seen.page.locator(".u-network")
    words = lambda place: network.locator(place).inner_text()  # noqa: E731
    network.locator(".u-chip[data-weight=w_R]").first.hover()
    chips = network.locator(".u-chip[data-weight=w_R]").count()
    assert network.locator(".u-chip[data-weight=w_R].u-lit").count() == chips >= 4
    assert network.locator(".u-chip.u-lit[data-weight=w_I]").count() == 0
    assert words(".u-equation").startswith("wR is one number. It is used")
    network.get_by_role("button", name="Fold").click()
    assert "folded into one cell" in network.locator("svg").get_attribute("aria-label")
    assert network.locator(".u-fold").evaluate("e => getComputedStyle(e.parentNode).display") != "none"
    network.get_by_role("button", name="Unfold").click()
    assert re.search(r"unrolled over \d steps", network.locator("svg").get_attribute("aria-label"))
    network.get_by_label("steps T").fill("3")
    assert "leads through 3 hidden layers and meets wR 2 times" in words(".u-follows")
    for name, settings, sentence in (
        ("cut", {"w_R": 0}, "3 networks side by side"),
        ("echo", {"w_R": 0.8, "activation": "tanh"}, "The longest way"),
        ("deaf", {"w_I": 0}, "no input gets in"),
    ):
        network.get_by_label("try").select_option(name)
        assert settings.items() <= seen.state().items()
        assert sentence in words(".u-follows")
    network.get_by_label("wI").fill("0.5")
    assert network.get_by_label("try").input_value() == "own"
    network.get_by_label("steps T").fill("1")
    assert "One step" in words(".u-follows")
    network.get_by_label("wy").fill("0")
    assert "every output is by" in words(".u-follows")
