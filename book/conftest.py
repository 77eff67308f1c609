"""How nbval compares a notebook with its stored outputs, and the budget of time and memory it must keep.

Text is compared by value. A figure is compared by its words (`figures.show` stores them beside the SVG): that it is
there and says the same. Progress and warnings on stderr are neither stored nor compared. Widgets have random ids.
"""

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
from notebooks import ENVIRONMENT

os.environ |= ENVIRONMENT


def pytest_collectstart(collector):
    if collector.__class__.__name__ == "IPyNbFile":
        collector.skip_compare += ("image/svg+xml", "stderr")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    notebook = item.parent
    if not hasattr(notebook, "started"):
        notebook.started, notebook.largest = time.monotonic(), 0
    return (yield)


def pytest_runtest_teardown(item, nextitem):
    notebook = item.parent
    if not hasattr(notebook, "kernel") or not notebook.kernel.is_alive():
        return
    process = psutil.Process(notebook.kernel.km.provisioner.pid)
    notebook.largest = max(notebook.largest, process.memory_info().rss // 10**6)
    if nextitem is None or nextitem.parent is not notebook:
        code = "\n".join(cell.source for cell in notebook.nb.cells if cell.cell_type == "code")
        allowed = 1500 if "import keras" in code or "import tensorflow" in code else 1000
        seconds = time.monotonic() - notebook.started
        assert notebook.largest <= allowed, f"{item.path.name}: {notebook.largest} MB, {allowed} MB are allowed"
        assert seconds <= 90, f"{item.path.name}: {seconds:.0f} s, 90 s are allowed"
