"""Living pictures: what Python says, what JavaScript computes in a real browser, and that the two are the same."""

import functools
import json
import math
import random
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from traitlets import TraitError

from built_site import ALL_OF_IT, BOOK, CHAPTERS, SITE, soup, visit
from unrolled import exercises
from unrolled.widgets import (
    CharacterModel,
    Clipping,
    FixedWindow,
    GradientDistance,
    LSTMCell,
    PathsBack,
    ReadingGates,
    RecurrentNeuron,
    Shapes,
    UnrolledNetwork,
)
from unrolled.widgets.lstm_cell import WEIGHTS, pulse_then_noise
from unrolled.widgets.module import HERE, module

PICTURES = {
    f"{cls.__module__}.{cls.__name__}": cls
    for cls in (
        FixedWindow,
        RecurrentNeuron,
        UnrolledNetwork,
        LSTMCell,
        ReadingGates,
        Shapes,
        PathsBack,
        GradientDistance,
        CharacterModel,
        Clipping,
    )
}
OF_ONE_SUM = [RecurrentNeuron, UnrolledNetwork]
SETTINGS = {
    RecurrentNeuron: {"w_I": -0.7, "w_R": 1.3, "b": 0.25, "x": [0.5, -1.0, 0.0, 0.3, 0.9], "t": 3},
    UnrolledNetwork: {"w_I": -0.7, "w_R": 1.3, "w_y": -1.1, "b_h": 0.25, "b_y": 0.4, "x": [0.5, -1.0, 0.3], "t": 2},
    LSTMCell: {
        **dict(zip(WEIGHTS, [1.5, -0.7, 0.2, 0.4, 0.9, 1.1, -1.3, 0.8, 0.3, 0.6, -1.2, 0.5], strict=True)),
        "gate": "o",
        "x": [0.5, -1.0, 0.3, 0.8],
        "t": 2,
    },
}


# --- Python -----------------------------------------------------------------------------------------------------------


def test_measures_are_those_of_the_chapter():
    measures = RecurrentNeuron(w_I=1.0, w_R=0.8, x=[1, 0, 0]).measures
    assert [round(measures[f"h{t}"], 4) for t in (1, 2, 3)] == [0.7616, 0.5436, 0.4094]
    assert measures["h_last"] == measures["h3"]
    assert measures["h_max"] == measures["h1"]


def test_measures_of_a_network_by_hand():
    measures = UnrolledNetwork(w_I=2, w_R=-1, w_y=3, b_h=0.5, b_y=-1, activation="relu", x=[1, 1]).measures
    assert (measures["h1"], measures["h2"]) == (2.5, 0.0)  # relu(2 + 0.5), relu(2 - 2.5 + 0.5)
    assert (measures["y1"], measures["y2"], measures["y_last"]) == (6.5, -1.0, -1.0)


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
    settings = SETTINGS[LSTMCell]
    m = LSTMCell(**settings).measures
    C, h = lstm_by_hand(settings, settings["x"])
    assert [m[f"C{t}"] for t in (1, 2, 3, 4)] == pytest.approx(C)
    assert [m[f"h{t}"] for t in (1, 2, 3, 4)] == pytest.approx(h)
    assert (m["C_last"], m["h_last"], m["C_change"]) == pytest.approx((C[-1], h[-1], C[-1] - C[0]))
    assert m["f1"] == pytest.approx(1 / (1 + math.exp(-(0.4 * 0.5 + 1.1))))
    assert m["kept"] == pytest.approx(m["f2"] * m["f3"] * m["f4"])


def test_what_the_last_cell_state_owes_to_the_first_by_finite_differences():
    settings = SETTINGS[LSTMCell]
    m, eps = LSTMCell(**settings).measures, 1e-6
    (up, _), (down, _) = (lstm_by_hand(settings, settings["x"], m["C1"] + sign * eps) for sign in (1, -1))
    assert m["d_C"] == pytest.approx((up[-1] - down[-1]) / (2 * eps), rel=1e-7)
    assert abs(m["d_C"] - m["kept"]) > 0.01  # the ways through h count
    alone = LSTMCell(**settings | {f"w_h{gate}": 0.0 for gate in "ifgo"}).measures
    assert alone["d_C"] == pytest.approx(alone["kept"])
    assert LSTMCell(x=[1.0]).measures["d_C"] == LSTMCell(x=[1.0]).measures["kept"] == 1


def test_the_lstm_cell_shows_a_memory_at_first_sight():
    m = LSTMCell().measures
    assert m["i1"] > 0.9
    assert max(m[f"i{t}"] for t in range(2, 25)) < 0.05
    assert m["kept"] > 0.6
    assert m["h24"] > 0.4
    assert exercises.bank()["ch12_carry_a_bit"].start["x"] == pulse_then_noise(50)


@pytest.mark.parametrize("cls", SETTINGS)
def test_measures_follow_the_controls(cls):
    picture = cls()
    for name, value in SETTINGS[cls].items():
        setattr(picture, name, value)
    assert picture.measures == cls(**SETTINGS[cls]).measures != cls().measures


def test_a_shorter_sequence_takes_the_step_along():
    picture = RecurrentNeuron(x=[1, 0, 0], t=3)
    picture.x = [1]
    assert picture.t == 1


@pytest.mark.parametrize("cls", OF_ONE_SUM)
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"x": []}, "x: expected 1 to .* numbers"),
        ({"x": [float("nan")]}, "x: expected 1 to"),
        ({"x": ["one"]}, "x: expected 1 to"),
        ({"x": [0.0] * 29}, "x: expected 1 to"),
        ({"w_R": float("inf")}, "w_R: expected a number"),
        ({"w_I": 1e9}, "w_I: expected a number of size 1000 at most, got 1000000000.0"),
        ({"w_R": "0.5"}, "'w_R' trait .* expected a float"),
        ({"activation": "sin"}, "'activation' trait .* expected any of"),
        ({"t": 0}, "t: expected a step from 1 to"),
        ({"t": 99}, "t: expected a step from 1 to"),
        ({"w_Q": 1.0}, "w_Q: .* has w_I, w_R"),
    ],
)
def test_bad_settings_are_named(cls, settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        cls(**settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"x": []}, "x: expected 1 to 60 numbers"),
        ({"x": [0.0] * 61}, "x: expected 1 to 60 numbers"),
        ({"b_f": float("nan")}, "b_f: expected a number"),
        ({"w_xo": 1e9}, "w_xo: expected a number of size 1000 at most"),
        ({"gate": "z"}, "'gate' trait .* expected any of"),
        ({"t": 25}, "t: expected a step from 1 to 24"),
        ({"w_R": 1.0}, "w_R: LSTMCell has w_xi, w_hi, b_i"),
    ],
)
def test_bad_settings_of_an_lstm_cell_are_named(settings, words):
    with pytest.raises((TraitError, TypeError), match=words):
        LSTMCell(**settings)


def test_an_lstm_cell_stays_finite_at_the_largest_weights():
    m = LSTMCell(**dict.fromkeys(WEIGHTS, 1000.0), x=[1000.0, -1000.0] * 30).measures
    assert all(map(math.isfinite, m.values()))


def test_modules_are_small_and_whole():
    for file in HERE.glob("*.js"):
        assert len(file.read_bytes()) < 15_000, file.name
    for cls in PICTURES.values():
        assert not re.search(r"^import |^export (?!default)", cls._esm, flags=re.M)
        assert cls._esm.count("export default") == 1
    assert "drawing.js" not in module(HERE / "drawing.js", HERE / "neuron.js")


def test_a_module_brings_what_it_imports_once_and_refuses_a_name_twice(tmp_path):
    files = {
        "a.js": "export function first() {}\nexport const [one, two] = [1, 2];\n",
        "b.js": 'import {\n  first,\n} from "./a.js";\nexport class Second { x = first(); }\n',
        "c.js": 'import { Second } from "./b.js";\nimport { one } from "./a.js";\nexport default { Second, one };\n',
        "d.js": 'import { one } from "./a.js";\nconst { two } = { two: one };\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    text = module(tmp_path / "c.js")
    assert [line.split(" ")[0] for line in text.splitlines() if line] == ["function", "const", "class", "export"]
    assert text == module(tmp_path / "a.js", tmp_path / "c.js")
    with pytest.raises(ValueError, match=r"d\.js: two is declared at the top of a\.js too"):
        module(tmp_path / "d.js")


@pytest.mark.parametrize(
    "source", ["export default { render() { throw Error('no') } }", "export default {", "export {}"]
)
def test_a_broken_module_stops_the_build(drawer, source):
    with pytest.raises(ValueError, match=r"\w"):
        drawer.ask({"views": ["a"], "states": {"a": {}}, "modules": {"a": source}})


# --- the built page ---------------------------------------------------------------------------------------------------


@functools.cache
def shown(chapter):
    """The pictures of a chapter: a list of (model id, class)."""
    page = soup(SITE, chapter)
    stored = page.select_one("script.u-models")
    models = json.loads(stored.string) if stored else {}
    return [
        (place["data-model"], PICTURES[models[place["data-model"]]["module"]])
        for place in page.select(".u-widget")
        if models[place["data-model"]]["module"] in PICTURES
    ]


@pytest.fixture(scope="module")
def chapters(site):
    return [chapter for chapter in CHAPTERS if shown(chapter)]


def where(cls):
    """The first chapter that shows it, and its id there."""
    return next((chapter, id) for chapter in CHAPTERS for id, shown_class in shown(chapter) if shown_class is cls)


def live(page, id):
    """The picture, alive: it is scrolled to and waited for."""
    place = page.locator(f'.u-widget[data-model="{id}"]')
    page.add_style_tag(content=ALL_OF_IT)  # the page keeps its length while it is scrolled
    place.scroll_into_view_if_needed()
    place.dispatch_event("pointerover")  # one with a heavy file waits for that
    page.wait_for_function("id => document.querySelector(`.u-widget.u-live[data-model='${id}']`)", arg=id)
    return place


def compare(page, id, cls):
    """What the page computed against what `unrolled` computes, to 1e-6; returns the model's state."""
    state = page.evaluate("id => unrolled.models[id].state", id)
    expected = cls(**{name: state[name] for name in cls.controls}).measures
    assert state["measures"].keys() == expected.keys()
    for name, value in expected.items():
        assert abs(state["measures"][name] - value) <= 1e-6 * max(1, abs(value)), (name, state)
    return state


def test_all_pictures_are_in_the_book(chapters):
    assert {cls for chapter in chapters for _, cls in shown(chapter)} == set(PICTURES.values())


def test_a_picture_stands_in_the_chapter_it_belongs_to(chapters):
    """The first one of its kind is introduced there: the neuron in chapter 2, unrolling and shapes in chapter 3."""
    for cls, number in ((RecurrentNeuron, "02"), (UnrolledNetwork, "03"), (Shapes, "03"), (LSTMCell, "12")):
        assert f"/{number}_" in where(cls)[0]


def test_every_control_computes_what_unrolled_computes(browser, address, chapters):
    """Each slider from end to end, each choice, each button; a handler ends within a frame."""
    for chapter in chapters:
        with visit(browser, f"{address}/{chapter}.html") as seen:
            for id, cls in shown(chapter):
                picture, moved = live(seen.page, id), set()
                for control in picture.locator("input[type=range]").all():
                    low, high, step = (float(control.get_attribute(name)) for name in ("min", "max", "step"))
                    times = []
                    for value in [
                        low,
                        low + step,
                        (low + high) / 2,
                        high - step,
                        high,
                        *random.Random(0).choices([low, high, 0.35], k=4),
                    ]:
                        times += [control.evaluate(MOVE, value)]
                        moved.add(json.dumps(compare(seen.page, id, cls)))
                    assert sorted(times)[len(times) // 2] <= 16, f"{control.get_attribute('id')}: {times} ms"
                for control in picture.locator("select").all():
                    for name in control.evaluate("c => [...c.options].map(o => o.value)"):
                        control.select_option(name)
                        moved.add(json.dumps(compare(seen.page, id, cls)))
                for control in picture.locator("button").all():
                    if control.is_enabled():
                        control.click()
                        compare(seen.page, id, cls)
                assert len(moved) > 20
            assert not seen.complaints
            assert not seen.foreign


MOVE = """(range, value) => {
  range.value = value;
  const start = performance.now();
  range.dispatchEvent(new Event("input", { bubbles: true }));
  return performance.now() - start;
}"""


def test_what_is_written_on_the_wires_is_what_was_computed(browser, address, chapters):
    for chapter in chapters:
        with visit(browser, f"{address}/{chapter}.html") as seen:
            for id, cls in shown(chapter):
                if cls not in SETTINGS:
                    continue  # it has no wires
                picture = live(seen.page, id)
                picture.locator("input[type=range]").nth(1).evaluate(MOVE, -1.35)
                state = compare(seen.page, id, cls)
                wires = picture.locator("svg.u-drawing").first.locator("text.u-value").all_text_contents()
                wires = {round(float(text.replace("−", "-")), 3) for text in wires if re.fullmatch(r"−?[\d.]+", text)}
                t, m = state["t"], state["measures"]
                before = m[f"h{t - 1}"] if t > 1 else 0.0
                expected = {m[f"h{t}"], state["x"][t - 1]}
                if cls is LSTMCell:
                    C, C_before = m[f"C{t}"], m[f"C{t - 1}"] if t > 1 else 0.0
                    f, i, g, o = (m[f"{name}{t}"] for name in "figo")
                    expected |= {before, C_before, f, i, g, o, f * C_before, i * g, C, math.tanh(C)}
                else:
                    expected |= {before * m["w_R"], state["x"][t - 1] * m["w_I"]}
                if cls is UnrolledNetwork:
                    expected |= {m[f"y{step}"] for step in range(1, m["T"] + 1)}
                assert {round(value, 3) + 0.0 for value in expected} <= wires


def test_the_static_drawing_is_the_living_one(browser, address, chapters):
    """The same elements, so that nothing shifts; without JavaScript a figure with words, and no dead controls."""
    for chapter in chapters:
        with visit(browser, f"{address}/{chapter}.html", java_script_enabled=False) as still:
            assert still.page.locator(".u-picture .u-drawing").first.get_attribute("aria-label")
            assert still.page.locator(".u-picture .u-drawing").first.is_visible()
            assert not still.page.locator(".u-picture .u-controls").first.is_visible()
        with visit(browser, f"{address}/{chapter}.html") as seen:
            for id, _ in shown(chapter):
                static = soup(SITE, chapter).select_one(f'.u-widget[data-model="{id}"]').decode_contents()
                assert tree(live(seen.page, id).inner_html()) == tree(static)


def tree(html):
    """What is drawn, without the ids, which count up, the order of attributes, and an empty style."""
    tags = BeautifulSoup(html, "html.parser").find_all(True)
    ids = ("id", "for", "mask")
    kept = [{k: v for k, v in tag.attrs.items() if k not in ids and (k, v) != ("style", "")} for tag in tags]
    return [(tag.name, attributes, tag.string) for tag, attributes in zip(tags, kept, strict=True)]


def test_the_neuron_by_keyboard_and_pointer(browser, address):
    chapter, id = where(RecurrentNeuron)
    with visit(browser, f"{address}/{chapter}.html") as seen:
        picture = live(seen.page, id)
        state = lambda: seen.page.evaluate("id => unrolled.models[id].state", id)  # noqa: E731
        picture.locator("input[type=range]").nth(1).focus()
        seen.page.keyboard.press("ArrowRight")
        assert abs(state()["w_R"] - 0.85) < 1e-9
        picture.get_by_role("button", name="Next step").focus()
        seen.page.keyboard.press("Enter")
        assert state()["t"] == 2
        picture.locator("svg").nth(1).click(position={"x": 250, "y": 90})
        assert state()["t"] > 5
        picture.get_by_role("button", name="Play").click()
        seen.page.wait_for_function("([id, t]) => unrolled.models[id].state.t > t", arg=[id, state()["t"]])
        picture.get_by_role("button", name="Pause").click()
        seen.page.wait_for_function(
            "id => /^Step/.test(document.querySelector(`[data-model=${id}] [role=status]`).textContent)", arg=id
        )
        assert not seen.complaints


def test_the_network_by_keyboard_and_pointer(browser, address):
    chapter, id = where(UnrolledNetwork)
    with visit(browser, f"{address}/{chapter}.html") as seen:
        network = live(seen.page, id)
        words = lambda place: network.locator(place).inner_text()  # noqa: E731
        state = lambda: seen.page.evaluate("id => unrolled.models[id].state", id)  # noqa: E731
        network.locator(".u-chip[data-weight=w_R]").first.hover()
        assert (
            network.locator(".u-chip[data-weight=w_R].u-lit").count()
            == network.locator(".u-chip[data-weight=w_R]").count()
            >= 4
        )
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
            assert settings.items() <= state().items()
            assert sentence in words(".u-follows")
        network.get_by_label("wI").fill("0.5")
        assert network.get_by_label("try").input_value() == "own"
        network.get_by_label("steps T").fill("1")
        assert "One step" in words(".u-follows")
        network.get_by_label("wy").fill("0")
        assert "every output is by" in words(".u-follows")
        assert not seen.complaints


def test_the_lstm_cell_by_keyboard_and_pointer(browser, address):
    chapter, id = where(LSTMCell)
    with visit(browser, f"{address}/{chapter}.html") as seen:
        picture = live(seen.page, id)
        state = lambda: seen.page.evaluate("id => unrolled.models[id].state", id)  # noqa: E731
        weights = lambda: picture.locator(".u-slider label:visible").all_text_contents()[:3]  # noqa: E731
        assert weights() == ["wxf", "whf", "bf"]
        picture.get_by_role("button", name="input gate i").focus()
        seen.page.keyboard.press("Enter")
        assert state()["gate"] == "i"
        assert weights() == ["wxi", "whi", "bi"]
        assert picture.get_by_role("button", pressed=True).all_text_contents() == ["input gate i"]
        picture.locator("[data-part=o]").click()
        assert (state()["gate"], weights()) == ("o", ["wxo", "who", "bo"])
        assert picture.locator(".u-current").get_attribute("data-part") == "o"
        picture.locator(".u-conveyor").click(position={"x": 250, "y": 90})
        assert state()["t"] > 12
        opening = picture.locator(".u-valve.q-o .u-plate").evaluate("e => 1 - e.getAttribute('width') / 22")
        assert opening == pytest.approx(state()["measures"][f"o{state()['t']}"], abs=1e-3)
        picture.get_by_role("button", name="Play").click()
        seen.page.wait_for_function("([id, t]) => unrolled.models[id].state.t > t", arg=[id, state()["t"]])
        picture.get_by_role("button", name="Pause").click()
        picture.get_by_label("steps T").fill("3")
        assert (state()["t"], state()["measures"]["T"]) == (3, 3)
        assert "f₂ f₃ = 0.964" in picture.inner_text()
        seen.page.wait_for_function(
            "id => /^Step 3: cell/.test(document.querySelector(`[data-model=${id}] [role=status]`).textContent)", arg=id
        )
        assert not seen.complaints


def test_reduced_motion(browser, address):
    chapter, id = where(UnrolledNetwork)
    with visit(browser, f"{address}/{chapter}.html", reduced_motion="reduce") as seen:
        step = live(seen.page, id).locator(".u-step").first
        assert step.evaluate("e => getComputedStyle(e).transitionDuration") in ("0s", "")


@pytest.mark.parametrize("place", ["folder", "prefix"])
def test_pictures_live_from_a_folder_and_under_a_prefix(browser, site, serve, tmp_path, chapters, place):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "v1").symlink_to(site)
    root = site.as_uri() if place == "folder" else f"{serve(tmp_path)}/course/v1"
    with visit(browser, f"{root}/{chapters[0]}.html") as seen:
        for id, cls in shown(chapters[0]):
            live(seen.page, id)
            compare(seen.page, id, cls)
        assert not seen.complaints
        assert not seen.foreign


BROKEN = {
    "a module that cannot be parsed": "this is not JavaScript",
    "a module that raises": "throw Error('broken')",
    "a render that raises": "render() { throw Error('broken') }",
    "a callback that raises": """render({ el }) {
        el.innerHTML = '<button>move</button>';
        el.firstChild.onclick = () => { throw Error('broken') };
    }""",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_seen_and_the_static_picture_stays(browser, address, chapters, fault):
    """What every other test here asserts, `not seen.complaints`, does catch a broken module and a raising callback."""
    id, cls = shown(chapters[0])[0]
    name = f"{cls.__module__}.{cls.__qualname__}"
    script = BROKEN[fault]
    if script.startswith("render"):
        script = f"((window.unrolled ??= {{}}).modules ??= {{}})['{name}'] = {{ default: {{ {script} }} }}"
    with visit(browser, "about:blank") as seen:
        seen.page.route(
            re.compile(f"/{cls.__name__}-"), lambda route: route.fulfill(body=script, content_type="text/javascript")
        )
        seen.page.goto(f"{address}/{chapters[0]}.html")
        place = seen.page.locator(f'.u-widget[data-model="{id}"]')
        seen.page.add_style_tag(content=ALL_OF_IT)
        place.scroll_into_view_if_needed()
        if "callback" in fault:
            place.get_by_role("button", name="move").click()
        else:
            place.get_by_text("could not start in your browser").wait_for()
            assert place.locator("svg").first.is_visible()
        assert any(
            re.search("broken|Unexpected identifier|not JavaScript|undefined", words) for words in seen.complaints
        )


def test_stored_notebooks_hold_no_random_id_and_no_javascript():
    for chapter in CHAPTERS:
        text = Path(BOOK / f"{chapter}.ipynb").read_text()
        assert not re.search(r'"[0-9a-f]{32}"', text)
        assert "createElement" not in text
