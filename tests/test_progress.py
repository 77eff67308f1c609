"""The reader's progress: the rules in Python and JavaScript, the file that survives, what a widget may be told."""

import json
import math
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from unrolled import exercises
from unrolled.exercises import progress_file, widget
from unrolled.exercises.progress_file import NAME, ProgressFile
from unrolled.exercises.record import BLANK, applied, empty, merged, problem
from unrolled.exercises.widget import Answering, ExerciseWidget, ProgressWidget

HERE = Path(exercises.__file__).parent


def held(folder):
    return json.loads((folder / NAME).read_text())


# --- the rules ---------------------------------------------------------------------------------------------------


def test_what_counts_as_solved():
    record = applied(None, {"passed": False}, "1")
    assert (record["solved"], record["attempts"]) == (False, 1)
    assert applied(record, {"passed": True}, "2")["solved"]
    seen = applied(record, {"shown": True}, "2")
    assert seen["shown"]
    assert not applied(seen, {"passed": True}, "3")["solved"], "the solution was read first"
    solved = applied(record, {"passed": True}, "2")
    assert not applied(solved, {"shown": True}, "3")["shown"], "read afterwards"
    assert applied({"hints": 2}, {"hints": 1}, "3")["hints"] == 2
    assert applied(solved, {"draft": "x"}, "3") == solved | {"draft": "x", "when": "3"}


def test_merging_loses_nothing():
    one = empty() | {"exercises": {"a": BLANK | {"solved": True, "attempts": 2, "draft": "old", "when": "1"}}}
    two = empty() | {"exercises": {"a": BLANK | {"attempts": 5, "hints": 1, "draft": "new", "when": "2"}, "b": {}}}
    for first, second in ((one, two), (two, one)):
        both = merged(first, second)["exercises"]
        assert both["a"] == {"solved": True, "attempts": 5, "hints": 1, "shown": False, "draft": "new", "when": "2"}
        assert BLANK | both["b"] == BLANK
    later_without = empty() | {"exercises": {"a": BLANK | {"when": "3"}}}
    assert merged(one, later_without)["exercises"]["a"]["draft"] == "old"


WRONG = {
    "This is not a progress file: it should hold one object.": [None, [], "x", 3, True],
    "`format` should be": [{}, {"format": "other"}],
    "`version` should be 1": [{"format": "unrolled-progress"}, empty() | {"version": 2}, empty() | {"version": True}],
    "`exercises` should be an object": [empty() | {"exercises": value} for value in (None, [], "a")],
    "a name that no exercise can have": [
        empty() | {"exercises": {id: {}}} for id in ("", "__proto__", "A", "a b", "é")
    ],
    "`exercises.a` should be an object": [empty() | {"exercises": {"a": value}} for value in (None, 1, [])],
    "`exercises.a.solved` should be true or false": [empty() | {"exercises": {"a": {"solved": 1}}}],
    "`exercises.a.attempts` should be a whole number": [
        empty() | {"exercises": {"a": {"attempts": value}}} for value in (-1, 0.5, "3", None, True, 1e9)
    ],
    "`exercises.a.draft` should be text": [
        empty() | {"exercises": {"a": {"draft": value}}} for value in (3, [], {"w": "x"}, {"1": 2}, {"w": None}, True)
    ],
    "`exercises.a.when` should be text": [empty() | {"exercises": {"a": {"when": value}}} for value in (3, "x" * 41)],
}


def test_what_is_wrong_with_a_file_is_named():
    for words, files in WRONG.items():
        for data in files:
            assert words in problem(data), data
    assert problem(empty()) == ""
    assert problem(empty() | {"exercises": {"a": {}, "b": BLANK, "c": {"attempts": 3.0, "later": "ok"}}}) == ""


RULES = """
import { readFileSync } from "node:fs";
import { applied, merged, problem } from "./record.js";
const { files, changes, pairs } = JSON.parse(readFileSync("payload.json", "utf-8"));
console.log(JSON.stringify({
  problems: files.map(problem),
  records: changes.map(([record, change]) => applied(record, change, "now")),
  merged: pairs.map(([one, other]) => merged(one, other)),
}));
"""


def test_javascript_keeps_the_same_rules(tmp_path):
    rng = random.Random(3)

    def record():
        return {
            "solved": rng.random() < 0.5, "attempts": rng.randrange(9), "hints": rng.randrange(4),
            "shown": rng.random() < 0.5, "draft": rng.choice([None, "", "x = 1\n", {"w_R": rng.random()}]),
            "when": rng.choice(["", "2026-01-01", "2026-01-02"]),
        }  # fmt: skip

    def progress():
        return empty() | {"exercises": {id: record() for id in rng.sample("abcdef", rng.randrange(5))}}

    files = [data for group in WRONG.values() for data in group] + [progress() for _ in range(50)]
    for _ in range(500):
        data = progress()
        value = rng.choice([None, 1, 2.5, -1, "x", [], {}, {"w": 1}, True])
        data["exercises"]["a"] = record() | {rng.choice([*BLANK, "other"]): value}
        files.append(data)
    parts = [("passed", True), ("passed", False), ("hints", 2), ("shown", True), ("draft", "d"), ("draft", None)]
    changes = [(rng.choice([{}, record()]), dict(rng.sample(parts, rng.randrange(3)))) for _ in range(300)]
    pairs = [(progress(), progress()) for _ in range(300)]
    shutil.copy(HERE / "record.js", tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ask.js").write_text(RULES)
    (tmp_path / "payload.json").write_text(json.dumps({"files": files, "changes": changes, "pairs": pairs}))
    said = subprocess.run(["node", "ask.js"], cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    theirs = json.loads(said.stdout)
    assert theirs["problems"] == [problem(data) for data in files]
    assert theirs["records"] == [applied(before, change, "now") for before, change in changes]
    assert theirs["merged"] == [merged(one, other) for one, other in pairs]


# --- the file ----------------------------------------------------------------------------------------------------


def test_a_change_is_kept(tmp_path):
    file = ProgressFile(tmp_path)
    assert file.read() == empty()
    assert not (tmp_path / NAME).exists(), "looking writes nothing"
    file.change("ch02_fell", {"passed": False, "draft": "a"})
    record = file.change("ch02_fell", {"passed": True})
    assert record["solved"]
    assert record["attempts"] == 2
    assert held(tmp_path) == ProgressFile(tmp_path).read()
    assert file.notice == ""
    assert file.reset() == empty() == held(tmp_path)


@pytest.mark.parametrize(
    "damage", ["", "{", '{"format": 1}', "\0" * 100, "[" * 100_000, '{"exercises": NaN}', "\udc80"]
)
def test_a_damaged_file_is_put_aside_and_said(tmp_path, damage):
    (tmp_path / NAME).write_bytes(damage.encode("utf-8", "surrogateescape"))
    file = ProgressFile(tmp_path)
    assert file.read() == empty()
    aside = list(tmp_path.glob("unrolled-progress.damaged-*.json"))
    assert len(aside) == 1
    assert aside[0].read_bytes() == damage.encode("utf-8", "surrogateescape")
    assert aside[0].name in file.notice
    assert file.change("a", {"passed": True})["solved"]
    assert held(tmp_path)["exercises"]["a"]["solved"]
    assert file.notice == ""


def test_a_file_of_a_newer_version_is_left_alone(tmp_path):
    text = json.dumps({"format": "unrolled-progress", "version": 2, "exercises": {"a": "?"}})
    (tmp_path / NAME).write_text(text)
    file = ProgressFile(tmp_path)
    assert file.change("a", {"passed": True})["solved"], "the work goes on"
    assert (tmp_path / NAME).read_text() == text
    assert "written by a newer version" in file.notice


def test_where_nothing_can_be_written_the_work_goes_on(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    file = ProgressFile(tmp_path)
    file.change("a", {"passed": False})
    monkeypatch.setattr(progress_file.os, "fsync", full)
    for attempts in (2, 3):
        assert file.change("a", {"passed": False})["attempts"] == attempts
        assert "No space left on device" in file.notice
        assert "You can go on" in file.notice
    assert file.read()["exercises"]["a"]["attempts"] == 3
    assert held(tmp_path)["exercises"]["a"]["attempts"] == 1
    assert not list(tmp_path.glob("*.partial")), list(tmp_path.iterdir())
    monkeypatch.undo()
    assert file.change("b", {"passed": True})["solved"]
    assert held(tmp_path)["exercises"]["a"]["attempts"] == 3, "written as soon as it can be"


def test_a_folder_that_is_none(tmp_path):
    (tmp_path / "file").touch()
    file = ProgressFile(tmp_path / "file")
    assert file.read() == empty()
    assert file.change("a", {"hints": 1})["hints"] == 1
    assert "cannot be saved" in file.notice


KILLED = """
import os, signal, sys
from pathlib import Path
from unrolled.exercises import progress_file
file = progress_file.ProgressFile(sys.argv[1])
for n in range(3):
    file.change("a", {"passed": False})
kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
moment = sys.argv[2]
if moment == "half written":
    class Half:
        def __init__(self, handle, *_, **__): self.handle = handle
        def __enter__(self): return self
        def __exit__(self, *_): pass
        def write(self, text):
            os.write(self.handle, text[:len(text) // 2].encode())
            kill()
    progress_file.os.fdopen = Half
elif moment == "before fsync":
    progress_file.os.fsync = kill
elif moment == "before replace":
    Path.replace = kill
elif moment == "at any time":
    while True:
        print("go", flush=True)
        file.change("a", {"passed": False, "draft": "x" * 20000})
file.change("a", {"passed": False})
"""


@pytest.mark.parametrize("moment", ["half written", "before fsync", "before replace"])
def test_a_process_killed_while_writing_leaves_a_whole_file(tmp_path, moment):
    ended = subprocess.run([sys.executable, "-c", KILLED, tmp_path, moment])
    assert ended.returncode == -signal.SIGKILL
    assert held(tmp_path)["exercises"]["a"]["attempts"] == 3
    assert list(tmp_path.glob(".*.partial"))
    assert ProgressFile(tmp_path).change("a", {"passed": False})["attempts"] == 4
    assert not list(tmp_path.glob(".*.partial")), "what it left is cleared away"


def test_a_process_killed_at_any_time_leaves_a_whole_file(tmp_path):
    last = 0
    for changes in (0, 1, 5):
        process = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path, "at any time"], stdout=subprocess.PIPE)
        for _ in range(1 + changes):
            process.stdout.readline()
        process.kill()
        process.wait()
        attempts = held(tmp_path)["exercises"]["a"]["attempts"]
        assert attempts >= last + 3 + changes
        last = attempts
    assert problem(held(tmp_path)) == ""


BOTH = """
import sys
from unrolled.exercises.progress_file import ProgressFile
file = ProgressFile(sys.argv[1])
for n in range(40):
    file.change("shared", {"passed": False})
    file.change(f"own_{sys.argv[2]}_{n}", {"passed": True})
    assert not file.notice, file.notice
"""


def test_two_processes_at_once_lose_nothing(tmp_path):
    both = [subprocess.Popen([sys.executable, "-c", BOTH, tmp_path, name]) for name in ("a", "b")]
    assert [process.wait() for process in both] == [0, 0]
    kept = held(tmp_path)["exercises"]
    assert kept["shared"]["attempts"] == 80
    assert len(kept) == 81


# --- the widgets, without a browser ------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(widget, "_files", {"here": ProgressFile(tmp_path)})
    monkeypatch.setattr(Answering, "living", [])
    return tmp_path


def sent(monkeypatch, target):
    said = []
    monkeypatch.setattr(target, "send", said.append)
    return said


def test_showing_writes_nothing_and_knows_nothing_of_the_author(folder, capsys):
    ProgressFile(folder).change("ch02_step", {"passed": True})
    before = (folder / NAME).read_bytes()
    for id in exercises.ids():
        exercises.show(id)
    exercises.progress()
    for shown in Answering.living:
        state = shown.get_state()
        assert not state.get("record")
        assert not state.get("progress")
    assert (folder / NAME).read_bytes() == before
    assert len(Answering.living) == len(exercises.ids()) + 1


def test_an_exercise_whose_page_is_not_told_is_listed_without_a_link(folder, drawer, monkeypatch):
    shown = []
    monkeypatch.setattr(widget, "display", shown.append)
    pages = {"ch04a": ("4a", "A language model", "chapters/04a_language_model")}
    widget.display_progress({id: exercises.get(id) for id in ("ch02_step", "ch04a_bits")}, pages)
    (view,) = shown
    assert [list(entry.values())[:3] for entry in view.chapters] == [["2", "", ""], ["4a", *pages["ch04a"][1:]]]
    question = {"views": ["a"], "states": {"a": {"chapters": view.chapters, "progress": {}}}, "files": {"a": {}}}
    (drawing,) = drawer.ask(question | {"modules": {"a": view._esm}})["drawn"]
    assert "Chapter 2 (0 of 1)" in drawing
    assert "4a · A language model (0 of 1)" in drawing
    assert re.findall(r'href="([^"]*)"', drawing) == ["chapters/04a_language_model.html#exercise-ch04a_bits"]


def test_widgets_tell_each_other(folder, monkeypatch):
    step, view = ExerciseWidget(exercise=exercises.get("ch02_step").data()), ProgressWidget(chapters=[])
    said = sent(monkeypatch, step)
    for shown in (step, view):
        shown._hear(None, {"type": "hello"}, [])
    assert step.record == BLANK
    step._hear(None, {"type": "check", "code": "def step(params, x, h): return x", "number": 7}, [])
    assert said == [
        {"type": "verdict", "number": 7, "passed": False, "counted": True, "output": "", "reply": said[0]["reply"]}
    ]
    step._hear(None, {"type": "change", "change": {"passed": True, "draft": "code"}}, [])
    assert view.progress["exercises"]["ch02_step"]["solved"]
    view._hear(None, {"type": "reset"}, [])
    assert step.record == BLANK
    step._hear(None, {"type": "change", "change": {"draft": "again"}}, [])
    assert not step.record["solved"], "what was forgotten does not come back"
    other = empty() | {"exercises": {"ch02_step": BLANK | {"solved": True, "when": "1"}}}
    view._hear(None, {"type": "merge", "data": other, "words": "Imported 1."}, [])
    assert step.record["solved"]
    assert step.record["draft"] == "again"
    assert view.notice == "Imported 1."


CHANGES = [
    None, [], "x", {"passed": 1}, {"passed": "yes"}, {"hints": -1}, {"hints": 1.5}, {"hints": 10**400}, {"draft": []},
    {"draft": math.nan}, {"draft": {"a": math.inf}}, {"draft": "x" * 10**6}, {"draft": {"__proto__": 1e400}},
    {"attempts": 5}, {"solved": True}, {"when": "9"}, {1: 2},
]  # fmt: skip
MESSAGES = [
    None, 1, "x", [], {}, {"type": None}, {"type": []}, {"type": "nonsense"}, {"type": "__init__"}, {"type": "close"},
    {"type": "change"}, *({"type": "change", "change": change} for change in CHANGES),
    {"type": "merge"}, *({"type": "merge", "data": data} for group in WRONG.values() for data in group),
    {"type": "merge", "data": empty(), "words": None}, {"type": "merge", "data": empty(), "words": "x" * 10**6},
]  # fmt: skip


def test_hostile_messages_change_nothing(folder):
    step, view = ExerciseWidget(exercise=exercises.get("ch02_step").data()), ProgressWidget(chapters=[])
    step._hear(None, {"type": "change", "change": {"passed": True, "draft": "mine"}}, [])
    before = held(folder)
    for content in MESSAGES:
        for shown in (step, view):
            shown._hear(None, content, [])
    assert held(folder) == before
    assert step.record["solved"]


def test_hostile_code_reaches_the_widget_as_a_reply(folder, monkeypatch):
    step = ExerciseWidget(exercise=exercises.get("ch02_step").data())
    said = sent(monkeypatch, step)
    for code in (None, 5, [], {"a": 1}, "\ud800", "\0", "import os; os._exit(3)"):
        step._hear(None, {"type": "check", "code": code, "number": None}, [])
    assert len(said) == 7
    assert not any(answer["passed"] for answer in said)
    json.dumps(said, ensure_ascii=False).encode()
