"""A living picture by itself: drawn in Node, or on a page with the book's host script and nothing else."""

import contextlib
import json
import math
from itertools import zip_longest

from bs4 import BeautifulSoup

from built_site import BOOK, ROOT, violations, visit
from node import Node
from unrolled import palette
from widgets import PICTURES, host, scripts, served_file, sheet


@contextlib.contextmanager
def node():
    linkedom = ROOT / "node_modules" / "linkedom"
    process = Node(linkedom, BOOK / "_ext" / "draw_widgets.mjs", linkedom / "esm" / "index.js")
    yield process
    process.close()


def state(picture):
    """Its controls, and the numbers that it is given to compute with."""
    given = ["network"] if picture.has_trait("network") else []
    return {name: getattr(picture, name) for name in [*picture.controls, *given]}


def drawn(drawer, picture):
    """The static drawing, and the state after JavaScript has computed it, in Node."""
    question = {"views": ["a"], "states": {"a": state(picture)}, "modules": {"a": picture._esm}}
    answer = drawer.ask(question | {"files": {"a": {name: make() for name, make in picture.files.items()}}})
    return BeautifulSoup(answer["drawn"][0], "html.parser"), answer["states"]["a"]


def tree(html):
    """What is drawn, without the ids, which count up, the order of attributes, and an empty style."""
    tags = BeautifulSoup(html, "html.parser").find_all(True)
    ids = ("id", "for", "mask")
    kept = [{k: v for k, v in tag.attrs.items() if k not in ids and (k, v) != ("style", "")} for tag in tags]
    return [(tag.name, attributes, tag.string) for tag, attributes in zip(tags, kept, strict=True)]


def same(measures, expected):
    assert measures.keys() == expected.keys()
    for name, value in expected.items():
        assert math.isfinite(value), name
        assert abs(measures[name] - value) <= 1e-6 * max(1, abs(value)), name


def page_of(folder, pictures, text="", still=()):
    """Write a page with these pictures, as the site has them, and nothing else of the site; returns its path.

    text: HTML before them. still: what stands in their places before they live.
    """
    live = folder / "_live" / "widgets"
    stored = {}
    for id, picture in zip("abcdefghijkl", pictures, strict=False):
        cls = PICTURES[type(picture).__name__]  # an instance has a class of its own, to which anywidget adds traits
        stored[id] = {"module": cls.__name__, "scripts": scripts(live, cls), "state": state(picture)}
        if getattr(picture, "files", {}):
            stored[id]["files"] = {name: served_file(live, name, make()) for name, make in picture.files.items()}
    classes = {PICTURES[each["module"]] for each in stored.values()}
    css = palette.css() + (folder / sheet(folder, classes)).read_text(encoding="utf-8")
    pairs = zip_longest(stored, still, fillvalue="")
    places = "".join(f'<div class="u-widget" data-model="{id}">{static}</div>' for id, static in pairs)
    page = folder / "page.html"
    page.write_text(
        "<!doctype html><html lang=en data-theme=light><meta charset=utf-8><title>x</title>"
        "<link rel=icon href='data:,'>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<style>{css} body {{ background: var(--q-paper); color: var(--q-ink); }}</style>"
        f"<main><h1>x</h1>{text}{places}</main>"
        f'<script type="application/json" class="u-models">{json.dumps(stored)}</script>'
        f'<script defer src="_live/widgets/{host(live)}"></script>',
        encoding="utf-8",
    )
    return page


@contextlib.contextmanager
def living(browser, folder, *pictures, text="", address=None, query="", **options):
    """The pictures on a page of their own, touched and alive; `seen.agrees()` compares the first with Python's.

    address: of the folder, where a server shows it; without one the page is opened as a file.
    """
    page = page_of(folder, pictures, text)
    with visit(browser, f"{address}/page.html{query}" if address else page.as_uri() + query, **options) as seen:
        for place in seen.page.locator(".u-widget").all():
            place.dispatch_event("pointerover")
        seen.page.wait_for_function(f"document.querySelectorAll('.u-live').length === {len(pictures)}")
        seen.state = lambda id="a": seen.page.evaluate("id => unrolled.models[id].state", id)

        def agrees():
            found, cls = seen.state(), type(pictures[0])
            same(found["measures"], cls(**{name: found[name] for name in cls.controls}).measures)
            return found

        seen.agrees = agrees
        yield seen
        assert not seen.complaints, seen.complaints
        assert not seen.foreign, seen.foreign


def axe(seen, theme):
    """What an accessibility checker finds on the page now."""
    switch = "theme => ['theme', 'data-theme'].forEach((name) => document.documentElement.setAttribute(name, theme))"
    seen.page.evaluate(switch, theme)  # Colab's and the book's
    return [(rule, node["html"][:200]) for rule, _, node in violations(seen.page)]
