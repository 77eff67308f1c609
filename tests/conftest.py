"""What more than one test file needs."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

import alone
import binder
import chromium
from built_site import QUIET, SITE, build


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than ten seconds; leave out with -m 'not slow'")


def pytest_collection_modifyitems(items):
    """For pytest-xdist's loadgroup: what shares a fixture or an import stays together, and the longest comes first."""
    waiting = {item: order(item) for item in items}
    for item, turn in waiting.items():
        if turn == FILES and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=waiting.get)


NOTEBOOKS, SLOW, FILES, PAGES = range(4)  # short ones last, so that both workers end at the same time


def order(item):
    if not isinstance(item, pytest.Function):
        return NOTEBOOKS
    shared = any(found[-1].scope == "module" for found in item._fixtureinfo.name2fixturedefs.values())
    if shared or item.get_closest_marker("xdist_group"):
        return FILES
    if item.get_closest_marker("slow"):
        return SLOW
    return PAGES if "browser" in item.fixturenames else FILES


@pytest.fixture(scope="session")
def binder_python():
    return binder.python()


@pytest.fixture(scope="session")
def site():
    """The folder of the built site, which is never older than its sources."""
    build()
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
def drawer():
    """Node, drawing living pictures: a question for alone.drawn."""
    with alone.node() as process:
        yield process


@pytest.fixture(scope="session")
def browser():
    path = chromium.find()
    assert path, "no Chromium: `make test` installs one, or set UNROLLED_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
