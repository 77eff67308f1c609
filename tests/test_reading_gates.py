"""The living picture of a trained network's gates: in Python, in Node, and in a browser with nothing else on it."""

import json
import random
import subprocess

import pytest
from traitlets import TraitError

from alone import axe, drawn, living, same
from built_site import AT_REST, visit
from unrolled import trained
from unrolled.widgets import ReadingGates
from unrolled.widgets.module import HERE, module
from unrolled.widgets.reading_gates import TEXT

EXAMPLES = [
    {},
    {"text": "a", "unit": 0, "quantity": "f", "t": 1},
    {"text": "Café 7 o’clock:\n\nI say", "unit": 127, "quantity": "h", "t": 5},
    {"text": "BRUTUS:\nAy, " + "so it is, " * 18, "unit": 31, "quantity": "g", "t": 180},
    {"text": "ZZZZQQQQ!!!!\n\n\n\n", "unit": 106, "quantity": "o", "t": 16},
]


@pytest.mark.parametrize("settings", EXAMPLES)
def test_node_computes_what_python_computes(drawer, settings):
    picture = ReadingGates(**settings)
    same(drawn(drawer, picture)[1]["measures"], picture.measures)


def test_many_texts_in_node(drawer):
    rng, alphabet = random.Random(0), trained.characters().alphabet
    for _ in range(20):
        text = "".join(rng.choices(alphabet, k=rng.randint(2, 60)))
        choices = {"unit": rng.randrange(128), "quantity": rng.choice("fiogCh"), "t": rng.randint(1, len(text))}
        picture = ReadingGates(text=text, **choices)
        same(drawn(drawer, picture)[1]["measures"], picture.measures)


def test_the_static_drawing_shows_the_text_and_the_numbers(drawer):
    page, _ = drawn(drawer, ReadingGates(t=60, unit=31))
    tiles = page.select(".u-tile")
    assert "".join(tile.text for tile in tiles) == TEXT.replace("\n", "↵").replace(" ", "\u00a0")
    assert [tile.text for tile in page.select(".u-chosen")] == ["c"]
    read = trained.read(trained.characters(), TEXT)
    full = abs(read.C[:, 31]).max()
    for tile, value in zip(tiles, read.C[:, 31], strict=True):
        assert tile["style"] == f"--v:{abs(value) / full:.3f}"
        assert ("u-below" in tile["class"]) == (value < 0)
    assert f"{read.C[59, 31]:.2f}" in page.select_one(".u-sums").text
    assert page.select_one(".u-heat image")["href"].startswith("data:image/png;base64,")
    assert "AUC" in page.text or "rank correlation" in page.text


def test_what_the_alphabet_lacks_is_shown_and_skipped(drawer):
    page, _ = drawn(drawer, ReadingGates(text="Café 7", t=4))
    assert [tile.text for tile in page.select(".u-foreign")] == ["é", "7"]
    assert "Skipped" in page.text and "é 7" in page.text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"text": ""}, "text: expected 1 to 200"),
        ({"text": "a" * 201}, "text: expected 1 to 200 characters, got 201"),
        ({"text": "é7"}, "text: the network knows none"),
        ({"unit": 128}, "unit: expected a number from 0 to 127, got 128"),
        ({"unit": -1}, "unit: expected a number"),
        ({"quantity": "z"}, "'quantity' trait"),
        ({"t": 0}, "t: expected a character from 1"),
        ({"t": 200}, "t: expected a character from 1 to 128, got 200"),
        ({"w_R": 1.0}, "w_R: ReadingGates has text"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        ReadingGates(**settings)


def test_a_shorter_text_takes_the_character_along():
    picture = ReadingGates(text="abcdef", t=6)
    picture.text = "ab"
    assert (picture.t, picture.measures["n"]) == (2, 2)


def test_the_weights_come_on_demand_and_are_in_no_trait():
    picture, sent = ReadingGates(), []
    picture.send = sent.append
    picture._answer(picture, {"type": "file", "name": "characters"}, [])
    picture._answer(picture, {"type": "file", "name": "../secret"}, [])
    picture._answer(picture, {"type": "hello"}, [])
    assert [message["file"] for message in sent] == [trained.for_page()]
    stored = {k: v for k, v in picture.get_state().items() if k not in ("_esm", "_css")}
    assert len(json.dumps(stored, default=str)) < 3000


def test_in_jupyter_the_javascript_asks_python_for_the_weights():
    """The same messages as `_answer` reads and sends; another widget's message is not taken for the answer."""
    script = """
      const listeners = new Set();
      const tell = (content) => { for (const listener of [...listeners]) listener(content); };
      const model = {
        on: (event, listener) => listeners.add(listener),
        off: (event, listener) => listeners.delete(listener),
        send: (content) => {
          console.log(JSON.stringify(content));
          tell({ type: "other" });
          tell({ type: "file", name: "another", file: 0 });
          tell({ type: "file", name: "characters", file: 7 });
        },
      };
      console.log(await heavyFile(model, "characters"), listeners.size);
    """
    code = module(HERE / "heavy_file.js") + script
    said = subprocess.check_output(["node", "--input-type=module"], input=code, text=True)
    assert said.splitlines() == ['{"type":"file","name":"characters"}', "7 0"]


# --- in a browser, with the book's host script and nothing else -----------------------------------------------------


@pytest.fixture
def page(browser, tmp_path):
    with living(browser, tmp_path, ReadingGates()) as seen:
        yield seen


def test_typing_choosing_and_keys(page):
    area, selects = page.page.locator("textarea"), page.page.locator("select")
    page.agrees()
    area.fill("HAMLET:\nTo be")
    assert page.agrees()["t"] == 13
    area.press_sequentially(", or 7 not")
    assert page.agrees()["measures"]["n"] == 22
    assert page.page.locator(".u-warning").nth(1).text_content().endswith(": 7")
    for unit in ("u81", "u31", "u126"):
        selects.nth(1).select_option(unit)
        for quantity in "fiogCh":
            selects.nth(2).select_option(quantity)
            assert page.agrees()["quantity"] == quantity
    strip = page.page.locator(".u-strip")
    strip.focus()
    for key, t in (("Home", 1), ("ArrowRight", 2), ("End", 22), ("ArrowLeft", 21), ("PageDown", 11)):
        page.page.keyboard.press(key)
        assert page.state()["t"] == t == int(strip.get_attribute("aria-valuenow"))
    page.page.locator(".u-tile").nth(4).click()
    assert page.state()["t"] == 5
    page.page.wait_for_function("/^Character 5, E/.test(document.querySelector('[role=status]').textContent)")
    box = page.page.locator(".u-heat").bounding_box()
    page.page.locator(".u-heat").click(position={"x": box["width"] - 3, "y": box["height"] - 2})
    found = page.agrees()
    assert (found["t"], found["unit"]) == (22, trained.for_page()["order"][-1])
    selects.first.select_option("casca")
    assert page.agrees()["text"].startswith("CASCA:")


def test_nothing_to_read_keeps_the_last_text(page):
    area = page.page.locator("textarea")
    area.fill("")
    assert "Type something" in page.page.locator("[role=alert]").text_content()
    area.fill("7")
    assert "knows none" in page.page.locator("[role=alert]").text_content()
    assert page.state()["text"] == TEXT
    area.fill("7 a")
    assert page.page.locator("[role=alert]").text_content() == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(page, theme):
    for unit, quantity in (("u31", "C"), ("u81", "g"), ("u0", "h"), ("u80", "i"), ("u31", "f"), ("u3", "o")):
        page.page.locator("select").nth(1).select_option(unit)
        page.page.locator("select").nth(2).select_option(quantity)
        assert not axe(page, theme)


def test_it_fits_a_phone(page):
    page.page.set_viewport_size({"width": 390, "height": 844})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    page.page.locator("textarea").fill("x" * 200)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390


CHAPTER = "chapters/12_lstm_inside"


def test_weights_are_fetched_when_the_picture_is_touched_and_what_was_typed_stays(browser, address):
    with visit(browser, f"{address}/{CHAPTER}.html") as seen:
        asked = []
        seen.page.on("request", lambda request: asked.append(request.url))
        picture = seen.page.locator(".u-widget:has(.u-reading)")
        picture.scroll_into_view_if_needed()
        seen.page.evaluate(AT_REST)
        assert not [url for url in asked if "/widgets/characters-" in url]
        picture.locator("textarea").fill("ROMEO:\nWhat light is this")
        seen.page.wait_for_selector(".u-live:has(.u-reading)")
        assert [url for url in asked if "/widgets/characters-" in url]
        assert picture.locator("textarea").input_value() == "ROMEO:\nWhat light is this"
        id = picture.get_attribute("data-model")
        state = seen.page.evaluate("id => unrolled.models[id].state", id)
        assert state["text"] == "ROMEO:\nWhat light is this"
        assert not seen.complaints
