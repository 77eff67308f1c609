"""The living picture of a language model: what it computes, what it writes, and that the page writes the same."""

import math

import numpy as np
import pytest
from traitlets import TraitError

from alone import drawn, living, same
from unrolled import readout, trained
from unrolled.widgets import CharacterModel
from unrolled.widgets.character_model import mulberry32, tempered

EXAMPLES = [
    {},
    {"text": "h", "temperature": 0.0},
    {"text": "Café 7 o’clock:\n\nI say", "written": " no", "temperature": 2.0, "seed": 99, "t": 5},
    {"text": "xqj vzk", "k": 3, "temperature": 1.0, "seed": 2**31 - 1},
    {"text": "ROMEO:\nAy, " + "so it is, " * 18, "written": "and " * 75, "temperature": 0.05, "k": 1, "t": 300},
]


@pytest.mark.parametrize("settings", EXAMPLES)
def test_node_computes_what_python_computes(drawer, settings):
    picture = CharacterModel(**settings)
    same(drawn(drawer, picture)[1]["measures"], picture.measures)


def test_the_generator_is_mulberry32():
    """The first numbers of the published JavaScript with seeds 0, 1 and 2^31 - 1, times 2^32."""
    first = [[round(mulberry32(seed, n) * 2**32) for n in range(3)] for seed in (0, 1, 2**31 - 1)]
    assert first[0] == [1144304738, 1416247, 958946056]
    assert first[1] == [2693262067, 11749833, 2265367787]
    assert first[2] == [1842962257, 546041740, 1654754255]
    many = np.array([mulberry32(7, n) for n in range(20_000)])
    assert many.min() >= 0 and many.max() < 1
    assert abs(many.mean() - 0.5) < 0.01
    assert abs(np.corrcoef(many[:-1], many[1:])[0, 1]) < 0.03


def test_measures_by_hand():
    text = "HAMLET:\nTo b"
    m = CharacterModel(text=text, temperature=0.5, k=62, t=4).measures
    network = trained.characters()
    p = readout.softmax(trained.read(network, text).logits)
    q = p[3] ** 2 / (p[3] ** 2).sum()
    assert m["n"] == len(text)
    assert m["loss"] == pytest.approx(trained.loss(network, text))
    assert (m["bits"], m["perplexity"]) == pytest.approx((m["loss"] / math.log(2), math.exp(m["loss"])))
    assert (m["p_top"], m["entropy"]) == pytest.approx((q.max(), -(q * np.log(q)).sum()))
    assert m["next"] == np.searchsorted(np.cumsum(q), mulberry32(1, 4), side="right")


def test_temperature_and_top_k():
    logits = np.array([1.0, 3.0, 2.0, 3.0, -800.0])
    assert tempered(logits, 0.0, 5).tolist() == [0, 1, 0, 0, 0]  # the first of the largest
    np.testing.assert_allclose(tempered(logits, 1.0, 5), readout.softmax(logits))
    np.testing.assert_allclose(tempered(logits, 2.0, 3)[[1, 3, 2]], readout.softmax(np.array([1.5, 1.5, 1.0])))
    assert tempered(logits, 1e-6, 5).tolist() == [0, 0.5, 0, 0.5, 0]
    assert CharacterModel(temperature=0.0).measures["entropy"] == 0
    assert CharacterModel(k=1, temperature=2.0).measures["p_top"] == 1


def test_writing_is_the_same_in_pieces_and_at_once():
    one, other = CharacterModel(seed=5), CharacterModel(seed=5)
    for _ in range(12):
        one.write()
    assert one.written == other.write(12)
    assert one.measures == other.measures
    assert CharacterModel(seed=6).write(12) != one.written
    assert one.t == one.measures["n"] == len(one.text) + 12
    one.text = "another"
    assert (one.written, one.t) == ("", 7)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"text": ""}, "text: expected 1 to 200"),
        ({"text": "é7"}, "text: the network knows none"),
        ({"written": "é"}, "written: expected up to 300 characters of the plays"),
        ({"written": "a" * 301}, "written: expected up to 300"),
        ({"temperature": 2.1}, "temperature: expected a number from 0 to 2, got 2.1"),
        ({"temperature": float("nan")}, "temperature: expected a number"),
        ({"k": 0}, "k: expected a number from 1 to 62, got 0"),
        ({"seed": -1}, "seed: expected a number from 0 to 2147483647"),
        ({"t": 43}, "t: expected a character from 1 to 42, got 43"),
        ({"w_R": 1.0}, "w_R: CharacterModel has text"),
    ],
)
def test_bad_settings_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        CharacterModel(**settings)


def test_too_much_cannot_be_written():
    picture = CharacterModel(text="a", written="b" * 299)
    with pytest.raises(TraitError, match="written: expected up to 300"):
        picture.write(2)
    assert picture.written == "b" * 299


def test_the_static_drawing_shows_text_chances_and_state(drawer):
    picture = CharacterModel(text="Cléo", written="!", temperature=0.5)
    page, _ = drawn(drawer, picture)
    assert [tile.text for tile in page.select(".u-foreign")] == ["é"]
    assert [tile.text for tile in page.select(".u-strip .u-made")] == ["!"]
    assert f"{picture.measures['loss']:.2f} nats" in page.text
    h = trained.read(trained.characters(), "Clo!").h[-1]
    squares = page.select(".u-squares rect")
    assert [("u-hollow" in square["class"]) for square in squares] == (h < 0).tolist()
    sides = [float(square["width"]) for square in squares]
    np.testing.assert_allclose(sides, 17 * np.sqrt(abs(h)), atol=0.01)
    assert len(page.select(".u-guesses .u-bar")) == 10
    assert "likely" not in page.select_one(".u-squares")["aria-label"]
    assert f"{(h > 0).sum()} above 0 and {(h < 0).sum()} below" in page.select_one(".u-squares")["aria-label"]


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(browser, tmp_path):
    with living(browser, tmp_path, CharacterModel()) as seen:
        seen.press = lambda name: seen.page.get_by_role("button", name=name).click()
        yield seen


def test_the_page_writes_what_python_writes(page):
    for _ in range(20):
        page.press("One character")
    found = page.agrees()
    assert found["written"] == CharacterModel().write(20)
    assert found["t"] == found["measures"]["n"]
    page.page.get_by_label("temperature", exact=True).fill("0")
    page.page.get_by_label("seed", exact=True).fill("42")
    page.press("Clear")
    for _ in range(25):
        page.press("One character")
    assert page.agrees()["written"] == CharacterModel(temperature=0.0, seed=42).write(25)
    page.press("Take back")
    assert page.agrees()["written"] == CharacterModel(temperature=0.0).write(24)
    assert page.page.locator(".u-strip .u-made").count() == 24


SIX_TICKS = """() => new Promise((done) => {
  let n = 0;
  const id = setInterval(() => { if (++n === 6) done(clearInterval(id)); }, 120);
})"""


def test_it_writes_on_until_it_is_stopped_or_full(page):
    page.press("Write on")
    page.page.wait_for_function("unrolled.models.a.state.written.length > 4")
    page.press("Pause")
    n = len(page.agrees()["written"])
    page.page.evaluate(SIX_TICKS)  # of the clock that would write
    assert len(page.state()["written"]) == n
    page.page.evaluate("unrolled.models.a.set('written', 'a'.repeat(299))")
    page.press("Write on")
    page.page.wait_for_function("unrolled.models.a.state.written.length === 300")
    page.page.get_by_role("button", name="Write on", disabled=True).wait_for()
    assert page.page.get_by_role("button", name="One character").is_disabled()
    page.agrees()
    page.press("Clear")
    assert page.agrees()["written"] == ""
    assert page.page.get_by_role("button", name="Take back").is_disabled()


def test_typing_choosing_and_keys(page):
    area = page.page.locator("textarea")
    area.fill("HAMLET:\nTo be")
    assert page.agrees()["t"] == 13
    area.press_sequentially(", 7 or")
    assert page.agrees()["measures"]["n"] == 18
    assert page.page.locator(".u-warning").nth(1).text_content().endswith(": 7")
    page.press("One character")
    area.press_sequentially("!")
    assert page.agrees()["written"] == ""
    strip = page.page.locator(".u-strip")
    strip.focus()
    for key, t in (("Home", 1), ("ArrowRight", 2), ("End", 19), ("PageDown", 9)):
        page.page.keyboard.press(key)
        assert page.agrees()["t"] == t
    page.page.get_by_label("only the top").fill("3")
    assert page.agrees()["k"] == 3
    assert sum(float(bar.get_attribute("width")) > 0.5 for bar in page.page.locator(".u-guesses .u-bar").all()) <= 3
    page.page.get_by_label("text", exact=True).select_option("slide")
    assert page.agrees()["text"] == "neon is amazing"
    area.fill("")
    assert "Type something" in page.page.locator("[role=alert]").text_content()
    assert page.state()["text"] == "neon is amazing"
    page.page.wait_for_function("/^Character 15 of 15, g/.test(document.querySelector('[role=status]').textContent)")
