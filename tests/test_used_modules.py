"""What a notebook's outputs depend on: the modules that it uses, and no others."""

import pytest

import notebooks
from used_modules import used

FILES = {
    "__init__.py": "from unrolled.lstm import LSTM\nfrom unrolled.gru import GRU as Gated\n\n__version__ = '0'\n",
    "lstm.py": "from unrolled import activations\n",
    "gru.py": "",
    "activations.py": "",
    "pytorch/__init__.py": '"""Twins."""\n\nfrom .cells import Cell\nfrom unrolled.pytorch.layers import Layer\n',
    "pytorch/cells.py": "from ..lstm import LSTM\n",
    "pytorch/layers.py": "",
    "pytorch/learner.py": "from . import layers\n",
    "widgets/__init__.py": "from unrolled.widgets.paths import Paths\nfrom unrolled.widgets.neuron import Neuron\n",
    "widgets/living.py": "",
    "widgets/paths.py": "from unrolled.widgets.living import Living\n\nCODE = 'paths.js'\n",
    "widgets/paths.js": "// one way to draw it\n",
    "widgets/neuron.py": "from unrolled.gru import GRU\n",
    "exercises/__init__.py": "def show(id):\n    from unrolled.exercises.widget import display\n",
    "exercises/widget.py": "def display(e):\n    from unrolled import widgets\n\n    getattr(widgets, e.picture)()\n",
    "exercises/kinds.py": "",
    "exercises/bank/ch00_turn.py": "from unrolled.exercises.kinds import Tune\n\nTune(picture='Paths')\n",
    "results/__init__.py": "",
    "results/found.json": "{}",
    "trained.py": 'from unrolled import results\n\nresults.load("found")\n',
}
EXERCISES = {"exercises/__init__.py", "exercises/widget.py"}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small package of the same build as ours."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(notebooks, "PACKAGE", tmp_path)
    monkeypatch.setattr(notebooks, "RESULTS", (tmp_path / "results",))
    return tmp_path


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import numpy as np", set()),
        ("from unrolled import LSTM", {"lstm.py", "activations.py"}),
        ("from unrolled import Gated as G", {"gru.py"}),
        ("import unrolled\nunrolled.LSTM()", {"lstm.py", "activations.py"}),
        ("import unrolled as u\nu.Gated()", {"gru.py"}),
        ("import unrolled\nprint(unrolled)", {"__init__.py", "lstm.py", "activations.py", "gru.py"}),
        ("from unrolled import __version__", {"__init__.py", "lstm.py", "activations.py", "gru.py"}),
        ("from unrolled.activations import tanh", {"activations.py"}),
        ("def later():\n    from unrolled import Gated", {"gru.py"}),
        ("from unrolled.pytorch import Cell", {"pytorch/cells.py", "lstm.py", "activations.py"}),
        ("from unrolled import pytorch\npytorch.Layer()", {"pytorch/layers.py"}),
        ("import unrolled.pytorch.layers as layers", {"pytorch/layers.py"}),
        ("from unrolled.pytorch import learner", {"pytorch/learner.py", "pytorch/layers.py"}),
        ("from unrolled import widgets\nwidgets.Paths()", {"widgets/paths.py", "widgets/living.py"}),
        ("from unrolled import widgets\nw = widgets", {"widgets/__init__.py", "widgets/paths.py", "widgets/living.py",
                                                      "widgets/neuron.py", "gru.py"}),
        ("from unrolled import exercises\nexercises.show('x')", EXERCISES),
        ("from unrolled.nowhere import x", set()),
        ("from elsewhere.unrolled import LSTM", set()),
    ],
)  # fmt: skip
def test_a_name_leads_to_the_module_that_holds_it(package, code, names):
    assert {file.relative_to(package).as_posix() for file in used(code, package)} == names


def test_an_exercise_brings_its_picture_and_no_other(package):
    found = notebooks.used_files('from unrolled import exercises\nexercises.show("ch00_turn")')
    picture = {"widgets/paths.py", "widgets/living.py"}
    own = {"exercises/bank/ch00_turn.py", "exercises/kinds.py"}
    assert {file.relative_to(package).as_posix() for file in found} == EXERCISES | own | picture


CHAPTER = """---
kernelspec: {name: python3, display_name: Python 3, language: python}
---

```{code-cell} ipython3
from unrolled import LSTM, trained, widgets
from unrolled.pytorch import Cell

widgets.Paths()
```
"""


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("lstm.py", True),
        ("activations.py", True),  # lstm.py uses it
        ("pytorch/cells.py", True),
        ("pytorch/layers.py", False),  # of the same package, and not used
        ("pytorch/learner.py", False),
        ("gru.py", False),
        ("widgets/paths.py", True),
        ("widgets/living.py", True),
        ("widgets/paths.js", False),  # the page takes the JavaScript from the package as it is
        ("widgets/neuron.py", False),
        ("results/found.json", True),  # trained.py reads it
    ],
)
def test_the_key_follows_what_is_used(package, tmp_path, file, counts):
    source = tmp_path / "01_test.md"
    source.write_text(CHAPTER)
    before = notebooks.key(notebooks.fresh(source))
    (package / file).write_text(f"{(package / file).read_text()}\n")
    assert (notebooks.key(notebooks.fresh(source)) != before) == counts


def test_a_new_export_makes_nobody_stale(package, tmp_path):
    source = tmp_path / "01_test.md"
    source.write_text(CHAPTER)
    before = notebooks.key(notebooks.fresh(source))
    (package / "new.py").write_text("class New: ...\n")
    for name in ("__init__.py", "pytorch/__init__.py", "widgets/__init__.py"):
        (package / name).write_text(f"from unrolled.new import New\n{FILES[name]}")
    assert notebooks.key(notebooks.fresh(source)) == before
    (package / "__init__.py").write_text(FILES["__init__.py"].replace("unrolled.lstm", "unrolled.new"))
    assert notebooks.key(notebooks.fresh(source)) != before, "LSTM is another one now"
