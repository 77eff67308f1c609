"""The widgets: one for an exercise, one for the progress over the course. They need anywidget and IPython."""

from pathlib import Path

import anywidget
import traitlets
from IPython.display import Markdown, display

from unrolled.exercises import sandbox
from unrolled.exercises.progress_file import ProgressFile
from unrolled.exercises.record import BLANK, is_change, problem
from unrolled.widgets.module import HERE as WIDGETS
from unrolled.widgets.module import module, style

HERE = Path(__file__).parent
_files = {}


def progress_here():
    """The progress file beside the notebook: in the folder in which the kernel was when it was first asked for."""
    if not _files:
        _files["here"] = ProgressFile(Path.cwd())
    return _files["here"]


class Answering(anywidget.AnyWidget):
    """A widget that answers messages from its JavaScript. What it does not understand it leaves alone."""

    _css = style(WIDGETS / "controls.css", HERE / "exercises.css")
    notice = traitlets.Unicode().tag(sync=True)
    living = []  # noqa: RUF012  (shared on purpose: what one widget changes the others show)

    def __init__(self, **state):
        super().__init__(**state)
        self.on_msg(self._hear)
        Answering.living.append(self)

    def close(self):
        if self in Answering.living:
            Answering.living.remove(self)
        super().close()

    def _hear(self, _, content, buffers):
        kind = content.get("type") if type(content) is dict else None
        if type(kind) is str and kind in self.answers:
            getattr(self, self.answers[kind])(content)

    answers = {}  # noqa: RUF012
    words = ""

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": self.words}, metadata

    def refresh(self):
        """Show what is kept now."""


def refresh_all():
    for widget in [*Answering.living]:
        widget.refresh()


class ExerciseWidget(Answering):
    """Takes the answer to one exercise. exercise: its data; picture: the model of the living picture of a "tune"."""

    _esm = module(*(HERE / f"{name}.js" for name in ("answers", "elements", "record", "exercise")))
    exercise = traitlets.Dict().tag(sync=True)
    record = traitlets.Dict().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    answers = {"hello": "_hello", "change": "_change", "check": "_check"}  # noqa: RUF012

    @property
    def words(self):
        return f"Exercise: {self.exercise['title']}. Run this cell to answer it."

    def refresh(self):
        self.record = progress_here().read()["exercises"].get(self.exercise["id"], BLANK)

    def _hello(self, _):
        self.refresh()
        self.notice = progress_here().notice

    def _change(self, content):
        change = content.get("change")
        if is_change(change):
            self.record = progress_here().change(self.exercise["id"], change)
            self.notice = progress_here().notice
            for widget in Answering.living:
                if isinstance(widget, ProgressWidget):
                    widget.refresh()

    def _check(self, content):
        verdict = sandbox.check(self.exercise["id"], str(content.get("code", "")))
        self.send({"type": "verdict", "number": content.get("number"), **verdict._asdict()})


class ProgressWidget(Answering):
    """The progress over the course. chapters: what there is to solve; progress: what is kept."""

    _esm = module(*(HERE / f"{name}.js" for name in ("elements", "record", "overview")))
    chapters = traitlets.List().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    answers = {"hello": "_hello", "merge": "_merge", "reset": "_reset"}  # noqa: RUF012
    words = "Your progress over the course. Run this cell to see it."

    def refresh(self):
        self.progress = progress_here().read()

    def _hello(self, _):
        self.refresh()
        self.notice = progress_here().notice

    def _merge(self, content):
        data = content.get("data")
        complaint = problem(data)
        if complaint:
            self.notice = f"Nothing was imported: {complaint}"
            return
        progress_here().merge(data)
        words = content.get("words")
        self.notice = progress_here().notice or (words[:300] if type(words) is str else "Imported.")
        refresh_all()

    def _reset(self, _):
        progress_here().reset()
        self.notice = progress_here().notice or "All progress is forgotten."
        refresh_all()


def display_exercise(exercise):
    """Question, living picture where there is one, and widget."""
    display(Markdown(f"**Exercise · {exercise.title}**\n\n{exercise.question.strip()}"))
    picture = None
    if exercise.kind == "tune":
        from unrolled import widgets

        picture = getattr(widgets, exercise.picture)(**exercise.start)
        display(picture)
    state = {"picture": f"IPY_MODEL_{picture.model_id}"} if picture else {}
    display(ExerciseWidget(exercise=exercise.data(), **state))


def display_progress(bank, pages):
    """Widget of all exercises in `bank`, chapter by chapter. pages: see `unrolled.exercises.progress`."""
    chapters = {}
    for exercise in bank.values():
        begin = exercise.id.partition("_")[0]
        number, title, page = pages.get(begin, (str(exercise.chapter), "", ""))
        entry = {"chapter": number, "title": title, "page": page, "exercises": []}
        names = "id", "title", "kind", "minutes"
        chapters.setdefault(begin, entry)["exercises"].append({n: getattr(exercise, n) for n in names})
    display(ProgressWidget(chapters=list(chapters.values())))
