"""The pins, the launch files, the package as it is installed, the two commands: nothing of it drifts apart."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import binder
import chromium
from binder import ROOT, pip_part, uv
from built_site import outside_make

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
SOURCES = [f for f in (ROOT / "code" / "unrolled").rglob("*") if f.is_file() and "__pycache__" not in f.parts]


def pins():
    """Name -> version, of the lines of constraints.txt that count on this machine."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    requirements = [Requirement(line) for line in lines]
    assert all(re.fullmatch(r"==[^,*]+", str(r.specifier)) for r in requirements), "a pin names one version"
    here = [r for r in requirements if r.marker is None or r.marker.evaluate()]
    assert len({r.name for r in here}) == len(here), "a package is pinned twice"
    return {canonicalize_name(r.name): Version(str(r.specifier)[2:]) for r in here}


def run(*command, **kwargs):
    answer = subprocess.run([*map(str, command)], capture_output=True, text=True, **kwargs)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


# --- One source of pins -------------------------------------------------------------------------------------------


def test_every_pin_is_within_the_bounds_of_pyproject():
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    pinned = pins()
    for requirement in (Requirement(line) for group in groups for line in group):
        if requirement.name != "unrolled" and (requirement.marker is None or requirement.marker.evaluate()):
            assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, str(requirement)


def test_this_environment_is_the_pinned_one():
    pinned, wrong = pins(), []
    if version := pinned.get("tensorflow-cpu", pinned.get("tensorflow")):
        pinned["tf-keras"] = version  # the Makefile installs it at TensorFlow's version
    for package in importlib.metadata.distributions(path=[sysconfig.get_path("purelib")]):
        name, version = canonicalize_name(package.name), Version(package.version)
        if name not in ("pip", "wheel", "unrolled") and pinned.get(name) != Version(version.public):
            wrong.append(f"{name} {version}, pinned {pinned.get(name)}")
    assert not wrong, "run `make pins` after a change of pyproject.toml, `make test` after one of constraints.txt"


def test_the_python_version_is_the_same_everywhere():
    conda = [d for d in yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"] if isinstance(d, str)]
    assert "python=3.11" in conda
    assert "--python-version 3.11" in (ROOT / "Makefile").read_text()
    supported = SpecifierSet(PROJECT["requires-python"])
    assert [v for v in ("3.10", "3.11", "3.12", "3.13", "3.14") if v in supported] == ["3.11", "3.12", "3.13"]
    for file in WORKFLOWS:
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            versions = [s["with"]["python-version"] for s in job["steps"] if "setup-python" in s.get("uses", "")]
            matrix = job.get("strategy", {}).get("matrix", {}).get("python")
            newest = file.name == "canary.yml" and versions == ["3.13"]
            assert newest or versions in ([], ["3.11"]) or matrix == ["3.11", "3.12", "3.13"], file.name


def test_binder_and_conda_take_the_same_pins_and_cpu_builds():
    assert "--constraint constraints.txt" in pip_part()
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in pip_part()
    editable = [line for line in pip_part() if line.startswith("--editable")]
    assert len(pip_part()) == 3
    assert editable == ["--editable .[torch,tensorflow,fast,lab]"]


def test_the_kernel_that_runs_the_notebooks_in_ci_is_binders(binder_python):
    kernel = json.loads((binder.kernel() / "kernels" / "binder" / "kernel.json").read_text())
    assert kernel["argv"][:2] == [str(binder_python), "-m"]
    assert "--nbval-kernel-name binder" in (ROOT / "Makefile").read_text()


@pytest.mark.slow
def test_binders_pip_part_installs_in_a_new_environment(binder_python):
    installed = json.loads(uv("pip", "list", "--format=json", "--python", binder_python))
    versions = {canonicalize_name(p["name"]): Version(Version(p["version"]).public) for p in installed}
    assert {"torch", "tensorflow-cpu", "keras", "jupyterlab", "anywidget", "unrolled"} <= set(versions)
    pinned = pins()
    assert {name: v for name, v in versions.items() if name != "unrolled" and pinned.get(name) != v} == {}
    assert not [name for name in versions if name.startswith(("nvidia", "triton"))], "a CUDA build came along"
    program = "import torch; from unrolled.tasks import digits; print(torch.version.cuda, digits.mnist().test[0].shape)"
    assert run(binder_python, "-c", program) == "None (10000, 28, 28)\n"


# --- The package --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A copy of what the package is built from: building writes into the folder it builds in."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "code", copy / "code", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return copy


@pytest.fixture(scope="module")
def wheel(sources, tmp_path_factory):
    built = tmp_path_factory.mktemp("built")
    uv("build", "-q", "--no-build-isolation", "--python", sys.executable, "-o", built, sources)
    return next(built.glob("*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert sorted(names) == sorted(str(file.relative_to(ROOT / "code")) for file in SOURCES)
    assert not (ROOT / "code" / "__init__.py").exists(), "code/ is a folder, not a package: it would hide Python's own"


def test_pip_install_leaves_nothing_that_git_would_show(sources, tmp_path):
    copy = shutil.copytree(sources, tmp_path / "copy")
    before = {path for path in copy.rglob("*") if path.is_file()}
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-t", tmp_path / "to", copy)
    left = {str(path.relative_to(copy)) for path in {*copy.rglob("*")} - before if path.is_file()}
    assert any(path.startswith("build/") for path in left)
    ignored = run("git", "-C", ROOT, "check-ignore", "--no-index", "--stdin", input="\n".join(left))
    assert left - {*ignored.splitlines()} == set()


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_importing_the_package_needs_numpy_alone(wheel, tmp_path, version):
    candidates = [f"python{version}", *PYENV.glob(f"versions/{version}.*/bin/python")]
    starts = [
        c for c in candidates if shutil.which(c) and not subprocess.run([c, "-c", ""], capture_output=True).returncode
    ]
    if not starts:
        pytest.skip(f"no Python {version} on this machine")
    uv("venv", "-q", "--python", starts[0], tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    uv("pip", "install", "-q", "--python", python, "--no-deps", wheel, f"numpy=={pins()['numpy']}")
    program = "import sys, unrolled; print(*sorted(m for m in sys.modules if m in ('numpy', 'matplotlib', 'torch')))"
    assert run(python, "-c", program, cwd=tmp_path) == "numpy\n"


# --- Colab --------------------------------------------------------------------------------------------------------


@pytest.fixture
def colab_cell():
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    try:
        from colab import colab_cell
    finally:
        sys.path.pop(0)
    return colab_cell


def run_cell(python, source, before=""):
    """Run a notebook cell as a kernel would, and return what the environment looks like afterwards."""
    program = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell({before!r}).raise_error()
shell.run_cell({source!r}).raise_error()
assert not shell.user_ns.get("_exit_code"), "pip failed"
"""
    return run(python, "-c", program, cwd=python.parent, env=os.environ | {"PIP_RETRIES": "0"})


@pytest.mark.slow
def test_colab_gets_the_package_and_keeps_its_own_libraries(colab_cell, sources, tmp_path):
    uv("venv", "-q", "--seed", "--python", sys.executable, tmp_path / "venv")  # with pip
    python = tmp_path / "venv" / "bin" / "python"
    colabs_own = {
        "numpy": "2.0.2",
        "matplotlib": "3.10.0",
        "ipython": "7.34.0",
        "ipywidgets": "7.7.1",
        "tqdm": "4.67.1",
    }
    uv("pip", "install", "-q", "--python", python, *(f"{name}=={version}" for name, version in colabs_own.items()))
    site = next((tmp_path / "venv").glob("lib/*/site-packages"))
    for name, version in {"torch": "2.8.0+cu126", "tensorflow": "2.19.0"}.items():  # too large to install for this
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "INSTALLER").write_text("pip\n")
        (info / "RECORD").write_text("")
        colabs_own[name] = version
    repository = shutil.copytree(sources, tmp_path / "repository")
    git = ["git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    run(*git, "init", "-q", "-b", "trunk")
    run(*git, "add", ".")
    run(*git, "commit", "-q", "-m", "As it is")
    cell = colab_cell("someone", "fork", "trunk")
    assert '"git+https://github.com/someone/fork@trunk"' in cell
    cell = cell.replace("https://github.com/someone/fork", f"file://{repository}")
    run_cell(python, cell, before="import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')")
    after = {canonicalize_name(d.name): d.version for d in importlib.metadata.distributions(path=[str(site)])}
    assert {name: after[name] for name in colabs_own} == colabs_own
    assert run(python, "-c", "import unrolled; print(unrolled.__file__)", cwd=tmp_path).startswith(str(site))


def test_elsewhere_the_colab_cell_does_nothing(colab_cell):
    cell = colab_cell("someone", "fork", "trunk")
    assert len(cell.splitlines()) < 10
    counting = "import subprocess, os\ncalls = []\nget_ipython().system = subprocess.Popen = os.system = calls.append"
    assert run_cell(Path(sys.executable), cell + "\nprint(calls)", before=counting) == "[]\n"


# --- The two commands ---------------------------------------------------------------------------------------------


@pytest.fixture
def toy(tmp_path):
    """The Makefile over a toy book, with programs that only note how they were called."""
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "book" / "chapters").mkdir(parents=True)
    (tmp_path / "code" / "unrolled").mkdir(parents=True)
    for page in ("book/index.md", "book/chapters/01 one.md", "code/unrolled/rnn.py"):
        (tmp_path / page).write_text("text")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("uv", "jupyter-book", "npm"):
        (programs / name).write_text(
            f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/calls"\n'
            f'[ "{name}" = jupyter-book ] && mkdir -p book/_build/html && echo page > book/_build/html/index.html\n'
            f'[ ! -e "{tmp_path}/{name} fails" ]\n'
        )
    (programs / "python").symlink_to(sys.executable)
    for program in programs.iterdir():
        program.chmod(0o755) if not program.is_symlink() else None
    (tmp_path / ".venv" / ".ready").write_text(f"{tmp_path}\n")
    return tmp_path


def make(folder, *arguments):
    """Run make; return its exit status, what it printed, and which programs it called (uv --version apart)."""
    (folder / "calls").write_text("")
    answer = subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, env=outside_make())
    calls = [c for c in (folder / "calls").read_text().splitlines() if c != "uv --version"]
    return answer.returncode, answer.stdout, calls


def test_make_alone_lists_the_commands():
    listed = re.findall(r"^make (\w+) {2,}\S", run("make", cwd=ROOT, env=outside_make()), re.M)
    assert set(listed) >= {"book", "serve", "test", "notebooks", "lint", "bench", "clean"}


def test_make_book_builds_once_and_says_where_the_page_is(toy):
    status, printed, calls = make(toy, "book")
    assert status == 0
    assert [call.split()[0] for call in calls] == ["uv", "jupyter-book"]
    assert "-n -W --keep-going" in calls[1]
    assert printed.endswith(f"The book: file://{toy}/book/_build/html/index.html\n")
    assert make(toy, "book")[2] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda toy: (toy / "book" / "chapters" / "01 one.md").write_text("another text"),
        lambda toy: (toy / "book" / "chapters" / "01 one.md").unlink(),
        lambda toy: (toy / "book" / "new.md").write_text(""),
        lambda toy: (toy / "code" / "unrolled" / "rnn.py").write_text("another text"),
        lambda toy: (toy / "book" / "_build" / "html" / "index.html").unlink(),
    ],
    ids=["edited", "deleted", "added", "code edited", "page lost"],
)
def test_make_book_builds_again_when_something_changed(toy, change):
    make(toy, "book")
    change(toy)
    assert [call.split()[0] for call in make(toy, "book")[2]] == ["jupyter-book"]


def test_a_build_that_failed_is_not_taken_for_done(toy):
    (toy / "jupyter-book fails").touch()
    assert make(toy, "book")[0] != 0
    assert make(toy, "book")[0] != 0
    (toy / "jupyter-book fails").unlink()
    assert make(toy, "book")[0] == 0


def test_an_install_that_was_cut_short_is_done_from_the_start(toy):
    (toy / "uv fails").touch()  # as good as killed: the stamp is not written
    (toy / ".venv" / "bin" / "uv").write_text(
        (toy / ".venv" / "bin" / "uv").read_text().replace("[ !", '[ "$*" = --version ] || [ !')
    )
    assert make(toy, "book")[0] != 0
    (toy / "uv fails").unlink()
    status, _, calls = make(toy, "book")
    assert status == 0
    assert "--reinstall" in calls[0]
    (toy / ".venv" / ".book").unlink()
    assert "--reinstall" not in make(toy, "book")[2][0]


def test_new_pins_are_installed(toy):
    make(toy, "book")
    later = (toy / ".venv" / ".book").stat().st_mtime + 10
    os.utime(toy / "constraints.txt", (later, later))
    assert make(toy, "book")[2][0].startswith("uv pip install")


@pytest.mark.parametrize("debian", [True, False])
def test_a_browser_is_asked_for_where_it_comes_quickly(monkeypatch, capsys, debian):
    """Debian has a Chromium of its own, and Playwright's download may be out of reach; Ubuntu's asks for snap."""
    monkeypatch.setattr(chromium, "on_debian", lambda: debian)
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)  # nothing is run
    assert not chromium.install()
    ways = re.findall("trying (.*) \\.\\.\\.", capsys.readouterr().out)
    assert ways == ["apt-get", "Playwright's own download"][:: 1 if debian else -1]


def test_ci_runs_the_readmes_test_command():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    run("bash", "-n", script)
    commands = [line for line in script.read_text().splitlines() if not line.startswith("#")]
    assert commands[0] == "set -euo pipefail"
    assert any("make test" in line for line in commands)
    assert "make test" in (ROOT / "README.md").read_text()


# --- What runs elsewhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_are_pinned_and_may_do_little(file):
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for name, job in workflow["jobs"].items():
        allowed = {"deploy": {"pages": "write", "id-token": "write"}}.get(name, {"contents": "read"})
        assert job.get("permissions", {"contents": "read"}) == allowed
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert re.fullmatch(r"(actions|lycheeverse)/[a-z-]+@v\d+\.\d+\.\d+", step.get("uses", "actions/a@v1.0.0"))
    steps = [step.get("run", step.get("uses")) for job in workflow["jobs"].values() for step in job["steps"]]
    assert any(re.match(WHAT_WORKFLOWS_DO[file.name], step) for step in steps)
    when = workflow[True]  # what YAML makes of the key `on`
    assert ("schedule" in when) == (file.name in ("links.yml", "canary.yml"))


WHAT_WORKFLOWS_DO = {  # a step of each
    "ci.yml": r"\.ci/run$",
    "pages.yml": "make book$",
    "links.yml": "lycheeverse/lychee-action@",
    "canary.yml": r"\.venv/bin/python -m pytest",
}


def test_the_canary_runs_without_pins_and_leaves_out_what_is_about_them(tmp_path):
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "canary.yml").read_text())
    steps = [step["run"] for step in workflow["jobs"]["newest"]["steps"] if "run" in step]
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    run("bash", "-c", next(step for step in steps if "constraints.txt" in step), cwd=tmp_path)
    left = (tmp_path / "constraints.txt").read_text().splitlines()
    assert left and all(line.startswith("#") for line in left), "the notes stay, the pins go"
    for name in re.findall(r"--(?:deselect|ignore)[ =](\S+)", steps[-1]):
        assert (ROOT / name).is_file()


# --- Before a commit ----------------------------------------------------------------------------------------------


def test_hooks_are_the_pinned_tools_and_lint_runs_them():
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repo["repo"] for repo in repos] == ["local"], "nothing is fetched from elsewhere"
    hooks = {hook["id"]: hook for hook in repos[0]["hooks"]}
    assert set(hooks) == {"ruff", "ruff-format", "codespell", "biome", "imports", "notebooks"}
    for hook in hooks.values():
        assert hook["language"] == "system"
        tools = re.findall(r"(?:\.venv|node_modules/\.bin)/[\w/.-]+", hook["entry"])
        assert all((ROOT / tool).exists() for tool in tools if tool != ".venv/bin"), hook["entry"]
    pinned = pins()
    assert {"ruff", "codespell", "pre-commit", "import-linter"} <= set(pinned)
    package = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["@biomejs/biome"])
    assert "pre-commit run --all-files" in run("make", "-n", "lint", cwd=ROOT, env=outside_make())


def test_every_module_stands_on_a_floor():
    """A new module of the package is named in a contract of import-linter: above, below, or both."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {m for c in contracts for key in ("source_modules", "forbidden_modules", "modules") for m in c.get(key, [])}
    here = {f"unrolled.{f.stem}" for f in (ROOT / "code" / "unrolled").iterdir()
            if f.suffix == ".py" or (f / "__init__.py").is_file()}  # fmt: skip
    assert {name for name in named if name.startswith("unrolled")} == here - {"unrolled.__init__"}


def test_no_file_names_a_package_registry():
    """They are the installers' own settings: a mirror must be able to take their place."""
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org"))]
    command = ["git", "-C", ROOT, "grep", "-lF", *(option for host in hosts for option in ("-e", host))]
    assert subprocess.run(command, capture_output=True, text=True).stdout.split() == []


@pytest.mark.slow
def test_the_site_needs_no_framework_and_nothing_in_the_home(tmp_path):
    """A reader's first minute: clone, make book. The build itself is what `make test` in a fresh clone begins with."""
    clone, home = tmp_path / "clone", tmp_path / "home"
    home.mkdir()
    run("git", "clone", "-q", ROOT, clone)
    environment = {n: v for n, v in outside_make().items() if not n.startswith(("UV_", "XDG_", "VIRTUAL"))}
    environment |= {"HOME": str(home), "PYENV_ROOT": str(PYENV)}
    environment["PATH"] = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if ".venv" not in p)
    run("make", ".venv/.book", "node_modules/.ready", cwd=clone, env=environment)
    installed = run(clone / ".venv" / "bin" / "uv", "pip", "list", "-p", clone / ".venv" / "bin" / "python")
    assert "jupyter-book" in installed
    assert "torch" not in installed and "tensorflow" not in installed
    run(clone / ".venv" / "bin" / "jupyter-book", "config", "sphinx", "book", cwd=clone, env=environment)
    (settings,) = (clone / "book").glob("conf.py")
    names = re.findall(r"'([\w.]+)'", re.search(r"extensions = (\[.*?\])", settings.read_text(), re.S)[1])
    assert "unrolled" not in names and len(names) > 10
    program = "import importlib, sys; sys.path.insert(0, 'book/_ext'); [*map(importlib.import_module, sys.argv[1:])]"
    run(clone / ".venv" / "bin" / "python", "-c", program, *names, cwd=clone, env=environment)


def test_make_test_builds_the_site_before_the_tests_packages_come():
    needs = re.search(r"^test: (.*?) ##", (ROOT / "Makefile").read_text(), re.M)[1].split()
    assert needs[0] == "book" and ".venv/.test" in needs[1:]
