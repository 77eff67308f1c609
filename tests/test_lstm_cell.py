"""The living picture of an LSTM cell: its numbers by hand, its words, and the hooks of the kit on it."""

import math
import re

import pytest

from alone import living
from built_site import BOOK
from unrolled import exercises
from unrolled.widgets import LSTMCell
from unrolled.widgets.lstm_cell import WEIGHTS, pulse_then_noise

NUMBERS = [1.5, -0.7, 0.2, 0.4, 0.9, 1.1, -1.3, 0.8, 0.3, 0.6, -1.2, 0.5]
SETTINGS = {**dict(zip(WEIGHTS, NUMBERS, strict=True)), "gate": "o", "x": [0.5, -1.0, 0.3, 0.8], "t": 2}
CHAPTER = (BOOK / "chapters" / "12_lstm_inside.md").read_text(encoding="utf-8")
DRIVEN = re.findall(r'<span data-drive="LSTMCell [^"]+">.+?</span>', CHAPTER)


def lstm_by_hand(w, x, C_1=None):
    """C(1) ... C(T) and h(1) ... h(T) in plain Python; with C_1 the first cell state is replaced by it."""
    sigmoid = lambda a: 1 / (1 + math.exp(-a))  # noqa: E731
    Cs, hs = [0.0], [0.0]
    for t, value in enumerate(x, start=1):
        a = {gate: w[f"w_x{gate}"] * value + w[f"w_h{gate}"] * hs[-1] + w[f"b_{gate}"] for gate in "ifgo"}
        C = sigmoid(a["f"]) * Cs[-1] + sigmoid(a["i"]) * math.tanh(a["g"])
        Cs.append(C_1 if t == 1 and C_1 is not None else C)
        hs.append(sigmoid(a["o"]) * math.tanh(Cs[-1]))
    return Cs[1:], hs[1:]


def test_measures_of_an_lstm_cell_by_hand():
    m = LSTMCell(**SETTINGS).measures
    C, h = lstm_by_hand(SETTINGS, SETTINGS["x"])
    assert [m[f"C{t}"] for t in (1, 2, 3, 4)] == pytest.approx(C)
    assert [m[f"h{t}"] for t in (1, 2, 3, 4)] == pytest.approx(h)
    assert (m["C_last"], m["h_last"], m["C_change"]) == pytest.approx((C[-1], h[-1], C[-1] - C[0]))
    assert m["f1"] == pytest.approx(1 / (1 + math.exp(-(0.4 * 0.5 + 1.1))))
    assert m["kept"] == pytest.approx(m["f2"] * m["f3"] * m["f4"])


def test_what_the_last_cell_state_owes_to_the_first_by_finite_differences():
    m, eps = LSTMCell(**SETTINGS).measures, 1e-6
    (up, _), (down, _) = (lstm_by_hand(SETTINGS, SETTINGS["x"], m["C1"] + sign * eps) for sign in (1, -1))
    assert m["d_C"] == pytest.approx((up[-1] - down[-1]) / (2 * eps), rel=1e-7)
    assert abs(m["d_C"] - m["kept"]) > 0.01  # the ways through h count
    alone = LSTMCell(**SETTINGS | {f"w_h{gate}": 0.0 for gate in "ifgo"}).measures
    assert alone["d_C"] == pytest.approx(alone["kept"])
    assert LSTMCell(x=[1.0]).measures["d_C"] == LSTMCell(x=[1.0]).measures["kept"] == 1


def test_the_lstm_cell_shows_a_memory_at_first_sight():
    m = LSTMCell().measures
    assert m["i1"] > 0.9
    assert max(m[f"i{t}"] for t in range(2, 25)) < 0.05
    assert m["kept"] > 0.6
    assert m["h24"] > 0.4
    assert exercises.bank()["ch12_carry_a_bit"].start["x"] == pulse_then_noise(50)


def test_an_lstm_cell_stays_finite_at_the_largest_weights():
    m = LSTMCell(**dict.fromkeys(WEIGHTS, 1000.0), x=[1000.0, -1000.0] * 30).measures
    assert all(map(math.isfinite, m.values()))


def test_measures_follow_the_controls():
    picture = LSTMCell()
    for name, value in SETTINGS.items():
        setattr(picture, name, value)
    assert picture.measures == LSTMCell(**SETTINGS).measures != LSTMCell().measures


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture
def seen(browser, tmp_path):
    text = "".join(f"<p>{sentence}</p>" for sentence in DRIVEN) + '<p id="formula"><span class="q-f">f</span></p>'
    with living(browser, tmp_path, LSTMCell(), text=text) as seen:
        yield seen


def test_what_is_written_on_the_pipes_is_what_was_computed(seen):
    seen.page.get_by_label("whf").fill("-1.3")
    seen.page.get_by_role("button", name="Next step").click()
    m = seen.agrees()["measures"]
    pipes = seen.page.locator("svg.u-drawing").first.locator("text.u-value").all_text_contents()
    pipes = {round(float(text.replace("−", "-")), 3) for text in pipes}
    f, i, g, o, C = (m[f"{name}2"] for name in "figoC")
    expected = {m["h1"], m["h2"], m["C1"], f, i, g, o, f * m["C1"], i * g, C, math.tanh(C), seen.state()["x"][1]}
    assert {round(value, 3) + 0.0 for value in expected} <= pipes


def test_by_keyboard_and_pointer(seen):
    picture = seen.page.locator(".u-lstm")
    weights = lambda: picture.locator(".u-slider label:visible").all_text_contents()[:3]  # noqa: E731
    assert weights() == ["wxf", "whf", "bf"]
    picture.get_by_role("button", name="input gate i").focus()
    seen.page.keyboard.press("Enter")
    assert seen.state()["gate"] == "i"
    assert weights() == ["wxi", "whi", "bi"]
    assert picture.get_by_role("button", pressed=True).all_text_contents() == ["input gate i"]
    picture.locator("[data-part=o]").click()
    assert (seen.state()["gate"], weights()) == ("o", ["wxo", "who", "bo"])
    assert picture.locator(".u-current").get_attribute("data-part") == "o"
    box = picture.locator(".u-conveyor").bounding_box()
    picture.locator(".u-conveyor").click(position={"x": box["width"] * 0.8, "y": 90})
    state = seen.state()
    assert state["t"] > 12
    opening = picture.locator(".u-valve.q-o .u-plate").evaluate("e => 1 - e.getAttribute('width') / 22")
    assert opening == pytest.approx(state["measures"][f"o{state['t']}"], abs=1e-3)
    picture.get_by_role("button", name="Play").click()
    seen.page.wait_for_function("t => unrolled.models.a.state.t > t", arg=state["t"])
    picture.get_by_role("button", name="Pause").click()
    picture.get_by_label("steps T").fill("3")
    assert (seen.state()["t"], seen.state()["measures"]["T"]) == (3, 3)
    assert "f₂ f₃ = 0.964" in picture.inner_text()
    seen.page.wait_for_function("/^Step 3: cell/.test(document.querySelector('[role=status]').textContent)")


def test_the_sentences_of_the_chapter_are_true(seen):
    """The forget gate at 0: half of the belt is left at each step. The input gate half open: noise is written."""
    half, noisy = seen.page.locator("a.u-drive").all()
    half.click()
    m = seen.agrees()["measures"]
    assert all(m[f"f{t}"] == 0.5 for t in range(1, 25)) and max(m[f"i{t}"] for t in range(2, 25)) < 0.05
    assert "emptied by half" in CHAPTER.split(DRIVEN[0])[1][:60]
    noisy.click()
    m, x = seen.agrees()["measures"], seen.state()["x"]
    assert m["f2"] > 0.98 and m["i1"] > 0.98 and all(0.04 < m[f"i{t}"] < 0.96 for t in range(2, 25))
    written = [abs(m[f"i{t}"] * m[f"g{t}"]) for t in range(2, 25)]
    assert all(w > 0.005 for w, value in zip(written, x[1:], strict=True) if value)
    assert "disturbances are written down" in CHAPTER.split(DRIVEN[1])[1][:90]


def test_the_presets_do_what_they_are_called(seen):
    menu = seen.page.get_by_label("try")
    assert menu.input_value() == "keeps"
    menu.select_option("forgets")
    assert seen.agrees()["measures"]["kept"] < 1e-6
    menu.select_option("deaf")
    assert abs(seen.agrees()["measures"]["C_last"]) < 0.01
    seen.page.get_by_label("inputs").select_option("bits")
    menu.select_option("counts")
    assert seen.agrees()["measures"]["C_last"] == pytest.approx(sum(seen.state()["x"]), rel=0.1)


def test_a_pinned_belt_and_a_lit_gate(seen):
    seen.page.get_by_role("button", name="Pin this curve").click()
    pinned = seen.page.locator(".u-pinned")
    assert pinned.count() == 24
    before = pinned.first.get_attribute("d")
    seen.page.get_by_label("bf").fill("5")
    assert pinned.first.get_attribute("d") == before
    seen.page.get_by_label("steps T").fill("12")
    assert pinned.count() == 12
    formula = seen.page.locator("#formula .q-f")
    wire, ground = seen.page.locator(".u-conveyor .u-wire.q-f").last, "e => getComputedStyle(e).backgroundColor"
    [thin, plain] = [wire.evaluate("e => getComputedStyle(e).strokeWidth"), formula.evaluate(ground)]
    seen.page.get_by_role("button", name="forget gate f").hover()
    assert wire.evaluate("e => getComputedStyle(e).strokeWidth") > thin
    assert formula.evaluate(ground) != plain
    seen.page.locator("h1").hover()
    assert wire.evaluate("e => getComputedStyle(e).strokeWidth") == thin


def test_on_a_phone_the_picture_stays_in_view_with_its_controls(browser, tmp_path):
    with living(browser, tmp_path, LSTMCell(), viewport={"width": 390, "height": 620}) as seen:
        for control in seen.page.locator(".u-controls :is(input, select, .u-button):visible").all():
            control.scroll_into_view_if_needed()
            panels, own = seen.page.locator(".u-panels").bounding_box(), control.bounding_box()
            assert panels["y"] > -1 and panels["y"] + panels["height"] <= own["y"] + 1
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
