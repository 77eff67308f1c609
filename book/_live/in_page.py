"""Runs cells of a page, in Pyodide. Nothing here knows of JavaScript: `send(kind, text)` carries what the page shows.

Kinds: `stdout`, `stderr` (pieces of text), `display` (a JSON object, MIME type to text), `error`, `note` (about the
output), `status` (about what is going on).
"""

import ast
import contextlib
import importlib.util
import io
import json
import linecache
import logging
import re
import sys
import time
import traceback
import types
from pathlib import Path

CHARACTERS = 100_000  # what one cell may print; more would make the page slow
FIGURE_CHARACTERS = 3_000_000  # the same for figures and everything else that is displayed
PIECES = 200  # so many pieces are sent at once, later ones gathered for a twentieth of a second
ERROR_CHARACTERS = 3_000


class Stream(io.TextIOBase):
    """What `print` and tqdm write to."""

    encoding = "utf-8"  # tqdm draws its bar with this in mind

    def __init__(self, kind, output):
        self.kind, self.output = kind, output

    def writable(self):
        return True

    def write(self, text):
        self.output.write(self.kind, text)
        return len(text)

    def flush(self):
        self.output.flush()


class Output:
    """The output of one cell at a time, in order, cut where a page could no longer bear it."""

    def __init__(self, send):
        self.send = send
        self.begin()

    def begin(self):
        self.kind, self.waiting, self.pieces, self.sent_at = "", [], 0, 0.0
        self.shown, self.line, self.lost, self.displayed = 0, 0, 0, 0

    def write(self, kind, text):
        room = max(0, CHARACTERS - self.shown)
        if len(text) > room:
            if not self.lost:
                self._gather(kind, text[:room])
                self.flush(force=True)
                self.send("note", f"Output cut after {CHARACTERS:,} characters.")
            self.lost += len(text) - room
            self.shown = CHARACTERS
            return
        if "\r" in text:  # a progress bar writes over its own line, which then does not count
            self.shown, self.line = max(0, self.shown - self.line), 0
        last = text.rpartition("\r")[2]
        self.line = len(last.rpartition("\n")[2]) if "\n" in last else self.line + len(last)
        self.shown += len(last)
        self._gather(kind, text)
        self.flush()

    def _gather(self, kind, text):
        if kind != self.kind:
            self.flush(force=True)
        self.kind = kind
        self.waiting.append(text)

    def flush(self, force=False):
        now = time.monotonic()
        if self.waiting and (force or self.pieces < PIECES or now - self.sent_at > 0.05):
            self.send(self.kind, "".join(self.waiting))
            self.waiting, self.sent_at, self.pieces = [], now, self.pieces + 1

    def display(self, bundle):
        self.flush(force=True)
        self.displayed += sum(map(len, bundle.values()))
        if self.displayed > FIGURE_CHARACTERS:
            self.send("note", f"A figure was left out: a cell may show {FIGURE_CHARACTERS:,} characters of figures.")
        else:
            self.send("display", json.dumps(bundle))

    def end(self):
        self.flush(force=True)
        if self.lost:
            self.send("note", f"Output cut after {CHARACTERS:,} characters; {self.lost:,} more were not shown.")


class Session:
    """One namespace, in which the cells of a page run as in a notebook."""

    def __init__(self, send):
        self.output = Output(send)
        self.send = send
        self.module = types.ModuleType("__main__")
        self.streams = Stream("stdout", self.output), Stream("stderr", self.output)
        self.files = set()

    def start(self):
        """Take over what a process has one of: `__main__`, IPython's `display`."""
        sys.modules["__main__"] = self.module
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it says that it is slow the first time
        sys.modules["IPython"], sys.modules["IPython.display"] = stand_in(self.display)
        return self

    def run(self, name, source):
        """Run a cell; True when it came to its end. name: how a traceback would call the cell."""
        file = f"<{name}>"
        self.files.add(file)
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        self.output.begin()
        out, err = self.streams
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                body, last = split(source, file)
                exec(body, self.module.__dict__)
                value = eval(last, self.module.__dict__) if last else None
                if value is not None:
                    self.module._ = value
                    self.display(value)
                self.show_figures()
        except BaseException as error:  # SystemExit too: a reader's sys.exit() must not end the page's Python
            self.output.flush(force=True)
            self.send("error", report(error, file, self.files))
            return False
        finally:
            self.output.end()
            if "matplotlib.pyplot" in sys.modules:
                sys.modules["matplotlib.pyplot"].close("all")
        return True

    def display(self, *values, raw=False, **_):
        """IPython's `display`, as far as the page can show things."""
        for value in values:
            self.output.display(value if raw else bundle(value))

    def show_figures(self):
        """Show the figures that are still open, as a notebook does at the end of a cell and `plt.show()` at once."""
        if "matplotlib.pyplot" in sys.modules:
            plt = sys.modules["matplotlib.pyplot"]
            for number in plt.get_fignums():
                from unrolled import figures

                figure = plt.figure(number)
                if figure.axes or figure.texts:
                    self.display({"image/svg+xml": figures.svg(figure, "The figure that this cell draws.")}, raw=True)
                plt.close(figure)


def begin(send):
    """Make the page's one session; `in_page_figures` finds it here."""
    global session
    session = Session(send).start()
    return session


def split(source, file):
    """The compiled cell, and its last line by itself when that is an expression whose value is to be shown."""
    tree, last = ast.parse(source, file), None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = compile(ast.Expression(tree.body.pop().value), file, "eval")
    return compile(tree, file, "exec"), last


def bundle(value):
    """MIME type to text, as IPython asks an object for it."""
    found = {"text/plain": repr(value)}
    for kind, method in {"image/svg+xml": "_repr_svg_", "text/markdown": "_repr_markdown_"}.items():
        if callable(getattr(type(value), method, None)):
            found[kind] = getattr(value, method)()
    if "matplotlib.figure" in sys.modules and isinstance(value, sys.modules["matplotlib.figure"].Figure):
        from unrolled import figures

        found["image/svg+xml"] = figures.svg(value, "The figure that this cell draws.")
        sys.modules["matplotlib.pyplot"].close(value)
    return {kind: text for kind, text in found.items() if text}


def stand_in(display):
    """The two modules that the book's code asks for as `IPython.display`; there is no IPython in the page."""

    class Shown:
        def __init__(self, data):
            self.data = data

    class Markdown(Shown):
        def _repr_markdown_(self):
            return self.data

    class SVG(Shown):
        def _repr_svg_(self):
            return self.data

    package, module = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    package.display, package.get_ipython, package.version_info = module, lambda: None, (0, 0)  # Matplotlib asks
    module.display, module.Markdown, module.SVG = display, Markdown, SVG
    return package, module


def report(error, current, own):
    """An error as a few lines: where in the reader's own cells, and what.

    current: the file name of the cell that runs. own: those of all cells.
    """
    lines = []
    if not (isinstance(error, SyntaxError) and error.filename in own):
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in own]
        for frame in frames[-5:]:
            place = "" if frame.filename == current else "an earlier cell, "
            inside = "" if frame.name == "<module>" else f", in {frame.name}"
            lines += [f"{place}line {frame.lineno}{inside}", f"    {frame.line}"]
        if len(frames) > 5:
            lines.insert(0, f"... {len(frames) - 5} calls before these ...")
    said = "".join(traceback.format_exception_only(error)).rstrip().replace(f'File "{current}", ', "")
    if isinstance(error, SyntaxError):
        said = re.sub("^  ", "", said, flags=re.M)
    if len(said) > ERROR_CHARACTERS:
        said = f"{said[:ERROR_CHARACTERS]} ... ({len(said) - ERROR_CHARACTERS:,} more characters)"
    return "\n".join([*lines, said])


def packages(source):
    """Names of the modules outside the standard library that a cell imports, also by way of `unrolled`."""
    found, waiting = set(), imports(source)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name.split(".")[0] == "unrolled" and (path := file(name)):
            waiting |= imports(path.read_text(encoding="utf-8"), top_level=True)
    return sorted({name.split(".")[0] for name in found} - set(sys.stdlib_module_names) - {"unrolled", "tqdm"})


def imports(source, top_level=False):
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def file(module):
    """The file of a module of the package; None when the name is a function's."""
    top = Path(importlib.util.find_spec("unrolled").origin).parent
    inner = top.joinpath(*module.split(".")[1:])
    return next((path for path in (inner.with_suffix(".py"), inner / "__init__.py") if path.is_file()), None)


def fetch_data(fetch, send, folder):
    """Let `unrolled.data` find its files on the site: fetched when they are first asked for, then checked as ever.

    fetch: a function (name, path) that brings a file and returns what went wrong, or an empty string.
    """
    from unrolled import data

    find = data.path

    def path(name):
        target = Path(folder) / name
        if name in data.FILES and not target.exists():
            send("status", f"fetching {name}, {data.FILES[name][-1].size / 1e6:.2g} MB...")
            if problem := fetch(name, str(target)):
                raise data.DataError(f"{name} could not be fetched from this site: {problem}")
            send("status", "")
        return find(name)

    data.path = path
