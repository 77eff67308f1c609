"""The living picture of a recurrent neuron: its numbers and words, and every hook of the kit on it."""

import itertools
import re

import pytest

from alone import living
from built_site import BOOK
from unrolled.widgets import RecurrentNeuron

SETTINGS = {"w_I": -0.7, "w_R": 1.3, "b": 0.25, "x": [0.5, -1.0, 0.0, 0.3, 0.9], "t": 3}
CHAPTER = (BOOK / "chapters" / "02_recurrent_neuron.md").read_text(encoding="utf-8")
DRIVEN = re.findall(r'<span data-drive="RecurrentNeuron [^"]+">.+?</span>', CHAPTER)


def test_measures_are_those_of_the_chapter():
    measures = RecurrentNeuron(w_I=1.0, w_R=0.8, x=[1, 0, 0]).measures
    assert [round(measures[f"h{t}"], 4) for t in (1, 2, 3)] == [0.7616, 0.5436, 0.4094]
    assert measures["h_last"] == measures["h3"]
    assert measures["h_max"] == measures["h1"]


def test_measures_follow_the_controls():
    picture = RecurrentNeuron()
    for name, value in SETTINGS.items():
        setattr(picture, name, value)
    assert picture.measures == RecurrentNeuron(**SETTINGS).measures != RecurrentNeuron().measures


def test_a_shorter_sequence_takes_the_step_along():
    picture = RecurrentNeuron(x=[1, 0, 0], t=3)
    picture.x = [1]
    assert picture.t == 1


# --- in a browser -----------------------------------------------------------------------------------------------------

FORMULA = '<p id="formula"><span class="q-h">h</span> and <span class="q-x">x</span></p>'
CODE = '<div class="cell_input"><pre><span class="n">h</span> = <span class="n">w</span></pre></div>'


@pytest.fixture
def seen(browser, tmp_path):
    text = "".join(f"<p>{sentence}</p>" for sentence in DRIVEN) + FORMULA + CODE
    with living(browser, tmp_path, RecurrentNeuron(), text=text) as seen:
        yield seen


def states(seen):
    measures = seen.agrees()["measures"]
    return [measures[f"h{t}"] for t in range(1, measures["T"] + 1)]


def test_what_is_written_on_the_wires_is_what_was_computed(seen):
    seen.page.get_by_label("wR").fill("-1.35")
    seen.page.get_by_role("button", name="Next step").click()
    state = seen.agrees()
    wires = seen.page.locator("svg.u-drawing").first.locator("text.u-value").all_text_contents()
    wires = {round(float(text.replace("−", "-")), 3) for text in wires}
    t, m = state["t"], state["measures"]
    before = m[f"h{t - 1}"]
    expected = {m[f"h{t}"], state["x"][t - 1], before, before * m["w_R"], state["x"][t - 1] * m["w_I"]}
    assert {round(value, 3) + 0.0 for value in expected} <= wires


def test_by_keyboard_and_pointer(seen):
    seen.page.get_by_role("button", name="Next step").focus()
    seen.page.keyboard.press("Enter")
    assert seen.state()["t"] == 2
    box = seen.page.locator("svg").nth(1).bounding_box()
    seen.page.locator("svg").nth(1).click(position={"x": box["width"] * 0.7, "y": 90})
    assert seen.state()["t"] > 5
    t = seen.state()["t"]
    seen.page.get_by_role("button", name="Play").click()
    seen.page.wait_for_function("t => unrolled.models.a.state.t > t", arg=t)
    seen.page.get_by_role("button", name="Pause").click()
    seen.page.wait_for_function("/^Step/.test(document.querySelector('[role=status]').textContent)")


def test_the_sentences_of_the_chapter_are_true(seen):
    """w_R past 1: the pulse stays. w_R below 0: the sign flips at each step. Whatever was set before."""
    seen.page.get_by_label("b", exact=True).fill("-2")
    stays, flips = seen.page.locator("a.u-drive").all()
    stays.click()
    h = states(seen)
    assert all(value > 0.8 for value in h[1:]) and "stays" in CHAPTER.split(DRIVEN[0])[1][:30]
    flips.click()
    h = states(seen)
    assert all(a * b < 0 for a, b in itertools.pairwise(h)) and "sign flips" in CHAPTER.split(DRIVEN[1])[1][:30]


def test_the_presets_do_what_they_are_called(seen):
    menu = seen.page.get_by_label("try")
    menu.select_option("stays")
    assert states(seen)[-1] > 0.8
    menu.select_option("fades")
    assert states(seen)[-1] < 0.1
    menu.select_option("grows")
    assert states(seen)[-1] > 5
    menu.select_option("flips")
    assert states(seen)[-1] * states(seen)[-2] < 0
    seen.page.get_by_label("wR").fill("0.3")
    assert menu.input_value() == "own"


def test_a_pinned_curve_stays_while_the_other_moves(seen):
    pin, pinned = seen.page.get_by_role("button", name="Pin this curve"), seen.page.locator(".u-pinned")
    curve = lambda of: of.first.get_attribute("d")  # noqa: E731
    before = curve(seen.page.locator("svg").nth(1).locator(".u-wire.q-h"))
    pin.click()
    assert pin.get_attribute("aria-pressed") == "true"
    assert curve(pinned) == before
    seen.page.get_by_label("wR").fill("0")
    assert curve(pinned) == before
    assert "Pinned beside them: 0.76, 0.54" in seen.page.locator("svg").nth(1).get_attribute("aria-label")
    seen.page.get_by_label("activation").or_(seen.page.get_by_label("g", exact=True)).select_option("relu")
    seen.page.get_by_label("wR").fill("2")
    assert curve(pinned) != before  # the axis now reaches further
    seen.page.get_by_role("button", name="Reset").click()
    assert curve(pinned) == before
    pin.click()
    assert pinned.count() == 0


def test_what_belongs_to_one_quantity_lights_up_together(seen):
    """Formula, code, curve, label: from whichever of them one starts, and no longer than one points at it."""
    lit = "e => { const s = getComputedStyle(e); return s.backgroundColor + s.strokeWidth + s.stroke }"
    page, plot = seen.page, seen.page.locator("svg").nth(1)
    places = [
        page.locator("#formula .q-h"), page.locator("pre .n").first, plot.locator(".u-wire.q-h").first,
        page.locator("svg").first.locator("text.q-h").first,
    ]  # fmt: skip
    others = [page.locator("#formula .q-x"), page.locator("pre .n").nth(1)]
    dark = [place.evaluate(lit) for place in places + others]
    for start in places[:2] + places[3:]:
        start.hover()
        now = [place.evaluate(lit) for place in places + others]
        assert all(a != b for a, b in zip(now[:4], dark[:4], strict=True))
        assert now[4:] == dark[4:]
    page.locator("h1").hover()
    assert [place.evaluate(lit) for place in places + others] == dark
    page.get_by_label(re.compile("input x")).focus()  # the slider of a quantity, by keyboard
    assert page.locator("#formula .q-x").evaluate(lit) != dark[4]


def test_on_a_phone_the_picture_stays_in_view_with_its_controls(browser, tmp_path):
    with living(browser, tmp_path, RecurrentNeuron(), viewport={"width": 390, "height": 620}) as seen:
        for control in seen.page.locator(".u-controls :is(input, select, .u-button)").all():
            control.scroll_into_view_if_needed()
            panels, own = seen.page.locator(".u-panels").bounding_box(), control.bounding_box()
            assert panels["y"] > -1 and panels["y"] + panels["height"] <= own["y"] + 1
            assert own["y"] + own["height"] <= 620
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
