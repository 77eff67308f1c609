"""Leaves out what the theme loads on every page and this book does not use. `bundle.py` makes the rest small.

- fontawesome.js (1.5 MB): `_static/icons.css` draws the dozen icons in use.
- bootstrap.js (81 kB): only its menus were in use, and `_static/page.js` has those.
- the search's scripts and its index: the search page has them; elsewhere the search field leads to that page.
- sphinx-thebe's scripts: cells run in the page itself (`live_code.py`), in Colab and in Binder, not by Thebe; and
  sphinx-thebe 0.3.1 declares `THEBE_JS_URL` twice, an error in the console of every page.

`templates/layout.html` also chooses light or dark before the first paint.
"""

import re
from pathlib import Path

THEBE = re.compile(r'<script type="text/x-thebe-config">.*?</script>\s*<script>kernelName = .*?</script>\s*', re.S)


def without(html, *names):
    """The HTML without the tags that load these scripts, also ahead of time."""
    for name in names:
        html = re.sub(rf'<(script|link)\b[^>]*["/]{re.escape(name)}[^>]*>(</script>)?\n?', "", html)
    return html


def add_templates(app, config):
    config.templates_path.append(str(Path(__file__).parent / "templates"))


def add_filter(app):
    app.builder.templates.environment.filters["without"] = without


def drop_thebe(app, pagename, templatename, context, doctree):
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not is_thebe(file)]
    context["body"] = THEBE.sub("", context.get("body", ""))


def is_thebe(file):
    return "thebe" in str(file.filename) or "THEBE_JS_URL" in file.attributes.get("body", "")


def setup(app):
    app.connect("config-inited", add_templates)
    app.connect("builder-inited", add_filter)
    app.connect("html-page-context", drop_thebe, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
