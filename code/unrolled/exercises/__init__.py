"""Exercises that answer: `show("id")` is all that a chapter says.

Four kinds: choose an answer, compute a number, tune a living picture, write a function. Each exercise is one small
file in `bank/`. A wrong answer hears the likely mistake; hints and the worked solution follow. Choose, compute and
tune are judged in the page or in a kernel alike; written functions run in a process of their own, or in the page's
own Python. NumPy is all this import needs.
"""

import difflib
import functools
import importlib
import pkgutil

import numpy as np

from unrolled.exercises import answers, sandbox, written
from unrolled.exercises import bank as _bank
from unrolled.exercises.kinds import Case, Choose, Compute, Slip, Tune, Verdict, Write
from unrolled.exercises.mismatch import name_of

__all__ = ["Case", "Choose", "Compute", "Slip", "Tune", "Verdict", "Write"]
__all__ += ["bank", "check", "check_in_process", "get", "grade", "progress", "show"]


@functools.cache
def ids():
    """The ids of all exercises: the names of the files in `bank/`, which is read once."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(_bank.__path__)))


def get(id):
    """The exercise of this id. Raises KeyError that lists those with a similar id."""
    known = ids()
    if type(id) is not str or id not in known:
        wanted = id if type(id) is str else ""
        near = difflib.get_close_matches(wanted, known, 3, 0.5) or [i for i in known if wanted and wanted in i]
        listed = "Similar: " + ", ".join(near) if near else "All: " + ", ".join(known)
        raise KeyError(f"id: there is no exercise {str(id)[:60]!r}. {listed}")
    return importlib.import_module(f"unrolled.exercises.bank.{id}").exercise


def bank():
    """All exercises as a dict by id, in the order of the chapters, easier ones first."""
    every = [get(id) for id in ids()]
    return {e.id: e for e in sorted(every, key=lambda e: (e.chapter, e.difficulty, e.minutes, e.id))}


def show(id):
    """Display the exercise: the question, for "tune" its living picture, and the widget that takes the answer.

    Raises KeyError, naming `id`, when there is no such exercise.
    """
    from unrolled.exercises.widget import display_exercise

    display_exercise(get(id))


def progress(pages=None):
    """Display which exercises of the course are solved, with export, import and reset.

    pages: where the exercises are asked, {how their ids begin: (chapter's number, title, page from the book's root)},
    such as {"ch04a": ("4a", "A language model", "chapters/04a_language_model")}. What is not there gets no link.
    """
    from unrolled.exercises.widget import display_progress

    display_progress(bank(), pages or {})


def grade(id, answer):
    """The Verdict on an answer, whatever it is.

    answer: for "choose" a letter, for "compute" a number or a text such as "1/3", for "tune" a dict of settings such
    as {"w_R": 1.0}, for "write" the function itself (called in this process) or its code as text (run in a process of
    its own, five seconds at most). Raises KeyError for an unknown id, and nothing for any answer.
    """
    exercise = get(id)
    try:
        return _GRADE[exercise.kind](exercise, answer)
    except Exception as error:
        return Verdict(False, f"This answer cannot be read: {written.said(error).rstrip('.')}.", counted=False)


def _choose(exercise, answer):
    text = str.strip(answer).lower() if type(answer) is str else ""
    passed, reply, counted = answers.judge(exercise.data(), text)
    return Verdict(passed, reply, counted=counted)


def _compute(exercise, answer):
    if isinstance(answer, np.ndarray) and answer.size == 1:
        answer = np.asarray(answer).reshape(-1)[0]
    if type(answer) is not str:
        kind = type(answer)
        if issubclass(kind, bool) or not issubclass(kind, int | float | np.integer | np.floating):
            reply = f"This is not a number: {answers.EXPECTED}; {name_of(answer)} came."
            return Verdict(False, reply, counted=False)
        answer = repr(float(answer))
    passed, reply, counted = answers.judge(exercise.data(), answer)
    return Verdict(passed, reply, counted=counted)


def _tune(exercise, answer):
    from unrolled import widgets

    if type(answer) is not dict:
        reply = f"The answer should be a dict of settings; {name_of(answer)} came."
        return Verdict(False, reply, counted=False)
    unknown = [name for name in answer if name not in exercise.start]
    if unknown:
        reply = f"There is no setting {str(unknown[0])[:40]!r}. There are: {', '.join(exercise.start)}."
        return Verdict(False, reply, counted=False)
    settings = exercise.start | answer
    measures = getattr(widgets, exercise.picture)(**settings).measured()
    passed, reply, counted = answers.judge(exercise.data(), {"settings": settings, "measures": measures})
    return Verdict(passed, reply, counted=counted)


def _write(exercise, answer):
    if type(answer) is str:
        return Verdict(*sandbox.check(exercise.id, answer))
    if not callable(answer):
        return Verdict(False, f"The answer should be a function; {name_of(answer)} came.", counted=False)
    return Verdict(*written.check_function(exercise, answer))


_GRADE = {"choose": _choose, "compute": _compute, "tune": _tune, "write": _write}


def check(id, source):
    """Run the code of a "write" answer in a process of its own, five seconds at most.

    Returns {"passed": bool, "reply": str, "output": what was printed}. Raises KeyError for an unknown id, ValueError
    for an exercise of another kind.
    """
    return _as_dict(sandbox.check(_written(id).id, source if type(source) is str else repr(source)[:200]))


def check_in_process(id, source):
    """As `check`, but in this process and without a limit of time: for a worker that can be ended from outside."""
    return _as_dict(written.check_source(_written(id), source))


def _written(id):
    exercise = get(id)
    if exercise.kind != "write":
        raise ValueError(f"id: {id} is of the kind {exercise.kind!r}; only 'write' takes code")
    return exercise


def _as_dict(verdict):
    return {"passed": verdict.passed, "reply": verdict.reply, "output": verdict.output}
