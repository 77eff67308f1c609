"""From text to notebook: `book/chapters/NN_slug.md` becomes an executed `NN_slug.ipynb` with its outputs stored.

    python book/_ext/notebooks.py            write what is stale, execute only where code changed
    python book/_ext/notebooks.py --force    execute everything again
    python book/_ext/notebooks.py --check    only say what is stale

A chapter's notebook begins with the opening that its front matter asks for (chapter_facts.py). A notebook remembers a
key: a hash of its code cells, of the modules of `unrolled` they use (used_modules.py), and of the result files and
exercises they show. The same key means the same outputs, so a change of words costs no training run. README's table
of times is written along.
"""

import argparse
import ast
import contextlib
import hashlib
import json
import os
import re
import sys
import time
from pathlib import Path
from pprint import pformat

import jupytext
import nbformat
from IPython.core.inputtransformer2 import TransformerManager

sys.path.insert(0, str(Path(__file__).parent))
import chapter_facts
import used_modules
from colab import colab_cell
from launch import repository

ROOT = Path(__file__).parents[2]
CHAPTERS = ROOT / "book" / "chapters"
PACKAGE = ROOT / "code" / "unrolled"
RESULTS = ROOT / "benchmarks" / "results", PACKAGE / "results"
# What every kernel that makes or checks stored outputs runs with; the tests take it from here.
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",  # stored outputs come from the CPU, the machine everybody has
    "JUPYTER_PREFER_ENV_PATH": "1",
    "OMP_NUM_THREADS": "1",  # on a busy two-core machine two threads that wait for each other are ten times slower
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TQDM_DISABLE": "1",  # progress bars are for those who wait, not for those who read
}

WIDGETS, VIEW = (f"application/vnd.jupyter.widget-{part}+json" for part in ("state", "view"))
NOT_STORED = {
    "_esm": "export default { render: ({ el }) => el.append('Run this cell to bring it to life.') };",
    "_css": "",
}

NO_PAGES = "pages = {}"  # a cell that says so is given the chapters' pages

SECONDS_ALLOWED = 90  # of a processor, whatever else the machine does; Binder stops a kernel at 2 GB


def megabytes_allowed(notebook):
    """The memory budget of a notebook: TensorFlow alone takes half a gigabyte."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return 1500 if "import keras" in code or "import tensorflow" in code else 1000


def megabytes(pid):
    """The largest memory a process has had; where the system does not keep it, what it has now."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 // 10**6
    import psutil

    return psutil.Process(pid).memory_info().rss // 10**6


def cpu_seconds(pid):
    """The processor time of a process and of all that it started, whether they still run or have ended."""
    import psutil

    kernel = psutil.Process(pid)
    total = 0
    for process in [kernel, *kernel.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # its own and its ended children's, in user and in system mode
    return total


def chapters():
    """The texts that become notebooks: the chapters, and two pages at the back."""
    return [
        *sorted(CHAPTERS.glob("[0-9][0-9]*_*.md")),
        *(ROOT / "book" / f"{n}.md" for n in ("exercises", "benchmarks")),
    ]


def fresh(source):
    """The notebook that the text asks for, without outputs, with cell ids that depend on nothing but the text.

    Raises SyntaxError, with the text's file and line, where a cell is no Python; ValueError where the front matter
    says too little.
    """
    matter = chapter_facts.front_matter(source)
    notebook = jupytext.read(source, fmt="md:myst")
    check_code(notebook, source)
    for cell in notebook.cells:
        if cell.cell_type == "code" and NO_PAGES in cell.source:
            pages = pformat(chapter_facts.pages(chapter_facts.chapters()), width=120)
            cell.source = cell.source.replace(NO_PAGES, f"pages = {pages}")
    install = colab_cell(*repository(ROOT / "book" / "_config.yml", ROOT))
    first = [nbformat.v4.new_code_cell(install, metadata={"tags": ["remove-cell"]})]
    if "unrolled" in matter:
        first.append(nbformat.v4.new_markdown_cell(chapter_facts.opening(chapter_facts.read(source))))
    names = ["colab", "opening"][: len(first)]  # neither depends on the repository's address or on a measured time
    notebook.cells = first + notebook.cells
    seen = {}
    for number, cell in enumerate(notebook.cells):
        digest = names[number] if number < len(names) else hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "unrolled": {"key": key(notebook)},
    })  # fmt: skip
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def plain(cell_source):
    """A cell's code as plain Python, with as many lines: %magics become calls."""
    return TransformerManager().transform_cell(cell_source)


def check_code(notebook, source):
    """Raise SyntaxError, naming file and line of the text, for the first cell that is no Python."""
    lines, at = source.read_text(encoding="utf-8").splitlines(), 0
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        own = cell.source.splitlines()
        at = next((n for n in range(at, len(lines)) if lines[n : n + len(own)] == own), at)
        try:
            ast.parse(plain(cell.source))
        except SyntaxError as error:
            line = at + (error.lineno or 1)
            code = f"\n    {error.text.strip()}" if error.text else ""
            raise SyntaxError(f"{source.name}, line {line}: {error.msg}{code}") from None
        at += len(own)


def key(notebook):
    """A hash of everything the outputs depend on, except the machine and the versions in constraints.txt."""
    cells = [(c.source, c.metadata.get("tags", [])) for c in notebook.cells[1:] if c.cell_type == "code"]
    code = "\n".join(plain(source) for source, _ in cells)
    modules = used_files(code)
    texts = [code, *(file.read_text(encoding="utf-8") for file in modules)]
    files = sorted({*modules, *(file for text in texts for file in loaded_results(text))})
    parts = [json.dumps(cells), *(f"{file.name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def used_files(code):
    """The files of the package that this plain Python uses, and those of the exercises it shows."""
    files = used_modules.used(code, PACKAGE)
    for exercise in shown_exercises(code):
        files |= {exercise} | used_modules.used(exercise.read_text(encoding="utf-8"), PACKAGE)
    return files


def shown_exercises(code):
    """The files of the exercises that this code shows."""
    bank = PACKAGE / "exercises" / "bank"
    every = bank.glob("*.py") if re.search(r"exercises\.(bank|progress)\(", code) else ()
    return [*every, *(bank / f"{id}.py" for id in re.findall(r"exercises\.show\(\"(\w+)\"", code))]


def loaded_results(code):
    """The result files that this code names: results.load("windows"), result("cells"), "characters.npz"."""
    names = [f"{stem}.json" for stem in re.findall(r"result(?:s\.load)?\(\"(\w+)\"", code)]
    names += re.findall(r"\"(\w+\.npz)\"", code)
    return {folder / name for folder in RESULTS for name in names if (folder / name).exists()}


def execute(notebook):
    """Run every cell in a new kernel and keep the outputs in a form that is the same every time."""
    from nbclient import NotebookClient

    os.environ |= ENVIRONMENT
    resources = {"metadata": {"path": str(CHAPTERS)}}  # as when a reader opens it there
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources=resources, record_timing=False, coalesce_streams=True
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
    notebook.metadata["language_info"] = {"name": "python"}
    if "widgets" in notebook.metadata:
        keep_widgets(notebook)


def keep_widgets(notebook):
    """Give the stored widgets the same ids in every run, and a note in the place of their JavaScript.

    The site takes the JavaScript from the package as it is now; Jupyter gets it when the cell is run.
    """
    states = notebook.metadata["widgets"][WIDGETS]["state"]
    for model in states.values():
        for name, text in NOT_STORED.items():
            if name in model["state"]:
                model["state"][name] = text
    shown = [
        o.data[VIEW]["model_id"] for c in notebook.cells for o in c.get("outputs", []) if VIEW in o.get("data", {})
    ]
    order = {id: number for number, id in enumerate(dict.fromkeys([*shown, *states]), start=1)}
    kept = json.dumps({id: states[id] for id in order})
    for id, number in order.items():
        kept = kept.replace(id, f"widget-{number}")
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                if output.get("data", {}).get(VIEW, {}).get("model_id") == id:
                    output.data[VIEW]["model_id"] = f"widget-{number}"
    notebook.metadata["widgets"][WIDGETS]["state"] = json.loads(kept)


def reuse(notebook, stored):
    """Take the outputs over from the stored notebook; its code cells are the same, in the same order."""
    ours = [c for c in notebook.cells if c.cell_type == "code"]
    theirs = [c for c in stored.cells if c.cell_type == "code"]
    for cell, other in zip(ours, theirs, strict=True):
        cell.outputs, cell.execution_count = other.outputs, other.execution_count
    if "widgets" in stored.metadata:
        notebook.metadata["widgets"] = stored.metadata["widgets"]


def read(target):
    """The stored notebook, or None where there is none or it cannot be read."""
    try:
        return nbformat.read(target, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None


def text(notebook):
    return nbformat.writes(notebook, version=4) + "\n"


def lasting(notebook_text):
    """The notebook's text without what makes it not stale: a fork's own address, and a new measurement of its time."""
    return re.sub(r'git\+https://[^\s"\\]*', "", chapter_facts.without_measured(notebook_text))


def stale(source):
    """Why the stored notebook is not what its text and code ask for; an empty string when it is."""
    stored, wanted = read(source.with_suffix(".ipynb")), fresh(source)
    if stored is None:
        return "no readable notebook is stored"
    if stored.metadata.get("unrolled", {}).get("key") != wanted.metadata["unrolled"]["key"]:
        return "its code, or the package's, has changed"
    try:
        reuse(wanted, stored)
    except ValueError:
        return "its cells differ from the text"
    return "" if lasting(text(wanted)) == lasting(text(stored)) else "its text has changed"


def write(source, force):
    """Bring one notebook up to date; return what was done."""
    target = source.with_suffix(".ipynb")
    stored, notebook = read(target), fresh(source)
    if not force and stored and stored.metadata.get("unrolled") == notebook.metadata["unrolled"]:
        reuse(notebook, stored)
        done = "new text, outputs kept"
    else:
        start = time.monotonic()
        execute(notebook)
        done = f"executed in {time.monotonic() - start:.0f} s"
    if target.exists() and target.read_text() == text(notebook):
        return "up to date" if "kept" in done else f"{done}, nothing changed"
    partial = target.with_suffix(".partial")
    partial.write_text(text(notebook))
    partial.replace(target)
    return done


def write_readme():
    """Bring README's table of times up to date; False, and why on stderr, where it cannot be written."""
    readme = ROOT / "README.md"
    try:
        wanted = chapter_facts.written_readme(readme.read_text(encoding="utf-8"), chapter_facts.chapters())
    except (ValueError, OSError) as error:
        print(f"README.md: its table of times is left as it was\n{error}", file=sys.stderr)
        return False
    if wanted != readme.read_text(encoding="utf-8"):
        readme.write_text(wanted, encoding="utf-8")
        print("README.md: its table of times is new")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="execute everything again")
    parser.add_argument("--check", action="store_true", help="only say what is stale")
    parser.add_argument("names", nargs="*", help="chapters, such as 02; all when none is named")
    options = parser.parse_args()
    sources = [s for s in chapters() if not options.names or any(s.name.startswith(n) for n in options.names)]
    if options.check:
        late = [f"{source.stem}: {why}; `make notebooks` mends it" for source in sources if (why := stale(source))]
        print(*late, sep="\n")
        return 1 if late else 0
    failed = 0
    for source in sources:
        print(f"{source.stem}: ...", flush=True)
        try:
            print(f"{source.stem}: {write(source, options.force)}", flush=True)
        except Exception as error:  # one broken chapter must not keep the others from being made
            failed += 1
            print(f"{source.stem}: failed, the stored notebook is left as it was\n{error}", file=sys.stderr)
    return 1 if failed or not write_readme() else 0


if __name__ == "__main__":
    sys.exit(main())
