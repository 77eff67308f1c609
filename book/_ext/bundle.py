"""After the build: one style sheet and one script for the whole site, with nothing in them that no page uses.

The theme and the extensions put a dozen style sheets and as many scripts on every page, 700 kB before compression,
of which a page uses a tenth, and the scripts stop the page from being drawn. Here those that every page has are joined
in their order, `bundle.mjs` leaves out the rules that fit no page (PurgeCSS) and shortens the rest (esbuild), and the
pages are pointed at the result. Scripts wait until the page stands (`defer`), and keep their order. What only some
pages have stays a file of its own.
"""

import json
import os
import re
import subprocess
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.errors import ExtensionError

OURS = ("palette.css", "icons.css", "unrolled.css")  # written by hand for this book: nothing to leave out
# Work that the theme does at every start and that this book does otherwise.
LEFT_OUT = {
    # It lays out the whole page to see which boxes scroll; `_static/page.js` looks at a box when it is near the screen.
    "pydata-sphinx-theme.js": '"complete"===document.readyState?I():window.addEventListener("load",I)',
}
STYLE_SHEET = re.compile(r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^":]+?)(?:\?[^"]*)?"[^>]*>\n?')
SCRIPT = re.compile(
    r'[ \t]*<script\b(?P<before>[^>]*?)\bsrc="(?P<src>[^":]+?)(?:\?[^"]*)?"(?P<after>[^>]*)></script>\n?'
)
URL = re.compile(r"""url\(\s*(['"]?)(?!data:|#|https?:)([^'")]+)\1\s*\)""")
PRELOADED_SCRIPT = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')


def bundle(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.glob("**/*.html")) if is_page(path, site)}
    for path, html in pages.items():
        pages[path] = inline_options(PRELOADED_SCRIPT.sub("", html), path)
    sheets = common(STYLE_SHEET, 1, pages)
    scripts = common(SCRIPT, "src", pages)
    small = run_node(
        Path(app.srcdir).parent,
        css="\n".join(rebased(sheet, site / "_static") for sheet in sheets),
        pages=list(pages.values()),
        scripts=[without_extra_work(script) for script in scripts],
        others=[script.read_text(encoding="utf-8") for script in other_scripts(pages, scripts, site)],
    )
    css = write(site / "_static" / "book.css", small["css"])
    # The semicolons part the files, and keep one file's "use strict" from binding the others.
    js = write(site / "_static" / "book.js", "".join(f";{script}\n" for script in small["scripts"]))
    settings = " ".join(dict.fromkeys(re.findall(r'\bdata-[\w-]+="[^"]*"', " ".join(tags_of(scripts, pages)))))
    for path, html in pages.items():
        html = replaced(STYLE_SHEET, 1, html, path, sheets, f'<link rel="stylesheet" href="{address(css, path)}">')
        html = replaced(
            SCRIPT, "src", html, path, scripts, f'<script defer {settings} src="{address(js, path)}"></script>'
        )
        path.write_text(SCRIPT.sub(deferred, html), encoding="utf-8")


def is_page(path, site):
    return not path.relative_to(site).parts[0].startswith("_")


def inline_options(html, path):
    """Sphinx's options (300 bytes), which the scripts written into the page want to change, stand in the page too."""

    def inline(script):
        file = path.parent / script["src"]
        return (
            f"<script>{file.read_text(encoding='utf-8')}</script>\n"
            if file.name == "documentation_options.js"
            else script[0]
        )

    return SCRIPT.sub(inline, html)


def common(pattern, group, pages):
    """The files that every page asks for, in their order."""
    asked = [
        [(path.parent / match[group]).resolve() for match in pattern.finditer(html)] for path, html in pages.items()
    ]
    return [file for file in dict.fromkeys(asked[0]) if all(file in files for files in asked)]


def other_scripts(pages, scripts, site):
    """Scripts that only some pages have or that are fetched later: what they show must be kept in the style sheet."""
    asked = {(path.parent / match["src"]).resolve() for path, html in pages.items() for match in SCRIPT.finditer(html)}
    return sorted(
        file for file in asked.union((site / "_live").glob("*.js")) - {*scripts} if file.stat().st_size < 200_000
    )


def tags_of(files, pages):
    """The tags by which the first page asks for the scripts: their data attributes are settings that they read."""
    path, html = next(iter(pages.items()))
    return [match[0] for match in SCRIPT.finditer(html) if (path.parent / match["src"]).resolve() in files]


def rebased(sheet, folder):
    """A style sheet's text, the sheets it imports put in, its addresses relative to another folder."""

    def address(url):
        return f"url({os.path.relpath(sheet.parent / urlsplit(url[2]).path, folder)})"

    css = re.sub(r'@charset "[^"]*";', "", URL.sub(address, sheet.read_text(encoding="utf-8")))
    css = re.sub(r'@import\s*"([^"]+)";', lambda name: rebased(sheet.parent / name[1], folder), css)
    return f"/*! purgecss start ignore */\n{css}\n/*! purgecss end ignore */" if sheet.name in OURS else css


def without_extra_work(script):
    text = script.read_text(encoding="utf-8")
    if (extra := LEFT_OUT.get(script.name)) is None:
        return text
    if extra not in text:
        raise ExtensionError(f"{script.name} is no longer the one that bundle.py knows: look at LEFT_OUT")
    return text.replace(extra, "0")


def run_node(root, **task):
    script = Path(__file__).with_suffix(".mjs")
    answer = subprocess.run(
        ["node", script], cwd=root, input=json.dumps(task), capture_output=True, text=True, encoding="utf-8"
    )
    if answer.returncode:
        raise ExtensionError(f"{script.name}: {answer.stderr}")
    return json.loads(answer.stdout)


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def address(file, page):
    """The file as the page has to call it; the checksum makes browsers fetch a changed one."""
    return f"{os.path.relpath(file, page.parent)}?v={sha256(file.read_bytes()).hexdigest()[:8]}"


def replaced(pattern, group, html, path, files, tag):
    """The first of the files' tags becomes the tag, the others go."""
    left = [tag + "\n"]
    return pattern.sub(
        lambda match: (left.pop() if left else "") if (path.parent / match[group]).resolve() in files else match[0],
        html,
    )


def deferred(script):
    if re.search(r"\b(async|defer)\b|\btype=", script["before"] + script["after"]):
        return script[0]
    return script[0].replace("<script", "<script defer", 1)


def setup(app):
    app.connect("build-finished", bundle, priority=900)  # when the other extensions have written their files
    return {"parallel_read_safe": True, "parallel_write_safe": True}
