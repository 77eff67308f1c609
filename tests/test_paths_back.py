"""The living picture of chapter 5: its numbers by another way, in Python and in the browser."""

import itertools
import math

import numpy as np
import pytest
from traitlets import TraitError

from alone import living
from unrolled import exercises
from unrolled.widgets import PathsBack

OWN = {
    "w_I": -0.7, "w_R": 1.3, "w_y": -1.1, "h0": 0.6, "x": [0.5, -1.0, 0.3, 0.8], "target": [0.2, -0.4, 0.9, 1.0],
    "t": 3, "s": 2,
}  # fmt: skip


def costs(copies, *, w_I, w_y, h0, x, target, activation="tanh", **_):
    """The cost of every step in plain Python, each step with a w_R of its own."""
    g, h, found = {"tanh": math.tanh, "relu": lambda a: max(a, 0.0)}[activation], h0, []
    for k, (x_k, w_R) in enumerate(zip(x, copies, strict=True)):
        h = g(w_I * x_k + w_R * h)
        found.append((w_y * h - (target[k] if k < len(target) else 0.0)) ** 2 / 2)
    return np.array(found)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("t", [1, 2, 3, 4])
def test_a_path_is_what_moving_one_copy_of_the_weight_does(activation, t):
    settings = OWN | {"activation": activation, "t": t, "s": 1}
    m, T = PathsBack(**settings).measures, 4
    moved = []
    for s in range(T):
        little = np.eye(T)[s] * 1e-6
        above, below = (costs(settings["w_R"] + sign * little, **settings) for sign in (1, -1))
        moved.append((above - below) / 2e-6)
    assert [m[f"p{s}"] for s in range(1, t + 1)] == pytest.approx([moved[s][t - 1] for s in range(t)], abs=1e-8)
    assert m["sum"] == pytest.approx(sum(m[f"p{s}"] for s in range(1, t + 1)), abs=1e-12)
    assert m["sum"] == pytest.approx(m["finite_difference"], abs=1e-8)
    assert m["total"] == pytest.approx(sum(map(sum, moved)), abs=1e-7)
    assert m["C"] == pytest.approx(costs([settings["w_R"]] * T, **settings)[t - 1])
    assert f"p{t + 1}" not in m


def test_it_shows_the_numbers_of_the_chapter():
    m = PathsBack(t=2, s=2).measures
    assert [round(m[name], 4) for name in ("p2", "p1", "sum", "total")] == [-0.8567, -0.3779, -1.2347, 0.49]


def test_a_start_from_zero_kills_the_longest_path():
    for t in (1, 2, 3):
        assert PathsBack(h0=0.0, t=t).measures["p1"] == 0
    m = PathsBack(w_R=0.0).measures
    assert m["p1"] == m["p2"] == 0 != m["p3"]
    assert m["sum"] == m["p3"]


def test_targets_that_are_missing_are_zero_and_more_are_ignored():
    assert PathsBack(target=[1.0]).measures == PathsBack(target=[1.0, 0.0, 0.0, 5.0]).measures


def test_controls_follow_each_other():
    picture = PathsBack()
    for name, value in OWN.items():
        setattr(picture, name, value)
    assert picture.measures == PathsBack(**OWN).measures != PathsBack().measures
    picture.t = 1
    assert picture.s == 1
    picture.x = [1.0]
    assert (picture.t, picture.s, picture.measures["T"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"x": []}, "x: expected 1 to 6 numbers"),
        ({"x": [0.0] * 7}, "x: expected 1 to 6 numbers"),
        ({"target": [0.0] * 7}, "target: expected up to 6 numbers"),
        ({"target": [float("nan")]}, "target: expected up to 6 numbers"),
        ({"h0": float("inf")}, "h0: expected a number"),
        ({"w_y": 1e9}, "w_y: expected a number of size 1000 at most"),
        ({"activation": "sin"}, "'activation' trait .* expected any of"),
        ({"t": 4}, "t: expected a step from 1 to 3"),
        ({"t": 0}, "t: expected a step from 1 to 3"),
        ({"t": 2, "s": 3}, "s: expected a step from 1 to t = 2"),
        ({"s": 0}, "s: expected a step from 1 to t = 3"),
        ({"b": 1.0}, "b: PathsBack has w_I, w_R"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        PathsBack(**settings)


def test_it_stays_finite_at_the_largest_weights():
    large = {"w_I": 1000.0, "w_R": -1000.0, "w_y": 1000.0, "h0": 1000.0, "x": [1000.0] * 6, "target": [-1000.0] * 6}
    for activation, t in itertools.product(("tanh", "relu"), (1, 3)):
        assert all(map(math.isfinite, PathsBack(**large, activation=activation, t=t, s=1).measures.values()))


def test_the_exercise_by_hand_is_what_the_picture_computes():
    settings = {"w_I": 2.0, "w_R": 0.5, "w_y": 2.0, "h0": 1.0, "activation": "relu", "x": [0.5, 0.125]}
    m = PathsBack(**settings, target=[0.0, 1.5], t=2, s=1).measures
    assert m["sum"] == exercises.bank()["ch05_by_hand"].answer == 2.0
    assert (m["p2"], m["p1"]) == (1.5, 0.5)


# --- in a browser -----------------------------------------------------------------------------------------------------


def test_what_is_written_is_what_was_computed(browser, tmp_path):
    with living(browser, tmp_path, PathsBack(t=2, s=2)) as seen:
        picture = seen.page.locator(".u-picture")
        picture.get_by_label("steps T").fill("5")
        picture.get_by_label("start h").fill("-0.65")
        picture.get_by_role("button", name="Follow the cost of step 4").click()
        picture.get_by_role("button", name="Light the path that ends at step 2").click()
        state = seen.agrees()
        m = state["measures"]
        assert (m["T"], state["t"], state["s"], len(state["target"])) == (5, 4, 2, 5)
        rows = picture.locator(".u-paths li:visible").all_text_contents()
        assert len(rows) == 4
        for s, row in zip((4, 3, 2, 1), rows, strict=True):
            left, right = row.removeprefix(f"step {s}").replace("−", "-").split("=")
            assert float(right) == pytest.approx(m[f"p{s}"], abs=1e-4)
            factors = [float(factor.strip(" ()")) for factor in left.split("·")]
            assert len(factors) == 4 + 4 - s
            assert math.prod(factors) == pytest.approx(m[f"p{s}"], abs=0.01)
            assert factors[-1] == pytest.approx(state["h0"] if s == 1 else m[f"h{s - 1}"], abs=1e-3)
        words = picture.inner_text().replace("−", "-")
        assert f"= {m['sum']:.6f} (all 4 paths" in words
        assert f"By moving wR a little: {m['finite_difference']:.6f}" in words
        assert words.rstrip().count(f"= {m['total']:.3f}") >= 1
        drawn = picture.locator("svg text.u-value").all_text_contents()
        assert {f"{m[f'h{k}']:.3f}".replace("-", "−") for k in range(1, 6)} <= set(drawn)
        assert sum(text.startswith("dh") for text in drawn) == sum(text.startswith("×") for text in drawn) + 1 == 3
        assert "adds" in picture.locator("svg").get_attribute("aria-label")


def test_paths_by_keyboard_and_pointer(browser, tmp_path):
    with living(browser, tmp_path, PathsBack(t=2, s=2)) as seen:
        picture = seen.page.locator(".u-picture")
        picture.locator(".u-cost").nth(2).click()
        assert (seen.state()["t"], seen.state()["s"]) == (3, 3)
        back = picture.get_by_role("button", name="One step back in time")
        back.focus()
        seen.page.keyboard.press("Enter")
        assert seen.state()["s"] == 2
        assert picture.locator(".u-use.u-lit").count() == 1
        seen.page.keyboard.press("Enter")
        assert seen.state()["s"] == 1
        assert back.is_disabled()
        assert picture.locator(".u-wire.u-lit").count() == 4  # down, left, left, to w_R
        assert (
            picture.locator(".u-wire.u-gone").count() == 3
        )  # nothing goes down from the other costs, or before step 1
        picture.locator(".u-use.u-reached").last.click()
        assert seen.state()["s"] == 3
        picture.get_by_label("steps T").fill("2")
        assert (seen.state()["t"], seen.state()["s"]) == (2, 2)
        seen.agrees()
        seen.page.wait_for_function("/^Cost of step 2/.test(document.querySelector('[role=status]').textContent)")


def test_a_corner_of_relu_is_said(browser, tmp_path):
    with living(browser, tmp_path, PathsBack(t=2, s=2)) as seen:
        picture = seen.page.locator(".u-picture")
        picture.get_by_label("g", exact=True).select_option("relu")
        picture.get_by_label("inputs").select_option("zero")
        assert "corner" not in picture.inner_text()
        picture.get_by_label("wR").fill("0")
        seen.agrees()
        assert "corner of ReLU" in picture.inner_text()
