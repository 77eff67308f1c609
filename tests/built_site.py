"""The built site as the tests see it: where it lies, its pages, and a visit to one of them in a browser.

The fixtures that go with it (`site`, `address`, `browser`) stand in conftest.py. (Python's own `site` has the shorter
name.)
"""

import contextlib
import functools
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
SITE = BOOK / "_build" / "html"

TOC = yaml.safe_load((BOOK / "_toc.yml").read_text())
CHAPTERS = [entry["file"] for part in TOC["parts"] for entry in part["chapters"] if "chapters/" in entry["file"]]
RECURRENT = next(chapter for chapter in CHAPTERS if "/02_" in chapter)  # for general tests: it has some of everything
PAGES = [TOC["root"], *(entry["file"] for part in TOC["parts"] for entry in part["chapters"]), "search", "genindex"]
PATIENCE = 120  # seconds that something may take on a busy machine before it counts as never
ALL_OF_IT = "* { content-visibility: visible !important }"  # also the sections that wait until the reader comes near
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"  # laid out and drawn
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host is reached
]

# Notes which of a page's timers are still to come, for `settle`.
TIMERS = """(() => {
  const { setTimeout, clearTimeout } = window, due = (window.timersDue = new Set());
  window.setTimeout = (call, ...rest) => {
    if (typeof call !== "function") return setTimeout(call, ...rest);
    const id = setTimeout((...given) => { due.delete(id); call(...given); }, ...rest);
    due.add(id);
    return id;
  };
  window.clearTimeout = (id) => { due.delete(id); clearTimeout(id); };
})()"""
AT_REST = """() => new Promise((done, never) => {
  let before = "", same = 0, frames = 0;
  const look = () => {
    const moving = timersDue.size || document.getAnimations().some((a) => a.playState === "running")
      || [...document.images].some((image) => image.loading !== "lazy" && !image.complete);
    const now = [scrollX, scrollY, document.documentElement.scrollHeight, document.fonts.status].join();
    same = now === before && !moving ? same + 1 : 0;
    before = now;
    if (same === 10) done();
    else if (++frames === 3000) never(new Error("the page does not come to rest"));
    else requestAnimationFrame(look);
  };
  look();
})"""


@dataclass
class Visit:
    """What was seen on a page: what the console said, what failed, and what was asked of another host."""

    page: object
    complaints: list = field(default_factory=list)
    foreign: list = field(default_factory=list)

    def asks(self, request):
        if urlsplit(request.url).hostname not in (None, "", "127.0.0.1"):
            self.foreign.append(request.url)

    def says(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def fails(self, request):
        """A failed request is a complaint, unless the page itself took it back: it was left, reloaded or closed."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} ({request.failure})")

    def settle(self):
        """Wait until the page is at rest: no timer is due, nothing runs or loads, ten frames were all the same."""
        self.page.evaluate(AT_REST)


def outside_make():
    """The environment without what `make test` hands to the make programs that it starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def build():
    """Bring the built site up to date; `make` builds only where a source has changed. One process at a time."""
    SITE.parent.mkdir(exist_ok=True)
    with FileLock(SITE.parent / "building.lock"):
        made = subprocess.run(["make", "book"], cwd=ROOT, env=outside_make(), capture_output=True, text=True)
    assert made.returncode == 0, f"the site cannot be built:\n{made.stdout}{made.stderr}"


def until(condition, complaint):
    """Wait for something that another process does; how long that takes says nothing."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.02)


def watch(page):
    """A Visit of a page that has nothing on it yet."""
    seen = Visit(page)
    page.add_init_script(TIMERS)
    page.on("request", seen.asks)
    page.on("console", seen.says)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("requestfailed", seen.fails)
    return seen


@contextlib.contextmanager
def visit(browser, url, **options):
    with contextlib.closing(browser.new_context(**{"viewport": {"width": 1300, "height": 900}} | options)) as context:
        context.set_default_timeout(PATIENCE * 1000)
        seen = watch(context.new_page())
        seen.page.goto(url, wait_until="load")
        yield seen


@functools.cache
def axe_core():
    """The script of the accessibility checker."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe().axe_script


def violations(page, context=None, **options):
    """What axe-core complains of on a page now: [(the rule, its words, the element), ...]."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(axe_core())
    options = {"resultTypes": ["violations"], "preload": False} | options
    run = "([context, options]) => axe.run(context ?? document, options).then((found) => found.violations)"
    return [
        (violation["id"], violation["help"], node)
        for violation in page.evaluate(run, [context, options])
        for node in violation["nodes"]
    ]


@functools.cache
def soup(site, page):
    """A page's elements. They are parsed once: who changes them takes a copy."""
    return BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
