"""The pipeline: nothing stale, nothing run twice, the same bytes each time; and nbval does catch what it should."""

import re
import shutil
import subprocess
import sys

import nbformat
import pytest

import notebooks
from built_site import ROOT
from run_times import measure as measure_notebook

TEXT = """---
kernelspec: {name: python3, display_name: Python 3, language: python}
---

# A chapter

```{code-cell} ipython3
import numpy as np

from unrolled import readout

print(np.random.default_rng(0).integers(100), readout.softmax(np.zeros(2)))
```

```{code-cell} ipython3
from unrolled import figures

fig, ax = figures.subplots()
ax.plot([1, 2, 3])
figures.show(fig, "A line that rises.")
```
"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The text beside its notebook, which a kernel has executed once for all tests."""
    source = tmp_path_factory.mktemp("executed") / "01_test.md"
    source.write_text(TEXT)
    assert notebooks.stale(source) == "no readable notebook is stored"
    assert "executed" in notebooks.write(source, force=False)
    return source


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "CHAPTERS", tmp_path)
    source = tmp_path / "01_test.md"
    source.write_text(TEXT)
    return source


@pytest.fixture
def written(chapter, executed):
    """A chapter with its notebook."""
    shutil.copy(executed.with_suffix(".ipynb"), chapter.parent)
    return chapter


@pytest.fixture
def no_kernel(executed, monkeypatch):
    """In the place of an execution: the outputs that are known."""
    known = notebooks.read(executed.with_suffix(".ipynb"))
    monkeypatch.setattr(notebooks, "execute", lambda notebook: notebooks.reuse(notebook, known))


def change(source, old, new):
    text = source.read_text()
    assert old in text
    source.write_text(text.replace(old, new))


@pytest.mark.parametrize("source", notebooks.chapters(), ids=lambda source: source.stem)
def test_no_stored_notebook_is_stale(source):
    assert notebooks.stale(source) == "", f"{source.name}: run `make notebooks` and commit the result"


@pytest.mark.parametrize("source", notebooks.chapters(), ids=lambda source: source.stem)
def test_stored_notebooks_were_executed_from_top_to_bottom_without_a_trace_of_the_machine(source):
    target = source.with_suffix(".ipynb")
    stored = nbformat.read(target, as_version=4)
    nbformat.validate(stored)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    text = target.read_text()
    assert str(ROOT) not in text
    assert "Traceback" not in text
    assert not re.search(r"iopub\.(status|execute)|date_read", text)
    assert all(output.get("name") != "stderr" for cell in code for output in cell.outputs)


@pytest.mark.parametrize("source", notebooks.chapters(), ids=lambda source: source.stem)
def test_an_output_that_is_not_compared_says_why(source):
    for cell in notebooks.read(source.with_suffix(".ipynb")).cells:  # which is not stale
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert cell.source.startswith("# output may differ: ")


def test_text_becomes_an_executed_notebook_and_the_same_bytes_again(written):
    first = written.with_suffix(".ipynb").read_bytes()
    assert b"85 [0.5 0.5]" in first
    assert b"image/svg+xml" in first
    assert notebooks.stale(written) == ""
    assert notebooks.write(written, force=False) == "up to date"
    assert "nothing changed" in notebooks.write(written, force=True)
    assert written.with_suffix(".ipynb").read_bytes() == first


def test_new_words_keep_the_outputs_and_new_code_does_not(written, monkeypatch):
    change(written, "# A chapter", "# A better chapter")
    assert notebooks.stale(written) == "its text has changed"
    with monkeypatch.context() as patch:
        patch.setattr(notebooks, "execute", lambda notebook: pytest.fail("words alone must not cost a run"))
        assert notebooks.write(written, force=False) == "new text, outputs kept"
    change(written, "integers(100)", "integers(10)")
    assert notebooks.stale(written) == "its code, or the package's, has changed"
    asked = []
    monkeypatch.setattr(notebooks, "execute", asked.append)
    assert "executed" in notebooks.write(written, force=False)
    assert len(asked) == 1


def test_a_cell_that_raises_leaves_the_stored_notebook_alone(written):
    kept = written.with_suffix(".ipynb").read_bytes()
    change(written, "np.zeros(2)", "np.zeros(2) / missing_name")
    with pytest.raises(Exception, match="missing_name"):
        notebooks.write(written, force=False)
    assert written.with_suffix(".ipynb").read_bytes() == kept
    assert not list(written.parent.glob("*.partial"))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("np.zeros(2)))", "np.zeros(2))", 12, "was never closed\n    print"),
        ("ax.plot([1, 2, 3])", "ax.plot([1, 2, 3])\nx = = 3", 20, "invalid syntax\n    x = = 3"),
        ("import numpy as np\n", "%matplotlib inline\n\n  import numpy as np\n", 10, "unexpected indent"),
    ],
)
def test_code_that_is_no_python_is_told_by_line_of_the_text(chapter, capsys, old, new, line, words):
    change(chapter, old, new)
    with pytest.raises(SyntaxError, match=rf"^01_test\.md, line {line}: .*{words}"):
        notebooks.write(chapter, force=False)
    assert not chapter.with_suffix(".ipynb").exists()


def test_magics_are_code(chapter, no_kernel):
    change(
        chapter, "import numpy as np\n", "import numpy as np\n\n%config InlineBackend.figure_formats = ['svg']\n!true\n"
    )
    assert "executed" in notebooks.write(chapter, force=False)


def test_a_new_measurement_makes_nothing_stale(chapter, no_kernel, monkeypatch):
    facts = "unrolled: {number: 1, title: Test, objectives: [see], afterwards: see, minutes: 1}\n"
    change(chapter, "---\nkernelspec", f"---\n{facts}kernelspec")
    change(chapter, "# A chapter\n", "")
    monkeypatch.setattr(notebooks.chapter_facts, "run_times", lambda: {})
    notebooks.write(chapter, force=False)
    monkeypatch.setattr(notebooks.chapter_facts, "run_times", lambda: {"01_test": {"seconds": 3.2}})
    assert notebooks.stale(chapter) == ""
    assert notebooks.write(chapter, force=False) == "new text, outputs kept"
    assert "the cells run in about 3 seconds" in chapter.with_suffix(".ipynb").read_text()
    monkeypatch.setattr(notebooks.chapter_facts, "run_times", lambda: {"01_test": {"seconds": 4.0}})
    assert notebooks.stale(chapter) == ""


def test_a_damaged_notebook_is_made_anew(written, no_kernel):
    whole = written.with_suffix(".ipynb").read_bytes()
    written.with_suffix(".ipynb").write_bytes(whole[: len(whole) // 2])
    assert notebooks.stale(written) == "no readable notebook is stored"
    notebooks.write(written, force=False)
    assert written.with_suffix(".ipynb").read_bytes() == whole


def test_nbval_catches_each_fault_by_its_notebooks_name_and_no_other_suffers(written):
    """Outputs are compared by value, figures by their words; a cell that only waits costs nothing of the budget.

    Two faults to a notebook, for each notebook costs a kernel.
    """
    stored = written.with_suffix(".ipynb").read_text()
    greedy = "greedy = np.ones(140_000_000)  # 1.1 GB\\ndel greedy  # given back, and yet it was taken\\n"
    busy, patient = "import time\\nwhile time.process_time() < 7: pass\\n", "import time\\ntime.sleep(6)\\n"
    figure, axes = "fig, ax = ", "ax.plot([1, 2, 3])"
    variants = {  # name: what the notebook has in the place of what
        "01_test": [(figure, patient + figure)],
        "02_cells": [("85 [0.5 0.5]", "86 [0.5 0.5]"), (axes, f"{axes} / 0")],
        "03_budget": [("Figure: A line that rises.", "Figure: A line that falls."), (figure, greedy + busy + figure)],
    }
    for name, changes in variants.items():
        text = stored
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        written.with_name(f"{name}.ipynb").write_text(text)
    here = f"{str(ROOT / 'book' / '_ext')!r}"
    rules = (ROOT / "book" / "conftest.py").read_text().replace('Path(__file__).parent / "_ext"', here)
    (written.parent / "conftest.py").write_text(f"{rules}\nCPU_SECONDS = 6\n")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q"]
    command += ["-p", "no:xdist", "-c", "/dev/null", "--rootdir", written.parent, written.parent]
    said = subprocess.run(command, capture_output=True, text=True).stdout
    assert re.findall(r"^(?:FAILED|ERROR) .*?(\w+)\.ipynb::(\w+(?: \d)?)", said, re.M) == [
        ("02_cells", "Cell 1"),
        ("02_cells", "Cell 2"),
        ("03_budget", "Cell 2"),
        ("03_budget", "budget"),
    ], said
    assert "4 failed, 8 passed" in said  # three cells and the budget, three times
    budget = r"03_budget.ipynb: \d+ CPU seconds, 6 are allowed; \d+ MB, 1000 MB are allowed"
    for words in (r"86 \[0.5 0.5\]", "TypeError", "A line that falls.", budget):
        assert re.search(words, said), words


def test_a_cell_that_raises_fails_the_measurement(chapter):
    change(chapter, "np.zeros(2)", "np.zeros(2) / 'two'")
    target = chapter.with_suffix(".ipynb")
    nbformat.write(notebooks.fresh(chapter), target)
    with pytest.raises(Exception, match="TypeError"):
        measure_notebook(target)


def test_a_fork_is_not_stale_and_gets_its_own_address(written, monkeypatch):
    monkeypatch.setattr(notebooks, "repository", lambda *_: ("ada", "fork", "main"))
    assert notebooks.stale(written) == ""
    assert notebooks.write(written, force=False) == "new text, outputs kept"
    assert "github.com/ada/fork@main" in written.with_suffix(".ipynb").read_text()


def test_the_key_covers_the_results_a_chapter_loads_and_their_loader(chapter):
    change(chapter, "from unrolled import readout", 'from unrolled import readout, results\n\nresults.load("windows")')
    code = "\n".join(cell.source for cell in notebooks.fresh(chapter).cells[1:] if cell.cell_type == "code")
    assert notebooks.PACKAGE / "results" / "__init__.py" in notebooks.used_files(code)
    assert {file.name for file in notebooks.loaded_results(code)} == {"windows.json"}
    assert {file.name for file in notebooks.loaded_results('result("cells")\nFOLDER / "characters.npz"')} == {
        "cells.json",
        "characters.npz",
    }
