"""Living pictures on the pages of the book: where they stand, that they live there, and what a broken one does.

What every picture can do is tested in test_living_pictures.py, on pages that hold nothing else.
"""

import functools
import json
import re
from pathlib import Path

import pytest

from alone import PICTURES, same, tree
from built_site import ALL_OF_IT, BOOK, CHAPTERS, SITE, soup, visit
from unrolled.widgets import LSTMCell, RecurrentNeuron, Shapes, UnrolledNetwork
from unrolled.widgets.module import HERE, module


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
    page.keyboard.press("Shift")  # the reader moves on: a page that is still landing on a heading lets go
    place.scroll_into_view_if_needed()
    place.dispatch_event("pointerover")  # one with a heavy file waits for that
    page.wait_for_function("id => document.querySelector(`.u-widget.u-live[data-model='${id}']`)", arg=id)
    return place


def compare(page, id, cls):
    """What the page computed against what `unrolled` computes, to 1e-6; returns the model's state."""
    state = page.evaluate("id => unrolled.models[id].state", id)
    same(state["measures"], cls(**{name: state[name] for name in cls.controls}).measures)
    return state


def test_all_pictures_are_in_the_book(chapters):
    assert {cls for chapter in chapters for _, cls in shown(chapter)} == set(PICTURES.values())


def test_a_picture_stands_in_the_chapter_it_belongs_to(chapters):
    """The first one of its kind is introduced there: the neuron in chapter 2, unrolling and shapes in chapter 3."""
    for cls, number in ((RecurrentNeuron, "02"), (UnrolledNetwork, "03"), (Shapes, "03"), (LSTMCell, "12")):
        assert f"/{number}_" in where(cls)[0]


@pytest.mark.parametrize("cls", [RecurrentNeuron, LSTMCell])
def test_the_static_drawing_is_the_living_one(browser, address, chapters, cls):
    """The same elements, so that nothing shifts; without JavaScript a figure with words, and no dead controls."""
    chapter, id = where(cls)
    with visit(browser, f"{address}/{chapter}.html", java_script_enabled=False) as still:
        assert still.page.locator(".u-picture .u-drawing").first.get_attribute("aria-label")
        assert still.page.locator(".u-picture .u-drawing").first.is_visible()
        assert not still.page.locator(".u-picture .u-controls").first.is_visible()
        assert still.page.locator("[data-drive]").count() and not still.page.locator("a.u-drive").count()
    with visit(browser, f"{address}/{chapter}.html") as seen:
        static = soup(SITE, chapter).select_one(f'.u-widget[data-model="{id}"]').decode_contents()
        assert tree(live(seen.page, id).inner_html()) == tree(static)


def test_settings_in_the_address_and_an_anchor_on_a_page_of_the_book(browser, address, chapters):
    """A sentence of the text sets the picture; the address keeps it, and the place in the page."""
    chapter, id = where(RecurrentNeuron)
    with visit(browser, f"{address}/{chapter}.html?RecurrentNeuron.w_R=0.35#a-layer-of-recurrent-neurons") as seen:
        live(seen.page, id)
        assert compare(seen.page, id, RecurrentNeuron)["w_R"] == 0.35
        seen.page.locator("a.u-drive").first.click()
        assert compare(seen.page, id, RecurrentNeuron)["w_R"] == 1.5
        seen.settle()
        assert seen.page.url.endswith("?RecurrentNeuron.w_R=1.5#a-layer-of-recurrent-neurons")
        assert not seen.complaints


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
    name = cls.__name__
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
