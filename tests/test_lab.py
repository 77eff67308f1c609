"""The same widgets in a real JupyterLab with a kernel: what is moved arrives in Python, what Python sets is seen."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.request

import nbformat
import pytest

from built_site import PATIENCE, ROOT, until, visit
from unrolled.widgets import RecurrentNeuron

CELLS = [
    """
import json
from pathlib import Path
from unrolled import widgets

neuron = widgets.RecurrentNeuron()

def heard(change):
    neuron.b = 0.5  # Python answers: the picture must follow
    kept = {name: getattr(neuron, name) for name in (*neuron.controls, "measures")}
    Path("heard.partial").write_text(json.dumps(kept))
    Path("heard.partial").rename("heard.json")

neuron.observe(heard, "w_R")
neuron
""",
    "from unrolled import exercises\nexercises.sandbox.SECONDS = 1\nexercises.show('ch02_relu_by_hand')",
    "exercises.show('ch02_step')",
    "exercises.show('ch02_hold_a_pulse')",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on localhost; yields its address and its folder."""
    folder = tmp_path_factory.mktemp("lab")
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    environment = os.environ | {"HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONPATH": str(ROOT / "code")}
    log = (home / "log").open("w")
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"

    def answers():
        assert server.poll() is None, (home / "log").read_text()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/api").close()
            return True

    try:
        until(answers, f"JupyterLab did not answer; its log is {home / 'log'}")
        yield address, folder
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def lesson(browser, lab):
    """A notebook of these cells, opened in JupyterLab, every cell run; and its folder."""
    address, folder = lab
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "lesson.ipynb")
    with visit(browser, f"{address}/lab/tree/lesson.ipynb?reset") as seen:
        seen.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=1000 * PATIENCE)
        seen.page.locator(".jp-Notebook .jp-Cell").first.click()
        for _ in CELLS:
            seen.page.keyboard.press("Shift+Enter")
        yield seen, folder


@pytest.mark.slow
def test_a_picture_talks_to_python_both_ways(lesson):
    seen, folder = lesson
    picture = seen.page.locator(".jp-OutputArea .u-neuron").first
    picture.wait_for(timeout=1000 * PATIENCE)
    assert picture.evaluate("e => getComputedStyle(e).getPropertyValue('--q-h')").strip() == "#0063a8"
    picture.locator("input[type=range]").nth(1).evaluate(
        "r => { r.value = 1.5; r.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    until((folder / "heard.json").exists, "the kernel heard nothing")
    heard = json.loads((folder / "heard.json").read_text())
    assert heard["w_R"] == 1.5
    expected = RecurrentNeuron(w_R=1.5, b=0.5).measures
    assert heard["measures"].keys() == expected.keys()
    assert all(abs(heard["measures"][name] - value) < 1e-6 for name, value in expected.items())
    until(lambda: "0.5" in picture.locator("output").all_text_contents(), "the picture did not follow")
    assert not [words for words in seen.complaints if "anywidget" in words or "unrolled" in words]


@pytest.mark.slow
def test_exercises_answer_and_their_progress_lies_beside_the_notebook(lesson):
    seen, folder = lesson
    kept = folder / "unrolled-progress.json"

    def solved(id):
        return kept.exists() and json.loads(kept.read_text())["exercises"].get(id, {}).get("solved", False)

    number = seen.page.locator("#exercise-ch02_relu_by_hand")
    number.locator(".u-number input").fill("-0.25")
    number.get_by_role("button", name="Check", exact=True).click()
    assert "ReLU" in number.locator(".u-reply").inner_text()
    number.locator(".u-number input").fill("0")
    number.get_by_role("button", name="Check", exact=True).click()
    number.get_by_text("✓ solved").wait_for()

    written = seen.page.locator("#exercise-ch02_step")
    check = written.get_by_role("button", name="Check", exact=True)
    for code, words in ANSWERS.items():
        written.locator("textarea").fill(code)
        check.click()
        written.locator(".u-reply").get_by_text(words).first.wait_for(timeout=1000 * PATIENCE)
        check.wait_for()

    tuned = seen.page.locator("#exercise-ch02_hold_a_pulse")
    weight = seen.page.locator(".u-neuron").last.locator("input[type=range]").nth(1)
    weight.evaluate("r => { r.value = 1.5; r.dispatchEvent(new Event('input', { bubbles: true })) }")
    tuned.get_by_role("button", name="Check", exact=True).click()
    tuned.get_by_text("✓ solved").wait_for()
    for id in ("ch02_relu_by_hand", "ch02_step", "ch02_hold_a_pulse"):
        until(lambda id=id: solved(id), f"{id} is not in {kept.name}")


HEAD = "import numpy as np\ndef step(params, x, h):\n    "
ANSWERS = {
    HEAD + "while True: pass\n": "1 seconds",
    HEAD + "import os; os._exit(1)\n": "ended",
    HEAD + "return x @ params['W_ih'] + h @ params['W_hh'] + params['b']\n": "tanh",
    HEAD + "return np.tanh(x @ params['W_ih'] + h @ params['W_hh'] + params['b'])\n": "Right",
}
