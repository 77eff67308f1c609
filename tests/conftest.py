"""What more than one test file needs."""

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import sync_playwright

import chromium
from built_site import QUIET, ROOT, SITE

UV = ROOT / ".venv" / "bin" / "uv"


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than ten seconds; leave out with -m 'not slow'")


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
    """Run uv with pip's folder of local wheels; return what it printed, or fail with all of it."""
    environment = os.environ | {"UV_FIND_LINKS": os.environ.get("PIP_FIND_LINKS", ""), "UV_NO_PROGRESS": "1"}
    answer = subprocess.run([UV, *map(str, arguments)], capture_output=True, text=True, env=environment, **kwargs)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture(scope="session")
def binder_python():
    """Python of a new virtual environment with environment.yml's pip part: what Binder and conda users get.

    It is made once for each state of the files it depends on, and kept in .venv. $UNROLLED_BINDER_PYTHON names
    another to use instead.
    """
    if named := os.environ.get("UNROLLED_BINDER_PYTHON"):
        return Path(named)
    files = [ROOT / name for name in ("environment.yml", "constraints.txt", "pyproject.toml")]
    home = ROOT / ".venv" / f"binder-{hashlib.sha256(b''.join(f.read_bytes() for f in files)).hexdigest()[:12]}"
    python = home / "bin" / "python"
    with (ROOT / ".venv" / "binder.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest-xdist: one worker installs, the others wait
        if not (home / "complete").exists():
            for old in (ROOT / ".venv").glob("binder-*"):
                shutil.rmtree(old)
            options = []
            for line in pip_part():
                option, _, value = line.partition(" ")
                if option != "--extra-index-url":
                    options += [option, value]
                elif reachable(value):
                    options += [option, value, "--index-strategy", "unsafe-best-match"]
                elif not list(Path(os.environ.get("PIP_FIND_LINKS") or "/nowhere").glob("torch-*")):
                    pytest.skip(f"{value} cannot be reached, and PIP_FIND_LINKS has no torch")
            uv("venv", "-q", "--python", ROOT / ".venv" / "bin" / "python", home)
            uv("pip", "install", "-q", "--python", python, *options, cwd=ROOT)
            (home / "complete").touch()
    return python


@pytest.fixture(scope="session")
def site():
    if not (SITE / "index.html").exists():
        subprocess.run(["make", "book"], cwd=ROOT, check=True)
    return SITE


@pytest.fixture(scope="session")
def serve():
    """A function that serves a folder on a free port of this machine and returns the address."""
    servers = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    def start(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="session")
def address(site, serve):
    return serve(site)


@pytest.fixture(scope="session")
def browser():
    path = chromium.find()
    assert path, "no Chromium: `make test` installs one, or set UNROLLED_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
