"""A living picture by itself: drawn in Node, or on a page with the book's host script and nothing else."""

import contextlib
import json
import math
import shutil
import subprocess

from bs4 import BeautifulSoup

from built_site import BOOK, ROOT, visit
from node import Node
from unrolled import trained
from unrolled.widgets.module import HERE


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
    answer = drawer.ask(question | {"files": {"a": {"characters": trained.for_page()}}})
    return BeautifulSoup(answer["drawn"][0], "html.parser"), answer["states"]["a"]


def same(measures, expected):
    assert measures.keys() == expected.keys()
    for name, value in expected.items():
        assert math.isfinite(value), name
        assert abs(measures[name] - value) <= 1e-6 * max(1, abs(value)), name


@contextlib.contextmanager
def living(browser, folder, picture):
    """The picture on a page of its own, touched and alive; `seen.agrees()` compares it with Python's."""
    live = folder / "_live"
    live.mkdir()
    shutil.copy(BOOK / "_live" / "host.js", live)
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--format=iife", '--global-name=unrolled.modules["R"]']
    command = [*esbuild, "--minify", "--loader=js"]
    (live / "reading.js").write_text(subprocess.check_output(command, input=picture._esm, text=True))
    (live / "weights.js").write_text(f'unrolled.files["characters"]={json.dumps(trained.for_page())};')
    stored = {"a": {"module": "R", "script": "reading.js", "files": {"characters": "weights.js"}}}
    stored["a"]["state"] = state(picture)
    (folder / "page.html").write_text(
        "<!doctype html><html lang=en data-theme=light><meta charset=utf-8><title>x</title>"
        f"<style>{picture._css}</style>"
        '<main><h1>x</h1><div class="u-widget" data-model="a"></div></main>'
        f'<script type="application/json" class="u-models">{json.dumps(stored)}</script>'
        '<script defer src="_live/host.js"></script>',
        encoding="utf-8",
    )
    with visit(browser, (folder / "page.html").as_uri()) as seen:
        seen.page.dispatch_event(".u-widget", "pointerover")
        seen.page.wait_for_selector(".u-live")
        seen.state = lambda: seen.page.evaluate("unrolled.models.a.state")

        def agrees():
            found = seen.state()
            same(found["measures"], type(picture)(**{name: found[name] for name in picture.controls}).measures)
            return found

        seen.agrees = agrees
        yield seen
        assert not seen.complaints
        assert not seen.foreign


def axe(seen, theme):
    """What an accessibility checker finds on the page now."""
    from axe_playwright_python.sync_playwright import Axe

    switch = "theme => ['theme', 'data-theme'].forEach((name) => document.documentElement.setAttribute(name, theme))"
    seen.page.evaluate(switch, theme)  # Colab's and the book's
    seen.page.add_style_tag(content="body { background: var(--q-paper); color: var(--q-ink); }")
    found = Axe().run(seen.page).response["violations"]
    return [(v["id"], [n["html"][:200] for n in v["nodes"]][:3]) for v in found]
