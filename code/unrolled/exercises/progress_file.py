"""Keeps the records of all exercises in one small file beside the notebook. (In the page the browser keeps them.)

Every change is applied to what the file holds at that moment, under a lock, so that two kernels undo nothing. The file
is replaced in one step, so that it is whole whenever the computer stops. A file that cannot be understood is put
aside, never overwritten. Where nothing can be written the work goes on in memory, and the reader is told.
"""

import contextlib
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import filelock

from unrolled.exercises.record import FORMAT, VERSION, applied, empty, merged, problem

NAME = "unrolled-progress.json"
SECONDS_FOR_LOCK = 5


def now():
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
