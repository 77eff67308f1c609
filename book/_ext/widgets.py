"""Puts living widgets into a page: the notebook's stored widget states, a static drawing of each, and the host script.

Jupyter's own way would load RequireJS and a widget manager of 900 kB. Our widgets are anywidgets, so a page needs
only `_live/host.js`, of each widget its module, made a classic script so that it also loads from a folder, what the
living pictures share, and one style sheet with what the widgets of this page need. The static drawing, made
by the same module while building, is what stands there on paper and without JavaScript, and it keeps the room that the
living one needs.
"""

import hashlib
import inspect
import json
import re
from pathlib import Path
from subprocess import run

from sphinx.util import logging

from node import Node
from unrolled import widgets
from unrolled.exercises.widget import ExerciseWidget, ProgressWidget
from unrolled.widgets.living import Living
from unrolled.widgets.module import HERE as WIDGETS
from unrolled.widgets.module import lighting, rules, script, shared, sheets, without_shared

logger = logging.getLogger(__name__)
LIVE = Path(__file__).parents[1] / "_live"
ESBUILD = Path(__file__).parents[2] / "node_modules" / ".bin" / "esbuild"
PICTURES = {name: getattr(widgets, name) for name in widgets.__all__}
CLASSES = PICTURES | {cls.__name__: cls for cls in (ExerciseWidget, ProgressWidget)}
EXERCISES = Path(inspect.getfile(ExerciseWidget)).with_name("exercises.css")
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.S)
JUPYTERS_OWN = re.compile(
    r"_(esm|css|anywidget_id|dom_classes|(model|view)_(name|module|module_version|count))|layout|tab.*|tooltip"
)


def widget_class(state):
    """The Python class of a stored model, by its name; None when it is no anywidget of ours."""
    module, _, name = state.get("_anywidget_id", "").rpartition(".")
    return CLASSES.get(name) if module.startswith("unrolled.") else None


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

    live = Path(app.outdir) / "_live" / "widgets"
    stored = {
        id: {"module": classes[id].__name__, "scripts": scripts(live, classes[id]), "state": states[id]}
        | ({"files": {name: served_file(live, name, file) for name, file in files[id].items()}} if files[id] else {})
        for id in classes
    }
    data = json.dumps(stored, separators=(",", ":")).replace("</", "<\\/")
    app.add_css_file(sheet(Path(app.outdir) / "_static", {*classes.values()}))
    root = context["pathto"](f"_live/widgets/{host(live)}", resource=True)
    context["body"] = (
        VIEW.sub(place, context["body"])
        + f'<script type="application/json" class="u-models">{data}</script>'
        + f'<script defer src="{root}"></script>'
    )


def scripts(folder, cls):
    """Write a class's module, and before it what the pictures of a page share, as classic scripts.

    folder: where they go. Returns their paths below it, in the order in which they are to run.
    """
    own = f"--global-name=unrolled.modules.{cls.__name__}"
    if not issubclass(cls, Living):
        return [small(folder, cls.__name__, ".js", cls._esm, own)]
    text, needed = without_shared(script(cls))
    first = [small(folder, name, ".js", shared(name), f"--global-name=unrolled.{name}") for name in needed]
    return [*first, small(folder, cls.__name__, ".js", text, own)]


def sheet(folder, classes):
    """Write the style sheet of a page that shows widgets of these classes, and return its path below the folder."""
    pictures = [cls for cls in PICTURES.values() if cls in classes]
    exercises = [WIDGETS / "controls.css", EXERCISES] if classes - {*pictures} else []
    needed = dict.fromkeys([*sheets(*map(script, pictures)), *exercises])
    text = rules(*needed) + (lighting() if pictures else "")
    return small(folder, "widgets", ".css", text)


def host(folder):
    """Write what runs on every page with widgets: the models, and what the page around them has to do with them."""
    text = "\n".join((LIVE / name).read_text(encoding="utf-8") for name in ("around.js", "host.js"))
    return small(folder, "host", ".js", text)


def small(folder, name, kind, text, *options):
    """Write a script or a style sheet without blanks and comments; return its path below the folder."""
    file = f"{name}-{digest(text)}{kind}"
    target = Path(folder) / file
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        form = ["--format=iife"] if kind == ".js" else []
        command = [ESBUILD, f"--loader={kind[1:]}", "--minify", "--charset=utf8", "--log-level=error", *form, *options]
        made = run(command, input=text, capture_output=True, text=True, encoding="utf-8")
        if made.returncode:
            logger.warning("%s is broken: %s", file, made.stderr)
        target.write_text(made.stdout, encoding="utf-8")
    return file


def served_file(folder, name, file):
    """Write what a widget asks for by name, JSON, as a script, which also loads from a folder; return its path."""
    text = f"unrolled.files[{json.dumps(name)}]={json.dumps(file, separators=(',', ':'))};"
    path = f"{name}-{digest(text)}.js"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    return path


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def start(app):
    if app.builder.format != "html":
        return
    linkedom = Path(app.srcdir).parent / "node_modules" / "linkedom"
    app.widget_drawer = Node(linkedom, Path(__file__).parent / "draw_widgets.mjs", linkedom / "esm" / "index.js")


def stop(app, exception):
    if hasattr(app, "widget_drawer"):
        app.widget_drawer.close()


def setup(app):
    app.connect("builder-inited", start)
    app.connect("html-page-context", add_widgets, priority=700)
    app.connect("build-finished", stop)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
