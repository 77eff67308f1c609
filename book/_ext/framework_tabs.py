"""Draws consecutive code cells tagged `numpy`, `pytorch`, `tensorflow` as one group of tabs.

An executed cell cannot stand inside a tab directive, so the cells carry their framework as a tag and are plain
cells in Jupyter and Colab. sphinx-design makes the tabs: radio buttons, so the keyboard works and no script is
needed to switch; its script keeps all groups in step and remembers the choice.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx_design.shared import create_component

LABELS = {"numpy": "NumPy", "pytorch": "PyTorch", "tensorflow": "TensorFlow"}


def framework(node):
    """The framework a cell is tagged with, or None."""
    classes = getattr(node, "get", lambda *_: [])("classes", [])
    return next((name for name in LABELS if f"tag_{name}" in classes), None)


def tab(cell, name):
    label = nodes.rubric("", "", nodes.Text(LABELS[name]), classes=["sd-tab-label"])
    label["sync_group"], label["sync_id"] = "framework", name
    content = create_component("tab-content", classes=["sd-tab-content"], children=[cell])
    return create_component("tab-item", classes=["sd-tab-item"], children=[label, content])


class FrameworkTabs(SphinxTransform):
    default_priority = 500

    def apply(self):
        for parent in list(self.document.findall(nodes.Element)):
            for run in runs(parent):
                where = parent.index(run[0])
                tabs = [tab(cell, framework(cell)) for cell in run]
                group = create_component("tab-set", classes=["sd-tab-set", "framework-tabs"], children=tabs)
                parent.children[where : where + len(run)] = [group]
                group.parent = parent


def runs(parent):
    """Neighbouring tagged cells of a parent. A framework that comes again starts the next group."""
    found, run = [], []
    for child in parent.children:
        name = framework(child)
        if name is None or name in map(framework, run):
            found.append(run)
            run = []
        if name is not None:
            run.append(child)
    return [run for run in [*found, run] if len(run) > 1]


def setup(app):
    app.add_transform(FrameworkTabs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
