"""A chapter's exercises as an nbgrader assignment: a source notebook with solutions, and tests that give the points.

Each exercise becomes a cell "autograded answer", whose part between BEGIN SOLUTION and END SOLUTION the students do
not get, and a locked cell "autograder tests", worth as many points as the exercise is difficult. The cells carry the
metadata that nbgrader's own toolbar would write. `nbformat` is needed, nbgrader is not.
"""

import inspect
from pathlib import Path

from unrolled.exercises.answers import LETTERS

SCHEMA = 3  # of nbgrader's metadata, current since nbgrader 0.6


def export(chapter, exercises, folder):
    """Write `chapter-NN.ipynb` with these exercises into the folder, which is made; return its path.

    Raises ValueError when there is no exercise of that chapter.
    """
    import nbformat

    chosen = [exercise for exercise in exercises if exercise.chapter == chapter]
    if not chosen:
        chapters = ", ".join(str(number) for number in sorted({e.chapter for e in exercises}))
        raise ValueError(f"chapter: no exercises for chapter {chapter}; there are some for {chapters}")
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[cell for made in ([first(chapter)], *map(cells, chosen)) for cell in made],
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"  # the same exercises make the same file
    target = Path(folder) / f"chapter-{chapter:02}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return target


def first(chapter):
    import nbformat

    return nbformat.v4.new_markdown_cell(
        f"# Unrolled, chapter {chapter}: exercises\n\n"
        "Write each answer where it says `YOUR CODE HERE`. The cell after it checks the answer; its reply names the "
        "likely mistake. The checks need the package `unrolled`."
    )


def cells(exercise):
    """Question, solution cell and test cell of one exercise."""
    import nbformat

    name = answer_name(exercise)
    test = (
        "from unrolled.exercises import grade\n\n"
        f'verdict = grade("{exercise.id}", {name})\n'
        "assert verdict.passed, verdict.reply\n"
        "verdict.reply"
    )
    return [
        nbformat.v4.new_markdown_cell(question(exercise)),
        nbformat.v4.new_code_cell(solution(exercise, name), metadata=nbgrader(exercise.id, solution=True)),
        nbformat.v4.new_code_cell(test, metadata=nbgrader(f"{exercise.id}-test", points=exercise.difficulty)),
    ]


def answer_name(exercise):
    return exercise.function if exercise.kind == "write" else f"answer_{exercise.id}"


def question(exercise):
    points = f"{exercise.difficulty} point{'s' if exercise.difficulty > 1 else ''}"
    text = f"## {exercise.title}\n\n*{points}, about {exercise.minutes} minutes*\n\n{exercise.question.strip()}\n"
    if exercise.kind == "choose":
        choices = zip(LETTERS, exercise.choices, strict=False)
        return text + "".join(f"\n- **{letter}** {choice}" for letter, (choice, _) in choices)
    if exercise.kind == "compute":
        accepted = f"within ±{exercise.tolerance}" if exercise.tolerance else "exactly"
        return text + f"\nYour number is accepted {accepted}{', in ' * bool(exercise.unit)}{exercise.unit}."
    if exercise.kind == "tune":
        goals = "\n".join(f"- {words}" for *_, words in exercise.goals)
        settings = ", ".join(f"{name}={value!r}" for name, value in exercise.start.items())
        return text + (
            f"\n{goals}\n\nFind the settings with the picture `unrolled.widgets.{exercise.picture}({settings})`, "
            f"then give those of {', '.join(f'`{name}`' for name in exercise.controls)} that you changed."
        )
    return text


def solution(exercise, name):
    begin, end = "### BEGIN SOLUTION", "### END SOLUTION"
    if exercise.kind == "write":
        head = exercise.starter.partition(exercise.head)[0] + exercise.head.rstrip()
        body = inspect.getsource(exercise.answer).rstrip().split("\n", 1)[1]
        return f"{head}\n    {begin}\n{body}\n    {end}"
    what = {"choose": "a letter in quotes", "compute": "a number", "tune": 'settings such as {"w_R": 0.9}'}[
        exercise.kind
    ]
    value = exercise.answer if exercise.kind != "compute" else plain_number(exercise.answer)
    return f"# {name} = {what}\n{begin}\n{name} = {value!r}\n{end}"


def plain_number(value):
    return int(value) if float(value).is_integer() else float(value)


def nbgrader(grade_id, solution=False, points=None):
    cell = {"schema_version": SCHEMA, "grade_id": grade_id, "solution": solution, "task": False}
    cell |= {"grade": points is not None, "locked": not solution}
    return {"nbgrader": cell | ({} if points is None else {"points": points})}
