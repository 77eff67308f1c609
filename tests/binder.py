"""Python as Binder has it: a virtual environment with environment.yml's pip part, made once and kept in .venv.

    python tests/binder.py

makes it and prints a folder for JUPYTER_PATH, in which its kernel is called `binder`.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"


def pip_part():
    """The lines that environment.yml hands to pip."""
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    return next(entry["pip"] for entry in dependencies if isinstance(entry, dict))


def reachable(address):
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True  # a server answered
    except OSError:
        return False
    return True


def uv(*arguments, **kwargs):
    """Run uv with pip's folder of local wheels; return what it printed, or raise with all of it."""
    environment = os.environ | {"UV_FIND_LINKS": os.environ.get("PIP_FIND_LINKS", ""), "UV_NO_PROGRESS": "1"}
    command = [VENV / "bin" / "uv", *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, **kwargs)
    if answer.returncode:
        raise RuntimeError(answer.stdout + answer.stderr)
    return answer.stdout


def python():
    """The path of its Python. It is made anew when one of the files that it depends on has changed.

    $UNROLLED_BINDER_PYTHON names another to use instead.
    """
    if named := os.environ.get("UNROLLED_BINDER_PYTHON"):
        return Path(named)
    files = [ROOT / name for name in ("environment.yml", "constraints.txt", "pyproject.toml")]
    home = VENV / f"binder-{hashlib.sha256(b''.join(f.read_bytes() for f in files)).hexdigest()[:12]}"
    with (VENV / "binder.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest-xdist: one worker installs, the others wait
        if not (home / "complete").exists():
            for old in VENV.glob("binder-*"):
                shutil.rmtree(old)
            uv("venv", "-q", "--python", VENV / "bin" / "python", home)
            uv("pip", "install", "-q", "--python", home / "bin" / "python", *options(), cwd=ROOT)
            (home / "complete").touch()
    return home / "bin" / "python"


def options():
    """environment.yml's pip part, for uv. PyTorch's index is left out where it cannot be reached."""
    for line in pip_part():
        option, _, value = line.partition(" ")
        if option != "--extra-index-url":
            yield from (option, value)
        elif reachable(value):
            yield from (option, value, "--index-strategy", "unsafe-best-match")


def kernel():
    """A folder for JUPYTER_PATH that has this Python's kernel, `binder`."""
    folder = VENV / "jupyter" / "kernels" / "binder"
    folder.mkdir(parents=True, exist_ok=True)
    argv = [str(python()), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    specification = {"argv": argv, "display_name": "Python 3 as on Binder", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(specification))
    return folder.parents[1]


if __name__ == "__main__":
    try:
        print(kernel())
    except RuntimeError as problem:
        sys.exit(f"Binder's environment cannot be made here:\n{problem}")
