"""Code that runs in the page: which cells can, their controls, and the files it takes, in `_live/` of the site.

A cell that needs no more than NumPy, Matplotlib and `unrolled`, itself and through the cells whose names it uses, gets
Run, Edit and Reset (`_live/run.js`). Every other one says where it runs instead. Cells without visible code get
nothing. Where Pyodide cannot be had, the site is built without these controls and the build says so.
"""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

import pyodide_files

BOOK = Path(__file__).resolve().parents[1]
ROOT = BOOK.parent
LIVE = BOOK / "_live"
sys.path.insert(0, str(LIVE))

import runnable  # noqa: E402

UNSEEN = {"remove-cell", "remove_cell", "remove-input", "remove_input"}
# a name in the code, and the file it takes
DATA = {"mnist": "mnist.npz", "shakespeare": "shakespeare.txt", "phrases": "phrases.tsv", "seattle": "seattle.csv"}
PYTHON_FILES = ("in_page.py", "in_page_figures.py", "runnable.py")
HERE, ELSEWHERE = "<!-- live: here -->", "<!-- live: elsewhere -->"
CONTROLS = (
    '<div class="live-bar">'
    '<button type="button" class="live-run" aria-label="Run this cell">Run</button>'
    '<button type="button" class="live-edit" aria-label="Edit this cell">Edit</button>'
    '<button type="button" class="live-reset" aria-label="Reset this cell" hidden>Reset</button>'
    '<span class="live-mark" hidden>edited</span>'
    '<span class="live-say" role="status"></span><span class="live-clock" aria-hidden="true"></span>'
    "</div>"
)


def marks(notebook):
    """What each code cell gets: {index: HERE, ELSEWHERE, or "" for nothing}. notebook: nbformat 4 as a dict."""
    cells = {at: cell for at, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"}
    unseen = [bool(UNSEEN & set(cell["metadata"].get("tags", []))) for cell in cells.values()]
    sources = ["".join(cell["source"]) for cell in cells.values()]
    why = runnable.reasons(sources, {number for number, hidden in enumerate(unseen) if hidden})
    return {
        at: "" if hidden else ELSEWHERE if reason else HERE
        for at, hidden, reason in zip(cells, unseen, why, strict=True)
    }


def data_files(notebook):
    """The data files that the cells which run in the page ask for."""
    cells = (notebook["cells"][at] for at, mark in marks(notebook).items() if mark == HERE)
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells))
    names = {getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))) for node in ast.walk(tree)}
    return {file for name, file in DATA.items() if name in names}


def notebook_of(env, docname):
    path = Path(env.doc2path(docname))
    return json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".ipynb" else None


class Marks(SphinxTransform):
    """Leaves a mark below the code of each cell. It becomes HTML later, when the launch links are known."""

    default_priority = 400  # before framework_tabs moves the cells

    def apply(self):
        notebook = notebook_of(self.env, self.env.docname)
        if not notebook:
            return
        found = marks(notebook)
        for cell in self.document.findall(nodes.container):
            mark = found.get(cell.get("cell_index")) if cell.get("nb_element") == "cell_code" else ""
            if mark and cell.children[0].get("nb_element") == "cell_code_source":
                cell.children[0].append(nodes.raw("", mark, format="html"))


def put_controls(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    here = HERE in body and app.live_version
    body = body.replace(HERE, CONTROLS if here else "")
    if ELSEWHERE in body:
        body = body.replace(ELSEWHERE, elsewhere(context))
        context["metatags"] = context.get("metatags", "") + sheet(app, context)
    elif here:
        context["metatags"] = context.get("metatags", "") + sheet(app, context)
    context["body"] = body
    if here:
        script = f'<script defer src="{context["pathto"]("_live/run.js", True)}?v={app.live_version}"></script>'
        context["metatags"] += script
        for name in data_files(notebook_of(app.env, pagename)):
            target = Path(app.outdir) / "_live" / "data" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "data" / name, target)


def sheet(app, context):
    href = f"{context['pathto']('_live/run.css', True)}?v={app.live_version or 'none'}"
    return f'<link rel="stylesheet" href="{href}"/>'


def elsewhere(context):
    """Where a cell runs that cannot run in the page: the theme's launch links."""
    groups = {group.get("label"): group["buttons"] for group in context.get("header_buttons", []) if "buttons" in group}
    links = [f'<a href="{escape(each["url"])}">{each["text"]}</a>' for each in groups.get("launch-buttons", [])][::-1]
    return f'<p class="live-elsewhere"><span>Runs in {" or ".join(links)}</span></p>' if links else ""


def write_files(app):
    """Everything in `_live/` but the data, before any page is written: the pages must know whether Python is there."""
    target = Path(app.outdir) / "_live"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("run.js", "run.css", "python.js", "worker.js"):
        shorten(LIVE / name, target / name)
    shorten(LIVE / "editor.js", target / "editor.js", "--bundle", "--format=iife", "--target=es2021")
    pyodide_files.archive(target / "unrolled.zip", ROOT / "code" / "unrolled", [LIVE / name for name in PYTHON_FILES])
    files = sorted(file for file in target.iterdir() if file.is_file())
    app.live_version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
    try:
        pyodide_files.copy_pyodide(ROOT / "node_modules" / "pyodide", target / "pyodide")
    except pyodide_files.Missing as error:
        app.live_version = ""
        print(f"The site is built without Run buttons, Python for the page cannot be had: {error}", file=sys.stderr)


def shorten(source, target, *options):
    """Write a script or a style sheet without blanks and comments; with --bundle, and the npm packages it imports."""
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    options = ["--minify", "--charset=utf8", "--log-level=warning", *options]
    environment = {"NODE_PATH": str(ROOT / "node_modules")}
    command = [str(esbuild), str(source), *options, f"--outfile={target}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    except OSError as error:
        raise ExtensionError("esbuild is missing: npm ci installs it from package-lock.json") from error
    if done.returncode:
        raise ExtensionError(f"{source.name}: {done.stderr}")


def setup(app):
    app.add_transform(Marks)
    app.connect("builder-inited", write_files)
    app.connect("html-page-context", put_controls, priority=650)  # after launch.py, which needs the first </h1>
    return {"parallel_read_safe": True, "parallel_write_safe": True}
