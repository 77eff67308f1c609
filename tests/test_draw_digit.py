"""The living picture of a drawn digit: the drawing as text, what is measured, the pen, and the chapter's words."""

import json
import subprocess

import numpy as np
import pytest
from traitlets import TraitError

from alone import drawn, living, same
from unrolled import readout, row_reader
from unrolled.lstm import LSTM
from unrolled.sequence import unroll
from unrolled.tasks import digits
from unrolled.widgets import DrawDigit
from unrolled.widgets.draw_digit import NAMES, decoded, encoded, examples
from unrolled.widgets.module import HERE, module


def scribble(rng):
    """A drawing of some strokes, of any size and anywhere; sometimes a single dot."""
    image = np.zeros((28, 28), int)
    top, left = rng.integers(0, 27, 2)
    height, width = rng.integers(1, 29 - top), rng.integers(1, 29 - left)
    image[top : top + height, left : left + width] = 17 * rng.integers(0, 16, (height, width))
    image[top, left] = 255
    return image


def in_node(script):
    """What a script that uses pixels.js and paper.js says, in Node."""
    code = module(HERE / "pixels.js", HERE / "paper.js") + script
    return json.loads(subprocess.check_output(["node", "--input-type=module"], input=code, text=True))


# --- the drawing as text ----------------------------------------------------------------------------------------------


def test_a_drawing_comes_back_from_its_text_and_javascript_writes_the_same():
    rng = np.random.default_rng(0)
    images = [np.zeros((28, 28), int), np.full((28, 28), 255), *(scribble(rng) for _ in range(30))]
    texts = [encoded(image) for image in images]
    for image, text in zip(images, texts, strict=True):
        np.testing.assert_array_equal(decoded(text), image)
    said = in_node(
        f"const texts = {json.dumps(texts)};"
        "const both = texts.map((text) => [encoded(decoded(text)), [...fitted(decoded(text).map((v) => 17 * v))]]);"
        "console.log(JSON.stringify(both))"
    )
    assert [text for text, _ in said] == texts
    for image, (_, ink) in zip(images, said, strict=True):
        np.testing.assert_array_equal(ink, digits.fitted(image).ravel())


def test_the_examples_are_the_first_test_image_of_each_digit_in_16_levels_and_short():
    test, texts = digits.mnist().test, examples()
    assert list(texts) == [*NAMES, "moved"]
    for digit, name in enumerate(NAMES):
        first = test.images[(test.labels == digit).argmax()]
        assert abs(decoded(texts[name]).astype(int) - first).max() <= 8
        assert len(texts[name]) < 250
    seven, moved = decoded(texts["seven"]), decoded(texts["moved"])
    np.testing.assert_array_equal(moved[:, 5:], seven[:, :-5])
    assert not seven[:, -5:].any()  # nothing is lost on the way


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"drawing": ""}, "drawing: expected one of zero, .*, moved, or 784 pixels as `encoded` .*; got '', 0 pixels"),
        ({"drawing": "zz"}, "drawing: .*; got 'zz', 42 pixels"),
        ({"drawing": "0" * 785}, "drawing: .*, 785 pixels"),
        ({"drawing": "ff-3"}, "drawing: .*; got '-' at 2"),
        ({"drawing": "F" * 784}, "drawing: .*; got 'F' at 0"),
        ({"drawing": "ten"}, "drawing: .*; got 'ten', 25 pixels"),
        ({"place": "left"}, "place"),
        ({"t": 0}, "t: expected a number from 1 to 28, got 0"),
        ({"t": 29}, "t: expected a number from 1 to 28, got 29"),
        ({"w_R": 1.0}, "w_R: DrawDigit has drawing"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        DrawDigit(**settings)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((28, 27)), r"image: expected shape \(28, 28\), got \(28, 27\)"),
        (np.full((28, 28), -1), "image: expected numbers from 0 to 255, got -1 to -1"),
        (np.full((28, 28), 256), "got 256 to 256"),
        (np.full((28, 28), np.nan), "got nan to nan"),
    ],
)
def test_what_is_no_drawing_is_refused_by_name(image, words):
    for function in (encoded, digits.fitted):
        with pytest.raises(ValueError, match=words):
            function(image)


# --- what is measured -------------------------------------------------------------------------------------------------


def test_node_computes_what_python_computes(drawer):
    rng = np.random.default_rng(1)
    blank = encoded(np.zeros((28, 28)))
    cases = [{"drawing": blank, "t": t, "place": place} for t in (1, 28) for place in ("centred", "drawn")]
    cases += [{"drawing": name, "t": 10} for name in examples()]
    cases += [{"drawing": encoded(scribble(rng)), "t": int(rng.integers(1, 29))} for _ in range(10)]
    cases += [{"drawing": encoded(scribble(rng)), "place": "drawn", "t": 28} for _ in range(5)]
    for settings in cases:
        picture = DrawDigit(**settings)
        same(drawn(drawer, picture)[1]["measures"], picture.measures)


def test_measures_by_hand():
    picture = DrawDigit(drawing="nine", t=9)
    hs, _ = unroll(LSTM(), row_reader.params(), decoded(examples()["nine"])[:, None] / 255)
    p = readout.softmax(readout.linear(row_reader.params(), hs[:, 0]))
    m = picture.measures
    assert [m[f"p_{digit}"] for digit in range(10)] == pytest.approx(p[8].tolist())
    assert m["entropy"] == pytest.approx(-(p[8] * np.log(p[8])).sum())
    assert (m["now"], m["answer"]) == (p[8].argmax(), p[27].argmax())
    guesses = p.argmax(axis=1)
    assert (guesses[m["decided"] - 1 :] == 9).all() and guesses[m["decided"] - 2] != 9


def test_what_the_chapter_says():
    """Its three sentences."""
    three = DrawDigit(drawing="three", t=14).measures
    assert (three["now"], three["answer"], three["decided"]) == (8, 3, 17)
    assert round(three["p_8"], 2) == 0.64
    moved = DrawDigit(drawing="moved", place="drawn", t=28).measures
    assert moved["answer"] == 2 and round(moved["p_2"], 2) == 0.95
    back = DrawDigit(drawing="moved", t=28).measures
    assert back["answer"] == 7 and round(back["p_7"], 2) == 1
    assert DrawDigit(drawing="seven", t=28).measures == back


def test_the_static_drawing_says_row_answer_and_how_it_was_trained(drawer):
    page, _ = drawn(drawer, DrawDigit(drawing="three", t=14))
    lines = [line.text for line in page.select(".u-equation")]
    assert lines[0].startswith("After row 14: likeliest 8, p = 0.64. Entropy 1.06 nats")
    assert lines[1] == "The answer, after row 28: 3, p = 0.98. It is the likeliest from row 17 on."
    assert "trained with the loss after every row" in page.text
    assert page.select_one(".u-paper .u-drawing")["aria-label"] == "From MNIST's test set: three."
    assert len(page.select(".u-bar")) == 10
    page, _ = drawn(drawer, DrawDigit(drawing=encoded(np.zeros((28, 28)))))
    assert page.select_one(".u-paper .u-drawing")["aria-label"] == "Your drawing."


def test_the_weights_come_on_demand():
    picture, sent = DrawDigit(), []
    picture.send = sent.append
    picture._answer(picture, {"type": "file", "name": "row_reader"}, [])
    picture._answer(picture, {"type": "file", "name": "characters"}, [])
    assert [sorted(message["file"]) for message in sent] == [["H", "examples", "order", "weights"]]
    assert sorted(sent[0]["file"]["order"]) == list(range(64))
    assert len(json.dumps(sent[0])) < 60_000


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(browser, tmp_path):
    with living(browser, tmp_path, DrawDigit(), viewport={"width": 1000, "height": 900}) as seen:
        yield seen


def stroke(page, *points):
    box = page.page.locator(".u-paper svg").bounding_box()
    places = [(box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"]) for x, y in points]
    page.page.mouse.move(*places[0])
    page.page.mouse.down()
    for place in places[1:]:
        page.page.mouse.move(*place, steps=5)
    page.page.mouse.up()


def test_a_seven_is_drawn_read_misread_in_the_corner_and_rubbed_out(page):
    press = lambda name: page.page.get_by_role("button", name=name).click()  # noqa: E731
    press("Clear")
    assert decoded(page.agrees()["drawing"]).sum() == 0
    stroke(page, (16, 8.5), (25, 8.5), (25, 11), (22, 16), (20, 25))
    found = page.agrees()
    ink = decoded(found["drawing"])
    assert ink[8, 16:25].min() == 255 and ink[:, :13].max() == 0 and (ink % 255 > 0).any()  # soft at the edges
    assert found["measures"]["answer"] == 7
    page.page.locator("select").last.select_option("drawn")
    assert page.agrees()["measures"]["answer"] != 7
    press("Eraser")
    stroke(page, (14, 8.5), (27, 8.5))
    assert decoded(page.agrees()["drawing"])[8].sum() == 0
    press("Reset")
    assert page.agrees()["drawing"] == "three"
    assert page.page.get_by_role("button", name="Eraser").get_attribute("aria-pressed") == "false"


def test_keys_draw(page):
    page.page.get_by_role("button", name="Clear").click()
    paper = page.page.locator(".u-paper")
    paper.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp", " "):
        page.page.keyboard.press(key)
    ink = decoded(page.agrees()["drawing"])
    assert ink[6, 14] == 255 and ink[12].max() == 0
    for _ in range(9):
        page.page.keyboard.press("Shift+ArrowDown")
    assert decoded(page.agrees()["drawing"])[6:16, 14].min() == 255
    assert "row 16, column 15, ink 15 of 15" in paper.get_attribute("aria-label")
    page.page.keyboard.press("Delete")
    assert decoded(page.agrees()["drawing"])[15, 14] == 0
    assert page.page.evaluate("getComputedStyle(document.querySelector('.u-pen')).visibility") == "visible"


def test_a_click_on_the_maps_chooses_a_row(page):
    box = page.page.locator(".u-maps").bounding_box()
    for row in (1, 9, 28):
        y = box["y"] + (22 + (row - 0.5) * 5.6) / 198 * box["height"]
        page.page.mouse.click(box["x"] + 0.6 * box["width"], y)
        assert page.agrees()["t"] == row


def test_a_drawing_of_ones_own_stands_in_the_address_and_comes_back(browser, serve, tmp_path):
    address = serve(tmp_path)
    own = encoded(np.eye(28) * 255)
    with living(browser, tmp_path, DrawDigit(), address=address, query=f"?DrawDigit.drawing={own}") as seen:
        assert seen.agrees()["drawing"] == own
    with living(browser, tmp_path, DrawDigit(), address=address, query="?DrawDigit.drawing=seven") as seen:
        assert seen.agrees()["drawing"] == "seven"
        seen.page.locator("select").first.select_option("moved")
        assert seen.agrees()["measures"]["answer"] == 7
        seen.page.locator("select").last.select_option("drawn")
        assert seen.agrees()["measures"]["answer"] == 2
        seen.settle()
        assert seen.page.url.endswith("?DrawDigit.drawing=moved&DrawDigit.place=drawn")
