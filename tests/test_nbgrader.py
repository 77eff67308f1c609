"""The exported assignment, handed to nbgrader itself: made, validated, and graded for students right and wrong."""

import os
import sys
from pathlib import Path

import nbformat
import pytest

from notebooks import ENVIRONMENT
from unrolled.exercises import bank
from unrolled.exercises.__main__ import main

BIN = Path(sys.executable).parent
BANK = bank()


@pytest.fixture
def nbgrader(tmp_path, monkeypatch):
    """nbgrader's own API for a course in a new folder, which is the working directory."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    for name, value in (ENVIRONMENT | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return NbGraderAPI(config=Config(CourseDirectory={"root": str(tmp_path), "course_id": "course"}))


def right(exercise):
    """The cell of a student who knows the answer."""
    source = nbformat.read(f"source/unrolled/chapter-{exercise.chapter:02}.ipynb", 4)
    return next(c.source for c in source.cells if c.metadata.get("nbgrader", {}).get("grade_id") == exercise.id)


def wrong(exercise):
    """The cell of a student who makes the first recorded mistake."""
    if exercise.kind == "write":
        return f"import numpy as np\n\n{exercise.mistakes()[0][0]}"
    return f"answer_{exercise.id} = {exercise.wrong[0][0]!r}"


def submit(course, student, answers):
    """Fill in the released notebook of chapter 2, which has all kinds, as a student would, and hand it in."""
    notebook = nbformat.read(course / "release" / "unrolled" / "chapter-02.ipynb", 4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    target = course / "submitted" / student / "unrolled" / "chapter-02.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)
    return target


def scores(course):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            (submission.student.id, grade.name.removesuffix("-test")): grade.score
            for submission in gradebook.assignment_submissions("unrolled")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_export_says_what_it_cannot_do(tmp_path, capsys):
    assert main(["export", "98", "--to", str(tmp_path)]) == 1
    there = ", ".join(str(number) for number in sorted({e.chapter for e in BANK.values()}))
    assert f"no exercises for chapter 98; there are some for {there}" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["export", "2", "--to", str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err
    assert main(["list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(BANK)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type:Warning")
def test_nbgrader_makes_validates_and_grades_the_assignment(nbgrader, tmp_path):
    from nbgrader.validator import Validator

    for chapter in sorted({e.chapter for e in BANK.values()}):
        assert main(["export", str(chapter), "--to", "source/unrolled"]) == 0
    made = nbgrader.generate_assignment("unrolled")
    assert made["success"], made["log"]
    for file in (tmp_path / "release" / "unrolled").glob("*.ipynb"):
        text = file.read_text()
        assert "YOUR CODE HERE" in text
        assert "BEGIN SOLUTION" not in text
        assert not any(f"{e.id} = {e.answer!r}" in text for e in BANK.values() if e.kind != "write")

    asked = sorted((e for e in BANK.values() if e.chapter == 2), key=lambda e: e.kind)
    some = {e.id: wrong(e) if number % 2 else right(e) for number, e in enumerate(asked)}
    left_out = next(iter(some))  # bob forgets the first one
    del some[left_out]
    ada = submit(tmp_path, "ada", {e.id: right(e) for e in asked})
    submit(tmp_path, "bob", some)
    assert Validator().validate(str(ada)) == {}  # nothing changed that is locked, no test fails

    for student in ("ada", "bob"):
        graded = nbgrader.autograde("unrolled", student)
        assert graded["success"], graded["log"]
    given = scores(tmp_path)
    assert {e.kind for e in asked[1::2]} == {"choose", "compute", "tune", "write"}  # bob is wrong in each kind
    for number, exercise in enumerate(asked):
        assert given["ada", exercise.id] == exercise.difficulty
        earned = number % 2 == 0 and exercise.id != left_out
        assert given["bob", exercise.id] == (exercise.difficulty if earned else 0)
