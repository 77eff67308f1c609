"""How nbval compares a notebook with its stored outputs, and the budget of time and memory it must keep.

Text is compared by value. A figure is compared by its words (`figures.show` stores them beside the SVG): that it is
there and says the same. Progress and warnings on stderr are neither stored nor compared. Widgets have random ids.
"""

import os
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
from notebooks import ENVIRONMENT, SECONDS_ALLOWED, VIEW, megabytes, megabytes_allowed

os.environ |= ENVIRONMENT


def pytest_collectstart(collector):
    if collector.__class__.__name__ == "IPyNbFile":
        collector.skip_compare += ("image/svg+xml", "stderr", VIEW)


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
    notebook.largest = max(notebook.largest, megabytes(notebook.kernel.km.provisioner.pid))
    if nextitem is None or nextitem.parent is not notebook:
        allowed, seconds = megabytes_allowed(notebook.nb), time.monotonic() - notebook.started
        assert notebook.largest <= allowed, f"{item.path.name}: {notebook.largest} MB, {allowed} MB are allowed"
        assert seconds <= SECONDS_ALLOWED, f"{item.path.name}: {seconds:.0f} s, {SECONDS_ALLOWED} s are allowed"
