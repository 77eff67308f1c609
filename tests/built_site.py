"""The built site as the tests see it: where it lies, its pages, and a visit to one of them in a browser.

The fixtures that go with it (`site`, `address`, `browser`) stand in conftest.py. (Python's own `site` has the shorter
name.)
"""

import contextlib
import functools
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
SITE = BOOK / "_build" / "html"
SCREENSHOTS = BOOK / "_build" / "screenshots"

TOC = yaml.safe_load((BOOK / "_toc.yml").read_text())
CHAPTERS = [entry["file"] for part in TOC["parts"] for entry in part["chapters"] if "chapters/" in entry["file"]]
RECURRENT = next(chapter for chapter in CHAPTERS if "/02_" in chapter)  # for general tests: it has some of everything
PAGES = [TOC["root"], *(entry["file"] for part in TOC["parts"] for entry in part["chapters"]), "search", "genindex"]
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
]


@dataclass
class Visit:
    """What was seen on a page: what the console said, and every request that another host would have had to answer."""

    page: object
    complaints: list = field(default_factory=list)
    foreign: list = field(default_factory=list)


@contextlib.contextmanager
def visit(browser, url, **options):
    with contextlib.closing(browser.new_context(**{"viewport": {"width": 1300, "height": 900}} | options)) as context:
        seen = Visit(context.new_page())

        def answer(route):
            if urlsplit(route.request.url).hostname in (None, "", "127.0.0.1"):
                route.continue_()
            else:
                seen.foreign.append(route.request.url)
                route.abort()

        def listen(message):
            if message.type == "error":
                seen.complaints.append(f"{message.text} ({message.location['url']})")

        context.route("**/*", answer)
        seen.page.on("console", listen)
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("requestfailed", lambda request: seen.complaints.append(f"failed: {request.url}"))
        seen.page.goto(url, wait_until="load")
        yield seen


@functools.cache
def soup(site, page):
    """A page's elements. They are parsed once: who changes them takes a copy."""
    return BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
