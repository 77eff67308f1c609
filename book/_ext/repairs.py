"""Mends what Sphinx, myst-nb and the theme write in a way that readers stumble over; each repair says what and whose.

The whole page goes through `repaired`, a filter that `templates/layout.html` applies. How often each fault was met is
written beside the site, in `_build/repairs.json`: a test names the repairs that a newer version no longer needs.
"""

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import NamedTuple


class Repair(NamedTuple):
    """fault: the text, as it is written. mended: what stands there instead. whose: who writes it, in which version."""

    fault: str
    mended: str
    whose: str


BOOK_THEME, PYDATA = "sphinx-book-theme 1.3.0", "pydata-sphinx-theme 0.17.1"
REPAIRS = [
    # `doc-biblioentry` is deprecated, and a list must hold list items.
    Repair('role="doc-biblioentry"', 'role="listitem"', "docutils 0.21.2, _html_base.py"),
    # The label hid the visible words "Show the code".
    Repair('<summary aria-label="Toggle hidden content">', "<summary>", "myst-nb 1.4.0, sphinx_.py"),
    # A dialog is announced by its name.
    Repair(
        '<dialog id="pst-search-dialog">',
        '<dialog id="pst-search-dialog" aria-label="Search">',
        f"{PYDATA}, layout.html",
    ),
    Repair(
        '<dialog id="pst-primary-sidebar-modal">',
        '<dialog id="pst-primary-sidebar-modal" aria-label="The book">',
        f"{PYDATA}, layout.html",
    ),
    Repair(
        '<dialog id="pst-secondary-sidebar-modal">',
        '<dialog id="pst-secondary-sidebar-modal" aria-label="This page">',
        f"{PYDATA}, layout.html",
    ),
    # The word stands beside the picture, which would be read twice, and is in a closed menu: fetch it when that opens.
    Repair('<img alt="Binder logo"', '<img loading="lazy" alt=""', f"{BOOK_THEME}, header_buttons"),
    Repair('<img alt="Colab logo"', '<img loading="lazy" alt=""', f"{BOOK_THEME}, header_buttons"),
    # A button that opens a window has to be named by what it opens, and does nothing without JavaScript.
    Repair(
        'primary-toggle btn btn-sm" title="Toggle primary sidebar"',
        'primary-toggle btn btn-sm pst-js-only" title="Contents of the book" aria-label="Contents of the book"',
        f"{BOOK_THEME}, toggle-primary-sidebar.html",
    ),
    Repair(
        'secondary-toggle btn btn-sm pst-navbar-icon" title="Toggle secondary sidebar"',
        'secondary-toggle btn btn-sm pst-navbar-icon pst-js-only" title="Contents of the page" '
        'aria-label="Contents of the page"',
        f"{BOOK_THEME}, toggle-secondary-sidebar.html",
    ),
    Repair('<div class="dropdown dropdown-', '<div class="dropdown pst-js-only dropdown-', f"{BOOK_THEME}, its menus"),
    # The label hid the visible shortcut; now the shortcut is one, and the visible word is the name.
    Repair(
        'pst-js-only" title="Search" aria-label="Search" data-bs-placement="bottom" data-bs-toggle="tooltip">\n <i',
        'pst-js-only" aria-keyshortcuts="Control+K">\n <i',
        f"{PYDATA}, search-button-field.html",
    ),
    Repair(
        '<span class="search-button__kbd-shortcut">',
        '<span class="search-button__kbd-shortcut" aria-hidden="true">',
        f"{PYDATA}, search-button-field.html",
    ),
]
# The empty banner was announced as one. The theme's script asks for its height. (pydata-sphinx-theme 0.17.1)
BANNER = re.compile(r'<header id="pst-header" class="([^"]*)">\s*</header>')
# Markdown has no tables without a head, and none whose first column names the rows. (docutils 0.21.2, myst-parser)
TABLE = re.compile(r'<table class="table">.*?</table>', re.S)
HEAD = re.compile(r"<thead>.*?</thead>\s*", re.S)
FIRST_CELL = re.compile(r'(<tr\b[^>]*>\s*)<td((?: class="[^"]*")?)>(.*?)</td>', re.S)
EMPTY_HEAD = re.compile(r'<th class="head([^"]*)"><p></p></th>')
LITERAL = re.compile(r'(?<=<span class="pre">)[^<]+(?=</span>)')
JOINT = re.compile(r"(?<=[._(\[])(?=\w)|(?<=[a-z])(?=[A-Z])")
LONG = 17  # letters; a shorter name is never broken


CORNER = "a table whose corner says nothing"
met = Counter()


def repaired(html):
    for repair in REPAIRS:
        met[repair.fault] += html.count(repair.fault)
        html = html.replace(repair.fault, repair.mended)
    html, banners = BANNER.subn(r'<div id="pst-header" class="\1"></div>', html)
    met[BANNER.pattern] += banners
    return TABLE.sub(lambda table: LITERAL.sub(breakable, repaired_table(table[0])), html)


def breakable(name):
    """On a phone a long name goes on in the next line of its table cell: after a dot or before a capital."""
    return JOINT.sub("<wbr>", name[0]) if len(unescape(name[0])) > LONG else name[0]


def repaired_table(table):
    """Where the corner says nothing, the first column names the rows. A head that says nothing at all goes."""
    head = HEAD.search(table)
    if not head or not EMPTY_HEAD.search(head[0].partition("</th>")[0] + "</th>"):
        return table
    met[CORNER] += 1
    rows = FIRST_CELL.sub(r'\1<th scope="row"\2>\3</th>', table[head.end() :])
    says = re.sub(r"<[^>]+>|\s", "", head[0])
    return table[: head.start()] + (EMPTY_HEAD.sub(r'<td class="head\1"></td>', head[0]) if says else "") + rows


def note(app, error):
    """After a whole build: how often each fault was met."""
    if not error:
        (Path(app.outdir).parent / "repairs.json").write_text(json.dumps(met, indent=1) + "\n")


def add_filter(app):
    met.clear()
    app.builder.templates.environment.filters["repaired"] = repaired


def setup(app):
    app.connect("builder-inited", add_filter)
    app.connect("build-finished", note)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
