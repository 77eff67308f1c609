"""Judges a function that the reader wrote, in this process: `sandbox.py` has it done in another, the page in a worker.

The reader's code may do anything. Whatever it raises is caught and told in the reader's own lines; what it prints is
kept up to a limit. What cannot be caught (an endless loop, a crash of the interpreter) is the business of the process
around.
"""

import contextlib
import copy
import difflib
import functools
import io
import warnings
from typing import NamedTuple

import numpy as np

from unrolled.exercises.kinds import Verdict
from unrolled.exercises.mismatch import complaint, name_of

FILE = "<your answer>"
PRINTED = 4000  # characters of output kept
MORE = "\n… and "
SAID = 400  # characters of an error's message kept


def readable(text):
    """The text without what neither JSON nor a page can hold: half surrogate pairs, NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "�")


class Printed(io.TextIOBase):
    """A stream that keeps the beginning of what is printed and drops the rest, so that a megabyte costs nothing.

    tee: called with what is kept, at once, so that it is not lost when the process is stopped.
    """

    def __init__(self, tee=None):
        self.kept, self.dropped, self.tee = "", 0, tee

    def writable(self):
        return True

    def write(self, text):
        if type(text) is not str:
            raise TypeError("write() takes a str")
        room = max(PRINTED - len(self.kept), 0)
        self.kept += text[:room]
        self.dropped += max(len(text) - room, 0)
        if self.tee and text[:room]:
            self.tee(text[:room])
        return len(text)

    def text(self):
        return readable(self.kept) + (f"{MORE}{self.dropped:,} more characters" if self.dropped else "")


def said(error):
    """The type and the message of an exception, even when its __str__ raises or never comes to an end."""
    try:
        message = readable(str(error)[:SAID]).strip()
    except BaseException:
        message = ""
    name = type(error).__name__[:60]
    return f"{name}: {message}" if message else name


def where(error, source):
    """The line of the reader's code at which an exception arose: "line 3 (`h = x @ W`)", or an empty string."""
    number = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            number = trace.tb_lineno
        trace = trace.tb_next
    return spot(number, source)


def spot(number, source):
    lines = source.splitlines()
    if not number or not 1 <= number <= len(lines):
        return ""
    line = lines[number - 1].strip()[:120].replace("`", "'")
    return f"line {number} (`{line}`)" if line else f"line {number}"


def raised(error, source, doing):
    """The reply to an exception."""
    if isinstance(error, SystemExit):
        return "Your code leaves Python (`exit` or `SystemExit`). Return the result instead."
    if isinstance(error, RecursionError):
        return f"Your function calls itself without end: RecursionError {_in(where(error, source))}".strip() + "."
    at = where(error, source)
    place = f"{at[0].upper()}{at[1:]}" if at else "Your code"
    hint = ""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        hint = " Is the name spelled right, and defined in your code?"
    elif isinstance(error, MemoryError):
        hint = " It asks for more memory than there is."
    elif isinstance(error, TypeError) and "positional argument" in said(error):
        hint = " Keep the arguments of the starter."
    return f"{place} raises {said(error)}, {doing}.{hint}"


def _in(place):
    return f"in {place}" if place else ""


def load(exercise, source):
    """Run the reader's code and return the function, or the reply that says why there is none."""
    name = exercise.function
    if type(source) is not str:
        return None, f"The answer should be code as text; {name_of(source)} came."
    if len(source) > 100_000:
        return None, "This is more than 100,000 characters of code; the exercise needs a few lines."
    if "\0" in source:
        return None, "The code contains a NUL character, which Python cannot read."
    try:
        code = compile(source, FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        at = spot(error.lineno, source)
        return None, f"Python cannot read your code: {at + ': ' if at else ''}{str(error.msg)[:SAID]}."
    except BaseException as error:
        return None, f"Python cannot read your code: {said(error)}."
    given = {function.__name__: function for function in exercise.given}
    namespace = {"__name__": "answer", "np": np, **given}
    try:
        exec(code, namespace)
    except BaseException as error:
        return None, raised(error, source, "before your function was even called")
    ours = {"np", *given}
    names = [key for key in namespace if type(key) is str and not key.startswith("__") and key not in ours]
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        also = f" There is `{near[0]}`: is that it?" if near else ""
        return None, f"There is no function `{name}` in your code.{also}"
    function = namespace[name]
    if not callable(function):
        return None, f"`{name}` should be a function; it is {name_of(function)}."
    return function, ""


class Outcome(NamedTuple):
    """What one call gave: a result or an exception, the complaint about it, the name of an argument it changed."""

    result: object = None
    error: BaseException | None = None
    complaint: tuple | None = None
    changed: str | None = None


def call(function, case, expected, names, tolerance):
    """Call the function with copies of the case's arguments and look at once at what came."""
    arguments = copy.deepcopy(case.arguments)
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments)
    except BaseException as error:
        return Outcome(error=error)
    pairs = zip(names, case.arguments, arguments, strict=False)
    changed = next((name for name, a, b in pairs if a is not None and complaint(finite(a), finite(b), 0.0)), None)
    return Outcome(snapshot(result), None, complaint(expected, result, tolerance), changed)


def finite(value):
    """The value with a number for each NaN and infinity in its arrays, so that NaN counts as equal to NaN."""
    if isinstance(value, np.ndarray) and np.asarray(value).dtype.kind == "f":
        return np.nan_to_num(np.asarray(value), nan=1e30)
    if isinstance(value, dict) and len(value) < 1000:
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, tuple) and len(value) < 1000:
        return tuple(finite(part) for part in value)
    return value


def snapshot(value, depth=3):
    """A copy that later calls cannot change; what is too large or too deep stays as it is."""
    if isinstance(value, np.ndarray):
        array = np.asarray(value)
        return array.copy() if array.size <= 10**6 else array
    if depth and isinstance(value, tuple | list) and len(value) < 1000:
        return tuple(snapshot(part, depth - 1) for part in value)
    if depth and isinstance(value, dict) and len(value) < 1000:
        return {key: snapshot(part, depth - 1) for key, part in value.items()}
    return value


def alike(theirs, came, tolerance):
    """Is a wrong outcome that of a known mistake? NaN counts as equal to NaN, an exception as equal to an exception."""
    if theirs.error is not None or came.error is not None:
        return (theirs.error is None) == (came.error is None)
    if theirs.changed != came.changed or (theirs.result is None) != (came.result is None):
        return False
    a, b = theirs.result, came.result
    if type(a) is np.ndarray and type(b) is np.ndarray and a.dtype.kind == "f" and not np.isfinite(a).all():
        return a.shape == b.shape and b.dtype.kind == "f" and bool(np.array_equal(np.isfinite(a), np.isfinite(b)))
    return a is None or complaint(finite(a), finite(b), tolerance) is None


def likely(mistakes, outcomes, tolerance):
    """The reply of the mistake that gives the same as the reader's function in every case, or None."""
    for theirs, reply in mistakes:
        pairs = list(zip(theirs, outcomes, strict=True))
        if all(alike(*pair, tolerance) for pair in pairs) and any(a.error is None for a, _ in pairs):
            return reply
    return None


@functools.cache
def prepare(exercise):
    """The cases, the right results, and what the known mistakes give: all computed once, before foreign code runs."""
    cases = exercise.cases(np.random.default_rng(0))
    names = exercise.answer.__code__.co_varnames
    expected = [exercise.answer(*copy.deepcopy(case.arguments)) for case in cases]

    def outcomes(function):
        calls = zip(cases, expected, strict=True)
        return [call(function, case, result, names, exercise.tolerance) for case, result in calls]

    return cases, outcomes, [(outcomes(load(exercise, code)[0]), reply) for code, reply in exercise.mistakes()]


def reply_to(exercise, cases, outcomes, mistakes, source):
    """(passed, reply) for what the reader's function gave."""
    failed = [(c, o) for c, o in zip(cases, outcomes, strict=True) if o.error is not None or o.complaint or o.changed]
    if not failed:
        return True, exercise.right
    case, outcome = failed[0]
    if all(o.error is None for o in outcomes) and all(o.complaint and o.complaint[0] == "none" for _, o in failed):
        return False, f"`{exercise.function}` returns None. Is there a `return`?"
    if reply := likely(mistakes, outcomes, exercise.tolerance):
        return False, reply
    general = all(c.edge for c, _ in failed)
    edge = f"Right in general, but not for {case.name}. " if general else ""
    if outcome.error is not None:
        return False, edge + raised(outcome.error, source, f"called with {case.name}")
    if outcome.complaint:
        words = outcome.complaint[1]
        return False, f"{edge}{words[0].upper()}{words[1:]}" if edge else f"Called with {case.name}: {words}"
    return False, (
        f"{edge}The values are right, but the function changes its argument `{outcome.changed}`. "
        "Whoever called it still needs it: make a new array instead of writing into the old one."
    )


def check_function(exercise, function, source="", prepared=None):
    """(passed, reply) for a function object. It runs in this process, without a limit of time."""
    cases, outcomes, mistakes = prepared or prepare(exercise)
    try:
        return reply_to(exercise, cases, outcomes(function), mistakes, source)
    except BaseException as error:
        return False, f"What your function returns cannot be looked at: {said(error)}."


def check_source(exercise, source, tee=None):
    """The Verdict on code as text. It runs in this process, without a limit of time. tee: see Printed."""
    prepared = prepare(exercise)
    printed = Printed(tee)
    # warnings: the reader's code may change the filters, and what it warns of would be told with our file names
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function, reply = load(exercise, source)
        passed = False
        if function is not None:
            passed, reply = check_function(exercise, function, source, prepared)
    return Verdict(passed, reply, printed.text())
