"""What every living picture can do, one test for each picture and control: a new picture is tested by being there.

What a picture's numbers and words mean stands in its own test file. Each picture is drawn once in Node, and shown on
one page that all tests share, with the book's host script and nothing else of the site. Every test starts from `Reset`.
"""

import contextlib
import itertools
import math
import random
import re

import pytest
import traitlets
from bs4 import BeautifulSoup

from alone import axe, drawn, living, page_of, same, tree
from built_site import BOOK, CHAPTERS, visit
from unrolled import widgets

PICTURES = [getattr(widgets, name) for name in widgets.__all__]
CONTROLS = [(cls, name) for cls in PICTURES for name in cls.controls]
picture = pytest.mark.parametrize("cls", PICTURES, ids=lambda cls: cls.__name__)
control = pytest.mark.parametrize(("cls", "name"), CONTROLS, ids=lambda it: it if isinstance(it, str) else it.__name__)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1000, "height": 900}

ROWS = "name => [...document.querySelectorAll('.u-slider, .u-choice')].filter((row) => name in (row.settings ?? {}))"
RESET = """() => {
  for (const button of document.querySelectorAll("button")) {
    if (button.textContent === "Reset" || (button.textContent === "Pin this curve" && button.ariaPressed === "true")) {
      button.click();
    }
  }
}"""
MOVE = """(row, value) => {
  const range = row.querySelector("input");
  range.value = value;
  range.dispatchEvent(new Event("input", { bubbles: true }));
}"""
# Labels of a drawing that are cut by its edge or lie on each other. A line box is higher than its letters: a fifth of
# it above and below does not count.
FAULTY_LABELS = """() => [...document.querySelectorAll("svg.u-drawing")].flatMap((drawing) => {
  const seen = { opacityProperty: true, visibilityProperty: true };
  const whole = drawing.getBoundingClientRect();
  const labels = [...drawing.querySelectorAll("text")].filter((text) => text.textContent && text.checkVisibility(seen));
  const boxes = labels.map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const high = bottom - top;
    return { left, right, top: top + 0.2 * high, bottom: bottom - 0.2 * high, words: text.textContent };
  });
  const cut = boxes.filter((a) => a.left < whole.left - 1 || a.right > whole.right + 1
    || a.top < whole.top - 1 || a.bottom > whole.bottom + 1);
  const over = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom && b.top < a.bottom).map((b) => [a, b]));
  return [...cut.map((a) => `${a.words} is cut`), ...over.map(([a, b]) => `${a.words} lies on ${b.words}`)];
})"""
WIDER = """() => [document.documentElement, ...document.querySelectorAll(".u-picture, .u-picture *")].filter((e) =>
  e instanceof HTMLElement && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
  && !/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def still(drawer):
    """The drawing that Node makes of a picture as it starts, and the state after it; drawn once."""
    made = {}

    def draw(cls):
        if cls not in made:
            made[cls] = drawn(drawer, cls())
        return made[cls]

    return draw


@pytest.fixture(scope="module")
def pages(browser, tmp_path_factory):
    """The page of a picture, opened once; nobody complained on it when it closes."""
    opened = {}
    with contextlib.ExitStack() as stack:

        def page(cls):
            if cls not in opened:
                folder = tmp_path_factory.mktemp(cls.__name__)
                shown = living(browser, folder, cls(), viewport=DESK, reduced_motion="reduce")
                opened[cls] = stack.enter_context(shown)
                opened[cls].first = opened[cls].page.inner_html(".u-widget")
            return opened[cls]

        yield page


@pytest.fixture
def seen(pages, cls):
    """The picture's page, as it starts."""
    seen = pages(cls)
    seen.page.set_viewport_size(DESK)
    seen.page.evaluate(RESET)
    assert not seen.complaints
    yield seen
    assert not seen.complaints


BUTTONS = {  # what moves a control that is no slider and no menu
    "folded": "Fold",
    "clip": "Clip the gradient",
    "gate": "output gate o",
    "t": re.compile("Next step|Follow the cost"),
    "s": "One step forward",
}


def typed(cls, name):
    return isinstance(cls.class_traits()[name], traitlets.Unicode)


def fits(seen):
    """The numbers are Python's, and no label is cut or covered."""
    found = seen.agrees()
    assert not seen.page.evaluate(FAULTY_LABELS), {name: found[name] for name in found if name != "measures"}


# --- in Python --------------------------------------------------------------------------------------------------------


@picture
def test_it_says_what_it_is_and_its_numbers_are_finite(cls):
    made = cls()
    assert made.words and made.words in made._repr_mimebundle_()[0]["text/plain"]
    assert cls.__doc__ and "measures:" in cls.__doc__
    assert set(cls.controls) <= set(made.traits(sync=True))
    assert all(map(math.isfinite, made.measures.values()))


BAD = {  # by the kind of trait: what it refuses
    traitlets.Float: ["0.5", None, math.nan, math.inf, 1e9, -1e9],
    traitlets.Int: [2.5, "1", -1, 10**10],
    traitlets.Bool: ["yes", 2],
    traitlets.Enum: ["nonsense", 3],
    traitlets.Unicode: [3, None, "é" * 400],
    traitlets.List: [3, ["one"], [math.nan], [1e9], [0.0] * 999],
}


@control
def test_a_bad_setting_is_refused_by_name_and_changes_nothing(cls, name):
    made = cls()
    before = {other: getattr(made, other) for other in cls.controls}
    for value in BAD[type(cls.class_traits()[name])]:
        with pytest.raises(traitlets.TraitError, match=rf"\b{name}\b"):
            cls(**{name: value})
        with pytest.raises(traitlets.TraitError, match=rf"\b{name}\b"):
            setattr(made, name, value)
        assert {other: getattr(made, other) for other in cls.controls} == before, value


@picture
def test_an_unknown_setting_is_refused_by_name(cls):
    with pytest.raises(TypeError, match=f"w_Q: {cls.__name__} has {cls.controls[0]}"):
        cls(w_Q=1.0)


# --- drawn ------------------------------------------------------------------------------------------------------------


@picture
def test_node_and_the_browser_draw_the_same(pages, still, cls):
    page, state = still(cls)
    assert tree(pages(cls).first) == tree(str(page))
    same(state["measures"], cls().measures)
    assert not {"NaN", "Infinity", "undefined", "null"} & set(str(page).replace('"', " ").split())


@picture
def test_without_javascript_stands_the_drawing_and_no_dead_control(browser, still, tmp_path, cls):
    page = page_of(tmp_path, [cls()], still=[str(still(cls)[0])])
    with visit(browser, page.as_uri(), java_script_enabled=False) as seen:
        drawing = seen.page.locator(".u-drawing").first
        assert drawing.is_visible()
        assert drawing.get_attribute("aria-label")
        assert not [c for c in seen.page.locator(".u-picture :is(button, input, select)").all() if c.is_visible()]


@picture
def test_on_paper_it_is_light_and_has_no_controls(seen, cls):
    ink = lambda: seen.page.locator(".u-picture").evaluate("e => getComputedStyle(e).color")  # noqa: E731
    light = ink()
    seen.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert ink() != light
    seen.page.emulate_media(media="print")
    assert ink() == light
    assert seen.page.locator(".u-drawing").first.is_visible()
    assert not [c for c in seen.page.locator(".u-controls :is(input, select, .u-button)").all() if c.is_visible()]
    seen.page.emulate_media(media="screen")
    seen.page.evaluate("document.documentElement.dataset.theme = 'light'")


@picture
def test_it_stands_still_for_those_who_ask_for_it(seen, cls):
    moving = "[...document.querySelectorAll('.u-picture *')].map((e) => getComputedStyle(e).transitionDuration)"
    assert set(seen.page.evaluate(moving)) <= {"0s", ""}


# --- moved ------------------------------------------------------------------------------------------------------------


@control
def test_a_control_from_end_to_end(seen, cls, name):
    """At every place the page computes what Python computes, and every label can be read."""
    rows = seen.page.evaluate_handle(ROWS, name).get_properties().values()
    moved = 0
    for row in (row.as_element() for row in rows):
        if entries := row.evaluate("row => [...row.querySelectorAll('option')].map((o) => o.value)"):
            for entry in {*entries[:: max(1, len(entries) // 6)], entries[-1]}:
                row.query_selector("select").select_option(entry)
                fits(seen)
        else:
            low, high, step = (float(row.query_selector("input").get_attribute(end)) for end in ("min", "max", "step"))
            for value in (low, low + step, (low + high) / 2, high - step, high):
                row.evaluate(MOVE, value)
                fits(seen)
        moved += 1
    if not moved:  # a button moves it, or typing; buttons are pressed below, typing is in the picture's own tests
        assert typed(cls, name) or seen.page.get_by_role("button", name=BUTTONS[name]).count()


@picture
def test_many_settings_at_once(seen, cls):
    """Sliders thrown about, each from where the last one left it."""
    rng = random.Random(0)
    rows = seen.page.locator(".u-slider:not([hidden])").element_handles()
    for row in rng.choices(rows, k=12):
        low, high = (float(row.query_selector("input").get_attribute(end)) for end in ("min", "max"))
        row.evaluate(MOVE, rng.choice([low, high, rng.uniform(low, high)]))
        fits(seen)


@picture
def test_every_button_computes_what_python_computes(seen, cls):
    for button in seen.page.locator(".u-picture button").all():
        if button.is_visible() and button.is_enabled():
            button.click()
            fits(seen)
            if button.text_content() in ("Pause",):
                button.click()


@picture
def test_reset_brings_the_start_back(seen, cls):
    start = seen.state()
    for row in seen.page.locator(".u-slider").element_handles():
        row.evaluate(MOVE, float(row.query_selector("input").get_attribute("max")))
    assert seen.state() != start
    seen.page.get_by_role("button", name="Reset").click()
    assert seen.state() == start
    assert tree(seen.page.inner_html(".u-picture :is(.u-panels, .u-stage, .u-arrays)")) == tree(
        BeautifulSoup(seen.first, "html.parser").select_one(".u-panels, .u-stage, .u-arrays").decode_contents()
    )


@picture
def test_every_control_is_reached_and_moved_by_keyboard(seen, cls):
    page = seen.page
    kinds = ".u-picture :is(button:not(:disabled), input, select, textarea, [tabindex='0'])"
    expected = [e for e in page.locator(kinds).element_handles() if e.is_visible()]
    page.evaluate("document.activeElement.blur(); document.querySelector('h1').tabIndex = -1")
    page.locator("h1").focus()
    for element in expected:
        page.keyboard.press("Tab")
        assert element.evaluate("e => e === document.activeElement"), element.evaluate("e => e.outerHTML")
        assert element.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    for row in seen.page.locator(".u-slider:not([hidden]) input").all():
        before = row.input_value()
        row.focus()
        page.keyboard.press("ArrowRight" if before != row.get_attribute("max") else "ArrowLeft")
        assert row.input_value() != before
        seen.agrees()
    for select in page.locator(".u-choice select").all():
        before = select.input_value()
        select.focus()
        page.keyboard.press("ArrowDown" if select.evaluate("s => s.selectedIndex === 0") else "ArrowUp")
        assert select.input_value() != before
        seen.agrees()


# --- for everybody ----------------------------------------------------------------------------------------------------


@picture
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(seen, cls, theme):
    """In the light as it starts, in the dark with every slider at its end."""
    for row in seen.page.locator(".u-slider:not([hidden])").element_handles() if theme == "dark" else ():
        row.evaluate(MOVE, float(row.query_selector("input").get_attribute("max")))
    assert not axe(seen, theme)


@picture
def test_it_fits_a_phone_at_both_ends(seen, cls):
    seen.page.set_viewport_size(PHONE)
    for end in ("min", "max"):
        for row in seen.page.locator(".u-slider").element_handles():
            row.evaluate(MOVE, float(row.query_selector("input").get_attribute(end)))
        assert not seen.page.evaluate(WIDER)
        fits(seen)


MILLISECONDS = 16


@picture
def test_a_move_costs_less_than_a_frame(seen, cls):
    """In CPU time of the page's own thread: another program on the machine does not lengthen it. The best of three."""
    tools = seen.page.context.new_cdp_session(seen.page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent():
        return {m["name"]: m["value"] for m in tools.send("Performance.getMetrics")["metrics"]}["TaskDuration"]

    batch = """() => {
      let moves = 0;
      for (const range of document.querySelectorAll(".u-slider input")) {
        for (const value of [range.min, range.max, (+range.min + +range.max) / 2]) {
          range.value = value;
          range.dispatchEvent(new Event("input", { bubbles: true }));
          document.body.offsetHeight;
          moves += 1;
        }
      }
      return moves;
    }"""
    costs = []
    for _ in range(3):
        before = spent()
        moves = seen.page.evaluate(batch)
        costs.append(1000 * (spent() - before) / moves)
    tools.detach()
    assert min(costs) <= MILLISECONDS, costs


@pytest.mark.parametrize("cls", [widgets.Clipping])
def test_labels_move_where_they_would_be_cut_or_covered(seen, cls):
    """A drawing made for it: one cut, two on each other, a tick without room. The sizes are the style sheet's."""
    sizes = seen.page.evaluate("""() => {
      const { svg, label } = unrolled.kit;
      const [a, b] = [label(295, 20, "cut at the edge", "", "start"), label(20, 50, "below", "", "start")];
      const ticks = [0, 4, 8, 12, 16].map((dx) => label(100 + dx, 90, "a tick", "u-tick", "start"));
      const labels = [a, b, label(24, 52, "on top of it", "u-value", "start"), ...ticks];
      const drawing = svg("svg", { viewBox: "0 0 340 100", class: "u-drawing", id: "made" }, ...labels);
      document.querySelector(".u-picture").append(drawing);
      return Object.entries(unrolled.kit.SIZES).map(([name, size]) => {
        const text = label(0, 0, "", name);
        drawing.append(text);
        const found = getComputedStyle(text).fontSize;
        text.remove();
        return [name, `${size}px`, found];
      });
    }""")
    assert all(said == found for _, said, found in sizes), sizes
    before = seen.page.evaluate(FAULTY_LABELS)
    assert "cut at the edge is cut" in before and "below lies on on top of it" in before and len(before) > 5
    seen.page.evaluate("unrolled.kit.keepApart(document.querySelector('#made'))")
    after = seen.page.evaluate(FAULTY_LABELS)
    shown = seen.page.evaluate("[...document.querySelectorAll('#made text')].map((e) => e.getAttribute('visibility'))")
    seen.page.evaluate("document.querySelector('#made').remove()")
    assert not after
    assert shown[:3] == [None] * 3 and "hidden" in shown


# --- the address ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    return folder, serve(folder)


@picture
def test_its_settings_stand_in_the_address(browser, served, cls):
    """Moved, read again from the address, and the same; a second picture of the same kind keeps its own."""
    folder, address = served
    with living(browser, folder, cls(), cls(), address=address) as seen:
        first = seen.page.locator(".u-widget").first
        for select in first.locator(".u-choice select").all():
            select.evaluate("s => { s.selectedIndex = 1; s.dispatchEvent(new Event('change')) }")
        for row in first.locator(".u-slider:not([hidden])").element_handles():
            row.evaluate(MOVE, float(row.query_selector("input").get_attribute("max")))
        seen.page.locator(".u-widget").last.locator(".u-slider").first.evaluate(MOVE, 1)
        seen.settle()
        url, state = seen.page.url, seen.agrees()
        second = seen.state("b")
        assert second != state
    with living(browser, folder, cls(), cls(), address=address, query="?" + url.split("?")[1] + "#here") as again:
        if not any(typed(cls, name) for name in cls.controls):
            assert again.state() == state
            assert again.state("b") == second
        assert again.page.url.endswith("#here")
        again.agrees()


NONSENSE = ["", "nonsense", "NaN", "Infinity", "1e99", "-1e99", "0,,1", "pulse*0", "pulse*1e9", "own", "%F0%9F"]


@picture
def test_nonsense_in_the_address_is_ignored(browser, served, cls):
    """All controls at once get some of it, in four pictures on one page, each another piece."""
    folder, address = served
    several, pieces = [cls() for _ in range(4)], itertools.cycle(NONSENSE)
    keys = [cls.__name__, *(f"{cls.__name__}{n}" for n in range(2, 5))]
    asked = [f"{key}.{name}={next(pieces)}" for key in keys for name in (*cls.controls, "w_Q")]
    query = "?" + "&".join(["q=RNN", *asked, f"{cls.__name__}.w_Q=1", "Nobody.w_R=1"])
    with living(browser, folder, *several, address=address, query=query) as seen:
        for id in "abcd":
            state = seen.state(id)
            same(state["measures"], cls(**{name: state[name] for name in cls.controls}).measures)
            assert state["measures"] == seen.state("a")["measures"]


# --- sentences of the text that move a control ------------------------------------------------------------------------

DRIVEN = re.compile(r'<span data-drive="(\w+) ([^"]+)">(.+?)</span>')
SENTENCES = [
    (chapter, *found)
    for chapter in CHAPTERS
    for found in DRIVEN.findall((BOOK / f"{chapter}.md").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("chapter", "name", "asked", "words"), SENTENCES, ids=lambda words: words[:40])
def test_a_sentence_sets_what_it_names(browser, tmp_path, chapter, name, asked, words):
    """By keyboard, on the picture that its chapter shows; without JavaScript and on paper it is words like others."""
    cls = getattr(widgets, name)
    assert f"widgets.{name}(" in (BOOK / f"{chapter}.md").read_text(encoding="utf-8")
    text = f'<p>Before. <span data-drive="{name} {asked}">{words}</span> and after.</p>'
    with living(browser, tmp_path, cls(), text=text) as seen:
        link = seen.page.locator("a.u-drive")
        link.focus()
        seen.page.keyboard.press("Enter")
        state = seen.agrees()
        for setting in asked.split():
            trait, value = setting.split("=")
            kind = cls.class_traits()[trait]
            if isinstance(kind, traitlets.List):
                assert len(state[trait]) == (int(value.split("*")[1]) if "*" in value else value.count(",") + 1)
            else:
                asked_for = state[trait] if isinstance(state[trait], str) else float(state[trait])
                assert asked_for == type(asked_for)(value)
        plain = lambda e: e.evaluate("e => { const s = getComputedStyle(e); return [s.color, s.textDecorationLine] }")  # noqa: E731
        seen.page.emulate_media(media="print")
        assert plain(link) == plain(seen.page.locator("p").first)
    with visit(browser, (tmp_path / "page.html").as_uri(), java_script_enabled=False) as seen:
        assert seen.page.locator("p a").count() == 0
        assert seen.page.locator("p").inner_text().startswith("Before. ")
