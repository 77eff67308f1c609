"""Puts living widgets into a page: the notebook's stored widget states, a static drawing of each, and the host script.

Jupyter's own way would load RequireJS and a widget manager of 900 kB. Our widgets are anywidgets, so a page needs
only `_live/host.js`, and of each widget its module, made a classic script so that it also loads from a folder. The
static drawing, made by the same module while building, is what stands there on paper and without JavaScript, and it
keeps the room that the living one needs.
"""

import hashlib
import json
import re
from importlib import import_module
from pathlib import Path
from subprocess import run

from sphinx.util import logging

from node import Node
from unrolled.widgets.module import HERE

logger = logging.getLogger(__name__)
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.S)
JUPYTERS_OWN = re.compile(
    r"_(esm|css|anywidget_id|dom_classes|(model|view)_(name|module|module_version|count))|layout|tab.*|tooltip"
)


def widget_class(state):
    """The Python class of a stored model, or None when it is no anywidget of ours."""
    module, _, name = state.get("_anywidget_id", "").rpartition(".")
    return getattr(import_module(module), name) if module.startswith("unrolled.") else None


def add_widgets(app, pagename, templatename, context, doctree):
    views = [json.loads(view)["model_id"] for view in VIEW.findall(context.get("body", ""))]
    context["script_files"] = [f for f in context.get("script_files", []) if f.attributes.get("type") != STATE]
    if not views:
        return
    notebook = json.loads(Path(app.env.doc2path(pagename)).read_text(encoding="utf-8"))
    models = {id: model["state"] for id, model in notebook["metadata"]["widgets"][STATE]["state"].items()}
    classes = {id: cls for id, state in models.items() if (cls := widget_class(state))}
    for id in views:
        if id not in classes:
            logger.warning("%s shows a widget that is no anywidget of ours: it cannot live in the page", pagename)
            return
    states = {id: {k: v for k, v in models[id].items() if not JUPYTERS_OWN.fullmatch(k)} for id in classes}
    files = {id: {name: make() for name, make in getattr(cls, "files", {}).items()} for id, cls in classes.items()}
    question = {"views": views, "states": states, "modules": {id: classes[id]._esm for id in views}, "files": files}
    try:
        drawn = iter(zip(views, app.widget_drawer.ask(question)["drawn"], strict=True))
    except ValueError as error:
        logger.warning("a widget of %s cannot be drawn: %s", pagename, error)
        return

    def place(_):
        id, static = next(drawn)
        return f'<div class="u-widget" data-model="{id}">{static}</div>'

    stored = {
        id: {"module": qualified(classes[id]), "script": served(app, classes[id]), "state": states[id]}
        | ({"files": {name: served_file(app, name, file) for name, file in files[id].items()}} if files[id] else {})
        for id in classes
    }
    data = json.dumps(stored, separators=(",", ":")).replace("</", "<\\/")
    root = context["pathto"]("_live/host.js", resource=True)
    context["body"] = (
        VIEW.sub(place, context["body"])
        + f'<script type="application/json" class="u-models">{data}</script>'
        + f'<script defer src="{root}?v={digest(host())}"></script>'
    )
    app.add_css_file("widgets.css")


def qualified(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def served(app, cls):
    """Write the class's module as a classic script, small, and return its path below `_live`."""
    file = f"widgets/{cls.__name__}-{digest(cls._esm)}.js"
    target = Path(app.outdir) / "_live" / file
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        esbuild = Path(app.srcdir).parent / "node_modules" / ".bin" / "esbuild"
        name = f'unrolled.modules["{qualified(cls)}"]'
        command = [esbuild, "--minify", "--format=iife", f"--global-name={name}", "--loader=js", "--log-level=error"]
        made = run(command, input=cls._esm, capture_output=True, text=True, encoding="utf-8")
        if made.returncode:
            logger.warning("the module of %s is broken: %s", qualified(cls), made.stderr)
        target.write_text(made.stdout, encoding="utf-8")
    return file


def served_file(app, name, file):
    """Write what a widget asks for by name, JSON, as a script below `_live`, which also loads from a folder."""
    text = f"unrolled.files[{json.dumps(name)}]={json.dumps(file, separators=(',', ':'))};"
    path = f"widgets/{name}-{digest(text)}.js"
    target = Path(app.outdir) / "_live" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return path


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def host():
    return (Path(__file__).parents[1] / "_live" / "host.js").read_text(encoding="utf-8")


def start(app):
    if app.builder.format != "html":
        return
    linkedom = Path(app.srcdir).parent / "node_modules" / "linkedom"
    app.widget_drawer = Node(linkedom, Path(__file__).parent / "draw_widgets.mjs", linkedom / "esm" / "index.js")
    folder = Path(app.doctreedir) / "widgets"
    folder.mkdir(parents=True, exist_ok=True)
    sheets = HERE / "widgets.css", HERE.parent / "exercises" / "exercises.css"
    (folder / "widgets.css").write_text(
        "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets), encoding="utf-8"
    )
    app.config.html_static_path.append(str(folder))
    live = Path(app.outdir) / "_live"
    live.mkdir(parents=True, exist_ok=True)
    (live / "host.js").write_text(host(), encoding="utf-8")


def stop(app, exception):
    if hasattr(app, "widget_drawer"):
        app.widget_drawer.close()


def setup(app):
    app.connect("builder-inited", start)
    app.connect("html-page-context", add_widgets, priority=700)
    app.connect("build-finished", stop)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
