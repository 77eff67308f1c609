"""What is kept of the reader's work in a kernel: one small file beside the notebook. `record.js` has the same rules.

Every change is applied to what the file holds at that moment, under a lock, so that two kernels undo nothing. The file
is replaced in one step, so that it is whole whenever the computer stops. A file that cannot be understood is put
aside, never overwritten. Where nothing can be written the work goes on in memory, and the reader is told.
"""

import contextlib
import json
import math
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import filelock

NAME = "unrolled-progress.json"
FORMAT, VERSION = "unrolled-progress", 1
BLANK = {"solved": False, "attempts": 0, "hints": 0, "shown": False, "draft": None, "when": ""}
SECONDS_FOR_LOCK = 5


def empty():
    return {"format": FORMAT, "version": VERSION, "exercises": {}}


def now():
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- the rules -----------------------------------------------------------------------------------------------------


def is_count(value):
    whole = type(value) is int or (type(value) is float and value.is_integer())
    return whole and 0 <= value <= 1e6


def is_finite(value):
    try:
        return type(value) in (int, float) and math.isfinite(value)
    except OverflowError:
        return False


def is_settings(value):
    return type(value) is dict and all(
        type(name) is str and re.fullmatch("[A-Za-z][A-Za-z_]{0,39}", name) and is_finite(number)
        for name, number in value.items()
    )


def is_draft(value):
    return value is None or (type(value) is str and len(value) <= 1e5) or is_settings(value)


FIELDS = {
    "solved": ("true or false", lambda v: type(v) is bool),
    "attempts": ("a whole number", is_count),
    "hints": ("a whole number", is_count),
    "shown": ("true or false", lambda v: type(v) is bool),
    "draft": ("text, null or an object of numbers", is_draft),
    "when": ("text", lambda v: type(v) is str and len(v) <= 40),
}


def is_id(value):
    return type(value) is str and re.fullmatch("[a-z][a-z0-9_]{0,79}", value) is not None


def problem(data):
    """What is wrong with a progress file, as a sentence that names the place; an empty string when nothing is."""
    if type(data) is not dict:
        return "This is not a progress file: it should hold one object."
    if data.get("format") != FORMAT:
        return f'This is not a progress file: `format` should be "{FORMAT}".'
    if type(data.get("version")) not in (int, float) or data["version"] != VERSION:
        return f"This progress file is of another version: `version` should be {VERSION}."
    if type(data.get("exercises")) is not dict:
        return "`exercises` should be an object."
    for id, record in data["exercises"].items():
        if not is_id(id):
            return "`exercises` holds a name that no exercise can have."
        if type(record) is not dict:
            return f"`exercises.{id}` should be an object."
        for name, (words, fits) in FIELDS.items():
            if name in record and not fits(record[name]):
                return f"`exercises.{id}.{name}` should be {words}."
    return ""


def applied(record, change, when):
    """The record after a change: {passed} is one more attempt; {hints}, {shown} and {draft} say what they say."""
    after = BLANK | (record or {}) | {"when": when}
    if "passed" in change:
        after["attempts"] += 1
        after["solved"] = after["solved"] or (change["passed"] and not after["shown"])
    after["hints"] = max(after["hints"], change.get("hints", 0))
    after["shown"] = after["shown"] or (change.get("shown", False) and not after["solved"])
    if "draft" in change:
        after["draft"] = change["draft"]
    return after


def is_change(change):
    """Is this a change that a widget may ask for?"""
    fits = {name: FIELDS[name][1] for name in ("hints", "shown", "draft")} | {"passed": FIELDS["solved"][1]}
    return type(change) is dict and all(name in fits and fits[name](value) for name, value in change.items())


def merged(one, other):
    """Both together: nothing that either of them knows is lost; the later draft wins."""
    exercises = dict(one["exercises"])
    for id, record in other["exercises"].items():
        a, b = BLANK | exercises.get(id, {}), BLANK | record
        early, late = (a, b) if b["when"] >= a["when"] else (b, a)
        exercises[id] = {
            "solved": a["solved"] or b["solved"],
            "attempts": max(a["attempts"], b["attempts"]),
            "hints": max(a["hints"], b["hints"]),
            "shown": a["shown"] or b["shown"],
            "draft": early["draft"] if late["draft"] is None else late["draft"],
            "when": late["when"],
        }
    return one | {"exercises": exercises}


# --- the file ------------------------------------------------------------------------------------------------------


class NotWritable(Exception):
    """The file must stay as it is; the argument says why, as a sentence."""


class ProgressFile:
    """The progress in one folder.

    notice: a sentence for the reader when something is wrong with the file, else an empty string. Nothing here raises
    for a file that is missing, damaged, locked or cannot be written.
    """

    def __init__(self, folder):
        self.path = (Path(folder) / NAME).resolve()
        self.unsaved = empty()  # what could not be written
        self.notice = ""

    def read(self):
        """The progress of the whole course."""
        return self._take(None)

    def change(self, id, change):
        """Apply a change to one exercise; return its record."""

        def step(progress):
            record = applied(progress["exercises"].get(id), change, now())
            return progress | {"exercises": progress["exercises"] | {id: record}}

        return self._take(step)["exercises"][id]

    def merge(self, other):
        """Add another progress; return the whole."""
        return self._take(lambda progress: merged(progress, other))

    def reset(self):
        """Forget everything; return the empty progress."""
        self.unsaved = empty()
        return self._take(lambda _: empty())

    def _take(self, step):
        """Read, take the step if there is one, write, all under the lock; in memory alone where that is impossible."""
        self.notice = ""
        try:
            if step is None and not self.path.exists():
                return self.unsaved
            with filelock.FileLock(self.path.with_name(f".{NAME}.lock"), timeout=SECONDS_FOR_LOCK):
                after = merged(self._on_disk(), self.unsaved)
                if step is not None:
                    after = step(after)
                    self._replace(json.dumps(after, indent=1, allow_nan=False))
                    self.unsaved = empty()
            return after
        except (OSError, NotImplementedError, NotWritable) as error:
            before = merged(self._known(), self.unsaved)
            if step is None and not isinstance(error, NotWritable):
                return before  # reading is no reason to complain
            self.notice = (
                f"Your progress cannot be saved in {self.path.parent}: {reason(error)}. You can go on: it is kept "
                "until this kernel stops, and the progress view can export it."
            )
            if step is not None:
                self.unsaved = before = step(before)
            return before

    def _on_disk(self):
        """What the file holds. A damaged one is put aside first."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return empty()
        except (OSError, ValueError, RecursionError) as error:
            return self._put_aside(reason(error) if isinstance(error, OSError) else "it is not JSON")
        if type(data) is dict and data.get("format") == FORMAT and data.get("version") in range(VERSION + 1, 1000):
            raise NotWritable(f"{NAME} there was written by a newer version of this package")
        if trouble := problem(data):
            return self._put_aside(trouble.rstrip("."))
        return data

    def _put_aside(self, why):
        aside = self.path.with_name(f"unrolled-progress.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json")
        self.path.replace(aside)
        self.notice = (
            f"Your progress file could not be understood ({why}). It is kept as {aside.name}; a new one is begun."
        )
        return empty()

    def _known(self):
        """What the file holds, if it can be understood at all, without touching it."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return empty()
        return empty() if problem(data) else data

    def _replace(self, text):
        """Write a new file beside the old one and put it in its place in one step."""
        for left in self.path.parent.glob(f".{NAME}-*.partial"):  # of a process that was killed; we hold the lock
            left.unlink(missing_ok=True)
        handle, partial = tempfile.mkstemp(".partial", f".{NAME}-", self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(partial).unlink()
            raise


def reason(error):
    if isinstance(error, filelock.Timeout):
        return "another program is writing it"
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
