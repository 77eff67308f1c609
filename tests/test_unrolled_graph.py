"""The living picture of the unrolled graph: its counts, which cells it draws, and its words."""

import itertools

import pytest
from traitlets import TraitError

from alone import drawn
from unrolled.widgets import UnrolledGraph


def test_the_counts():
    static = {T: UnrolledGraph(steps=T).measures for T in range(1, 41)}
    assert {T: m["static"] for T, m in static.items() if T in (1, 2, 18, 19, 40)} == {
        1: 40, 2: 45, 18: 125, 19: 130, 40: 235,
    }  # fmt: skip
    assert {m["dynamic"] for m in static.values()} == {129}
    assert [T for T, m in static.items() if m["more"] > 0] == list(range(19, 41))
    for T, m in static.items():
        assert m["cells"] == m["work"] == T
        loop = UnrolledGraph(steps=T, unrolling="dynamic").measures
        assert loop == m | {"cells": 1}


@pytest.mark.parametrize("T", [1, 2, 6, 7, 8, 19, 40])
def test_every_cell_is_drawn_or_counted_as_left_out(drawer, T):
    for t in {1, 2, T // 2, T - 1, T} - {0} if T > 1 else {1}:
        page, _ = drawn(drawer, UnrolledGraph(steps=T, t=t))
        drawing = page.select(".u-drawing")[0]
        words = [text.text for text in drawing.select("text")]
        cells = [int(number) for name, number in itertools.pairwise(words) if name == "cell"]
        left = [int(word.removesuffix(" more")) for word in words if word.endswith(" more")]
        assert {1, t, T} <= set(cells) and cells == sorted(set(cells))
        assert len(cells) + sum(left) == T and len(cells) + len(left) <= 6
        assert 1 not in left  # there is room for a single one
        assert len(drawing.select(".u-copy")) == T and len(drawing.select(".u-copy.u-works")) == 1
        assert [box.select("text")[1].text for box in drawing.select(".u-current")] == [str(t)]


def test_the_loop_has_one_cell_whatever_t_is(drawer):
    for T, t in ((1, 1), (6, 3), (40, 40)):
        page, _ = drawn(drawer, UnrolledGraph(steps=T, t=t, unrolling="dynamic"))
        words = [text.text for text in page.select(".u-drawing")[0].select("text")]
        assert words.count("cell") == 1 and f"step {t} of {T}" in words and f"t: {t - 1} → {t}" in words
        happens = page.select(".u-equation")[2].text
        assert ("Exit" in happens, "Enter" in happens) == (t == T, t == 1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"steps": 41}, "steps: expected a number from 1 to 40, got 41"),
        ({"t": 3}, "t: expected a step from 1 to 2, got 3"),
        ({"steps": 6, "t": 7}, "t: expected a step from 1 to 6, got 7"),
        ({"unrolling": "lazy"}, "unrolling"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises(TraitError, match=words):
        UnrolledGraph(**settings)


def test_fewer_steps_take_t_along():
    picture = UnrolledGraph(steps=6, t=5)
    picture.steps = 3
    assert (picture.t, picture.measures["t"]) == (3, 3)
