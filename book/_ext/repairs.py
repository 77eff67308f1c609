"""Mends what Sphinx, myst-nb and the theme write in a way that readers stumble over; each repair says what and why.

The whole page goes through `repaired`, a filter that `templates/layout.html` applies.
"""

import re
from html import escape, unescape

REPAIRS = {
    # `doc-biblioentry` is deprecated, and a list must hold list items.
    'role="doc-biblioentry"': 'role="listitem"',
    # The label hid the visible words "Show the code".
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # A dialog is announced by its name.
    '<dialog id="pst-search-dialog">': '<dialog id="pst-search-dialog" aria-label="Search">',
    '<dialog id="pst-primary-sidebar-modal">': '<dialog id="pst-primary-sidebar-modal" aria-label="The book">',
    '<dialog id="pst-secondary-sidebar-modal">': '<dialog id="pst-secondary-sidebar-modal" aria-label="This page">',
    # The word stands beside the picture, which would be read twice, and is in a closed menu: fetch it when that opens.
    '<img alt="Binder logo"': '<img loading="lazy" alt=""',
    '<img alt="Colab logo"': '<img loading="lazy" alt=""',
    # A button that opens a window has to be named by what it opens, and does nothing without JavaScript.
    'primary-toggle btn btn-sm" title="Toggle primary sidebar"': (
        'primary-toggle btn btn-sm pst-js-only" title="Contents of the book" aria-label="Contents of the book"'
    ),
    'secondary-toggle btn btn-sm pst-navbar-icon" title="Toggle secondary sidebar"': (
        'secondary-toggle btn btn-sm pst-navbar-icon pst-js-only" title="Contents of the page" '
        'aria-label="Contents of the page"'
    ),
    '<div class="dropdown dropdown-': '<div class="dropdown pst-js-only dropdown-',
    # The label hid the visible shortcut; now the shortcut is one, and the visible word is the name.
    'pst-js-only" title="Search" aria-label="Search" data-bs-placement="bottom" data-bs-toggle="tooltip">\n <i': (
        'pst-js-only" aria-keyshortcuts="Control+K">\n <i'
    ),
    '<span class="search-button__kbd-shortcut">': '<span class="search-button__kbd-shortcut" aria-hidden="true">',
}
# The empty banner was announced as one. The theme's script asks for its height.
BANNER = re.compile(r'<header id="pst-header" class="([^"]*)">\s*</header>')
TABLE = re.compile(r'<table class="table">.*?</table>', re.S)
HEAD = re.compile(r"<thead>.*?</thead>\s*", re.S)
FIRST_CELL = re.compile(r'(<tr\b[^>]*>\s*)<td((?: class="[^"]*")?)>(.*?)</td>', re.S)
EMPTY_HEAD = re.compile(r'<th class="head([^"]*)"><p></p></th>')
LITERAL = re.compile(r'(?<=<span class="pre">)[^<]+(?=</span>)')
JOINT = re.compile(r"(?<=[._(\[])(?=\w)|(?<=[a-z])(?=[A-Z])")
LONG = 17  # letters; a shorter name is never broken


def repaired(html):
    for fault, mended in REPAIRS.items():
        html = html.replace(fault, mended)
    html = BANNER.sub(r'<div id="pst-header" class="\1"></div>', html)
    return TABLE.sub(lambda table: LITERAL.sub(breakable, repaired_table(table[0])), html)


def breakable(name):
    """On a phone a long name goes on in the next line of its table cell: after a dot or before a capital."""
    return JOINT.sub("<wbr>", name[0]) if len(unescape(name[0])) > LONG else name[0]


def repaired_table(table):
    """Where the corner says nothing, the first column names the rows. A head that says nothing at all goes."""
    head = HEAD.search(table)
    if not head or not EMPTY_HEAD.search(head[0].partition("</th>")[0] + "</th>"):
        return table
    rows = FIRST_CELL.sub(r'\1<th scope="row"\2>\3</th>', table[head.end() :])
    says = re.sub(r"<[^>]+>|\s", "", head[0])
    return table[: head.start()] + (EMPTY_HEAD.sub(r'<td class="head\1"></td>', head[0]) if says else "") + rows


def describe(app, pagename, templatename, context, doctree):
    """Says what the page is about where search engines and previews look for it: its first paragraph, shortened."""
    body = context.get("body", "")
    for paragraph in re.findall(r"<p>(.*?)</p>", body[max(0, body.find("<h2>")) :], re.S):
        words = unescape(re.sub(r'<span class="katex-html".*|<[^>]+>', "", paragraph, flags=re.S)).split()
        if len(words) > 7:
            text = " ".join(words)
            short = text if len(text) <= 160 else text[:159].rpartition(" ")[0] + " …"
            break
    else:
        short = f"{context.get('title', '')}: a page of the book {app.config.project}"
    context["metatags"] = context.get("metatags", "") + f'\n<meta name="description" content="{escape(short)}">'


def add_filter(app):
    app.builder.templates.environment.filters["repaired"] = repaired


def setup(app):
    app.connect("builder-inited", add_filter)
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
