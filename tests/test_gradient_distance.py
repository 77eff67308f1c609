"""The living picture of vanishing gradients: in Python, in Node, in a browser. And the Jacobian that is asked for."""

import math
import random

import numpy as np
import pytest
from traitlets import TraitError

from alone import drawn, living, same
from unrolled import exercises, gradcheck
from unrolled.widgets import GradientDistance
from unrolled.widgets.gradient_distance import NETWORK, noise

EXAMPLES = [
    {},
    {"x": [0.4]},
    {"matrix": "orthogonal", "radius": 2.0, "activation": "linear", "x": noise(100), "clip": True, "t": 100},
    {"radius": 0.2, "activation": "linear", "x": noise(100)},
    {"radius": 2.0, "activation": "relu", "x": noise(60), "scale": "float32"},
    {"radius": 1.4, "activation": "tanh", "strength": 2.0, "x": noise(100), "clip": True, "threshold": 0.3},
    {"strength": 0.0, "activation": "relu"},
    {"strength": 0.0, "matrix": "orthogonal", "radius": 1.0},
]


def by_hand(settings):
    """Norms k steps back, and dL/dW_R by the definition: a loop over units, and Jacobians multiplied out."""
    p = GradientDistance(**settings)
    W = p.radius * np.array(NETWORK[p.matrix]).T  # the slides' way round
    bend = {"tanh": np.tanh, "relu": lambda a: np.maximum(a, 0), "linear": lambda a: a}[p.activation]
    slope = {"tanh": lambda a: 1 / np.cosh(a) ** 2, "relu": lambda a: 1.0 * (a > 0), "linear": np.ones_like}
    hs, sums = [np.zeros(8)], []
    for x in p.x:
        sums.append(np.array(NETWORK["W_ih"]) * p.strength * x + W @ hs[-1])
        hs.append(bend(sums[-1]))
    J, norms, terms = np.eye(8), [1.0], []
    for a, h in zip(reversed(sums), reversed(hs[:-1]), strict=True):
        D = np.diag(slope[p.activation](a))
        terms.append(np.outer(np.array(NETWORK["v"]) @ J @ D, h))
        J = J @ D @ W
        norms.append(np.linalg.norm(np.array(NETWORK["v"]) @ J))
    return norms, terms


@pytest.mark.parametrize("settings", EXAMPLES)
def test_measures_are_products_of_jacobians(settings):
    m, (norms, terms) = GradientDistance(**settings).measures, by_hand(settings)
    total, sizes = np.linalg.norm(sum(terms)), [np.linalg.norm(term) for term in terms]
    for k, norm in enumerate(norms):
        assert m[f"log10_{k}"] == pytest.approx(math.log10(norm) if norm else -400, abs=1e-5), k
    assert m["weights"] == pytest.approx(total, rel=1e-6)
    assert m["far"] == pytest.approx(sum(sizes[20:]) / sum(sizes) if total else 0, abs=1e-9)
    assert m["near"] + m["middle"] + m["far"] == pytest.approx(1 if total else 0)
    assert m["half"] == next((k for k, norm in enumerate(norms) if norm < 0.5), len(norms))
    limit = settings.get("threshold", 1) if settings.get("clip") else math.inf
    assert m["clipped"] == pytest.approx(min(total, limit))
    assert m["lost"] == (sum(size < 2**-24 * total for size in sizes[:-1]) if total else len(sizes) - 1)


def test_the_two_matrices_have_radius_one():
    for name in ("orthogonal", "random"):
        W = np.array(NETWORK[name])
        assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(1)
        assert np.linalg.svd(W, compute_uv=False)[0] == pytest.approx(NETWORK[f"{name}_norm"])
    np.testing.assert_allclose(np.linalg.svd(NETWORK["orthogonal"], compute_uv=False), 1)
    assert NETWORK["random_norm"] > 2


def test_clipping_changes_the_size_and_not_the_shares():
    free = GradientDistance(activation="linear").measures
    clipped = GradientDistance(activation="linear", clip=True).measures
    assert free["weights"] > 1000
    assert clipped["clipped"] == pytest.approx(1)
    assert all(free[part] == clipped[part] for part in ("near", "middle", "far", "log10_50"))


@pytest.mark.parametrize("settings", EXAMPLES)
def test_node_computes_what_python_computes(drawer, settings):
    picture = GradientDistance(**settings)
    page, state = drawn(drawer, picture)
    same(state["measures"], picture.measures)
    assert all("NaN" not in str(tag) and "Infinity" not in str(tag) for tag in page.select("path, circle, rect"))
    assert len(page.select("svg[aria-label]")) == 2


def test_many_settings_in_node(drawer):
    rng = random.Random(1)
    for _ in range(60):
        picture = GradientDistance(
            matrix=rng.choice(["random", "orthogonal"]), activation=rng.choice(["tanh", "relu", "linear"]),
            radius=rng.randint(4, 40) / 20, strength=rng.randint(0, 20) / 10, x=noise(rng.randint(1, 100)),
            clip=rng.random() < 0.5, threshold=rng.randint(1, 100) / 10,
        )  # fmt: skip
        same(drawn(drawer, picture)[1]["measures"], picture.measures)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"radius": 0.0}, "radius: expected a number from 0.2 to 2, got 0.0"),
        ({"radius": float("nan")}, "radius: expected a number from"),
        ({"strength": -1.0}, "strength: expected a number from 0 to 2"),
        ({"threshold": 0.0}, "threshold: expected a number from 0.1 to 10"),
        ({"x": []}, "x: expected 1 to 100 numbers"),
        ({"x": [0.0] * 101}, "x: expected 1 to 100 numbers"),
        ({"t": 61}, "t: expected a step from 1 to 60"),
        ({"matrix": "zero"}, "'matrix' trait .* expected any of"),
        ({"activation": "sin"}, "'activation' trait .* expected any of"),
        ({"w_R": 1.0}, "w_R: GradientDistance has matrix, radius"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        GradientDistance(**settings)


def test_a_shorter_sequence_takes_the_distance_along():
    picture = GradientDistance(t=60)
    picture.x = [1.0, 0.5]
    assert picture.t == 2


def test_the_jacobian_asked_for_is_the_derivative_of_the_step():
    for case in exercises.bank()["ch06_jacobian"].cases(np.random.default_rng(1)):
        params, h = case.arguments
        if h.dtype != np.float64 or np.abs(h).max() > 0.999:
            continue  # too coarse or too flat for differences
        before, weigh = np.full(len(h), 0.3), np.arange(1.0, len(h) + 1)
        a_x = np.arctanh(h) - before @ params["W_hh"]
        loss = lambda b=before, x=a_x, p=params, w=weigh: w @ np.tanh(x + b @ p["W_hh"])  # noqa: E731
        found = exercises.bank()["ch06_jacobian"].answer(params, h)
        gradcheck.check(loss, {"h": before}, {"h": weigh @ found}, rtol=1e-5)


def test_the_picture_in_a_browser(browser, tmp_path):
    with living(browser, tmp_path, GradientDistance(t=50)) as seen:
        picture, state = seen.page.locator(".u-picture"), seen.agrees
        assert state()["t"] == 50
        assert "50 steps back, at h⁽¹⁰⁾" in picture.inner_text()
        picture.get_by_label("radius of WR").focus()
        seen.page.keyboard.press("ArrowRight")
        assert state()["radius"] == pytest.approx(1.25)
        picture.get_by_label("g", exact=True).select_option("linear")
        assert state()["measures"]["weights"] > 1000
        before = picture.locator("svg").nth(1).get_attribute("aria-label")
        picture.get_by_role("button", name="Clip the gradient").click()
        assert state()["clip"] is True
        assert picture.get_by_role("button", pressed=True).count() == 1
        after = picture.locator("svg").nth(1).get_attribute("aria-label")
        assert before.split(". ")[1] == after.split(". ")[1]  # the shares
        assert "after clipping at 1.0: 1.000" in after
        plot = picture.locator("svg").first
        box = plot.bounding_box()
        plot.click(position={"x": box["width"] * 0.5, "y": 60})
        assert 20 < state()["t"] < 40
        lines = picture.locator(".u-limit").count()
        picture.get_by_label("show").select_option("float32")
        assert picture.locator(".u-limit").count() >= lines + 2
        picture.get_by_label("steps T").fill("10")
        assert (state()["t"], state()["measures"]["T"]) == (10, 10)
