"""The living picture of a window and a state: in Python, in Node, and on its page."""

import math
import random

import pytest
from traitlets import TraitError

from alone import drawn, living, same
from unrolled.widgets import FixedWindow
from unrolled.widgets.fixed_window import split, word_number

EXAMPLES = [
    {},
    {"text": "a", "k": 1},
    {"text": "  Café\n\nNOT,  so\tGOOD’S naïve 𝄞 it’s ", "k": 12, "t": 3, "s": 5, "w_I": 1.3, "w_R": -0.9},
    {"text": " ".join(["word"] * 24), "t": 24, "s": 1, "w_I": 0.0, "w_R": 1.5},
    {"k": 5, "t": 2, "s": 14, "w_I": -2.0, "w_R": 2.0},
]


def by_hand(picture):
    """The measures in plain Python, one sentence read for each word left out."""
    x = [word_number(word) for word in split(picture.text)]

    def last(numbers):
        h, hs = 0.0, []
        for value in numbers:
            h = math.tanh(picture.w_I * value + picture.w_R * h)
            hs.append(h)
        return hs

    hs = last(x)
    h = hs[picture.t - 1]
    left_out = [last([0.0 if j == i else v for j, v in enumerate(x)])[picture.t - 1] for i in range(len(x))]
    return hs, h, left_out


@pytest.mark.parametrize("settings", EXAMPLES)
def test_measures_by_hand(settings):
    picture = FixedWindow(**settings)
    m, (hs, h, left_out) = picture.measures, by_hand(picture)
    n = len(left_out)
    assert m["n"] == n
    assert [m[f"h{i}"] for i in range(1, n + 1)] == pytest.approx(hs)
    assert [m[f"act{i}"] for i in range(1, n + 1)] == pytest.approx([abs(h - other) for other in left_out])
    assert (m["without"], m["act"]) == pytest.approx((left_out[picture.s - 1], m[f"act{picture.s}"]))
    assert m["h_max"] == pytest.approx(max(map(abs, hs[: picture.t])))
    assert all(m[f"act{i}"] == 0 for i in range(picture.t + 1, n + 1))
    assert m["seen"] + m["unseen"] == picture.t
    assert m["seen"] + m["padding"] == picture.k == m["weights_window"]
    assert m["weights_state"] == 2


def test_words_and_their_numbers():
    assert split("  NOT so\n\tbad ") == ["NOT", "so", "bad"]
    assert [word_number(w) for w in ("NOT", "NOT,", "Not", "I", "US", "A’S")] == [1, 1, 0.0, 0.02, 1, 1]
    assert word_number("Not") == (sum(map(ord, "Not")) % 13 - 6) / 100
    assert max(abs(word_number(chr(c))) for c in range(97, 123)) == 0.06


def test_at_first_sight_the_window_has_lost_the_word_and_the_state_has_not():
    m = FixedWindow().measures
    assert m["unseen"] >= 2
    assert m["x2"] == 1
    assert m["act2"] > 0.35
    assert max(m[f"act{i}"] for i in range(1, 13) if i != 2) < 0.02
    assert FixedWindow(w_R=0.5).measures["act2"] < 0.001  # and it is honest: with a small w_R that fades too
    assert FixedWindow(w_R=1.5).measures["act2"] < 0.12  # and with a large one nothing matters


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"text": ""}, "text: expected 1 to 24 words"),
        ({"text": " \n "}, "text: expected 1 to 24 words"),
        ({"text": "a " * 25}, "text: expected 1 to 24 words, 200 characters at most, got 25 words"),
        ({"text": "a" * 201}, "got 1 words, 201 characters"),
        ({"text": "one two", "t": 3}, "t: expected a word from 1 to 2, got 3"),
        ({"text": "one two", "s": 3}, "s: expected a word from 1 to 2, got 3"),
        ({"t": 0}, "t: expected a word from 1 to 14, got 0"),
        ({"k": 0}, "k: expected a width from 1 to 12, got 0"),
        ({"k": 13}, "k: expected a width"),
        ({"w_R": float("nan")}, "w_R: expected a number"),
        ({"w_I": 1e9}, "w_I: expected a number of size 1000 at most"),
        ({"text": 3}, "'text' trait"),
        ({"x": [1.0]}, "x: FixedWindow has text"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        FixedWindow(**settings)


def test_a_shorter_text_takes_both_words_along():
    picture = FixedWindow(t=14, s=9)
    picture.text = "only THREE words"
    assert (picture.t, picture.s, picture.measures["n"]) == (3, 3, 3)
    assert FixedWindow(text="two words").t == 2


@pytest.mark.parametrize("settings", EXAMPLES)
def test_node_computes_what_python_computes(drawer, settings):
    picture = FixedWindow(**settings)
    same(drawn(drawer, picture)[1]["measures"], picture.measures)


def test_many_settings_in_node(drawer):
    rng = random.Random(0)
    for _ in range(25):
        text = " ".join("".join(rng.choices("abcXYZ’é,", k=rng.randint(1, 7))) for _ in range(rng.randint(1, 24)))
        n = len(split(text))
        places = {"k": rng.randint(1, 12), "t": rng.randint(1, n), "s": rng.randint(1, n)}
        picture = FixedWindow(text=text, **places, w_I=rng.uniform(-2, 2), w_R=rng.uniform(-1.5, 1.5))
        same(drawn(drawer, picture)[1]["measures"], picture.measures)


def test_the_drawing_says_what_the_window_sees_and_what_it_has_lost(drawer):
    page, state = drawn(drawer, FixedWindow())
    m = state["measures"]
    lost = [text.text for text in page.select(".u-gone")]
    assert lost == ["the", "KEYS", "that", "she", "left", "in", "my", "old"]
    assert [text.text for text in page.select(".u-seen")] == ["red", "car", "last", "week"]
    assert [text.text for text in page.select(".u-slot")] == ["red", "car", "last", "week"]
    assert [text.text for text in page.select(".u-unread")] == ["are", "gone"]
    shown = [text.text for text in page.select(".u-sentence .u-value")]
    assert shown == [f"{m[f'act{i}']:.2f}" for i in range(1, 13)]
    assert f"{m['act']:.3f}" in page.text
    assert "The window of 4 sees: red car last week. It has lost 8 words." in page.select_one("svg")["aria-label"]
    page, _ = drawn(drawer, FixedWindow(t=2))
    assert [text.text for text in page.select(".u-slot")] == ["0", "0", "the", "KEYS"]
    assert not page.select(".u-gone")


def test_typing_clicking_and_keys(browser, tmp_path):
    with living(browser, tmp_path, FixedWindow()) as seen:
        place, state = seen.page.locator(".u-window"), seen.agrees
        area, select = place.locator("textarea"), place.locator("select")
        select.select_option("france")
        found = state()
        assert (found["t"], found["s"], area.input_value()) == (16, 5, found["text"])
        area.fill("it was NOT a film that")
        assert (state()["t"], state()["s"], select.input_value()) == (6, 3, "own")
        area.fill("a " * 25)
        assert "24 words are read at most" in place.locator("[role=alert]").inner_text()
        assert state()["measures"]["n"] == 6
        area.fill(" ")
        assert "Type a word" in place.locator("[role=alert]").inner_text()
        area.fill("now it is GOOD again")
        assert place.locator("[role=alert]").inner_text() == ""
        assert (state()["t"], state()["s"]) == (5, 4)
        place.get_by_role("button", name="Step back").focus()
        seen.page.keyboard.press("Enter")
        assert state()["t"] == 4
        place.get_by_label("window k").focus()
        seen.page.keyboard.press("ArrowLeft")
        assert state()["k"] == 3
        sentence = place.locator(".u-sentence")
        box = sentence.bounding_box()
        high = float(sentence.get_attribute("viewBox").split()[3])
        sentence.click(position={"x": 60, "y": (44 + 1.5 * 18) / high * box["height"]})
        assert state()["s"] == 2
        seen.page.wait_for_function("/^4 words read/.test(document.querySelector('[role=status]').textContent)")
        for words in ("Wordwithoutend" * 14, "W " * 24):
            area.fill(words[:200])
            seen.page.set_viewport_size({"width": 390, "height": 844})
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
            state()
