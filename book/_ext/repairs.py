"""Mends what Sphinx and myst-nb write in a way that screen readers stumble over; each line says what and why."""

REPAIRS = {
    # A list must hold list items; Sphinx's entries are `doc-biblioentry`, which say by themselves what they are.
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    # The label hid the visible words "Show the code".
    '<summary aria-label="Toggle hidden content">': "<summary>",
}


def repair(app, pagename, templatename, context, doctree):
    for fault, mended in REPAIRS.items():
        context["body"] = context.get("body", "").replace(fault, mended)


def setup(app):
    app.connect("html-page-context", repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
