"""What more than one test file needs."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright
from xdist.scheduler import LoadScopeScheduling

import alone
import binder
import chromium
from built_site import QUIET, SITE, build


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than ten seconds; leave out with -m 'not slow'")


# These read many pages, one in each case: their cases are dealt out one by one, all other files as a whole.
PAGE_BY_PAGE = [f"tests/test_{name}.py" for name in ("live_code", "page", "site", "exercises_page")]


class Units(LoadScopeScheduling):
    """What pytest-xdist hands to a worker in one piece: what shares fixtures, imports or a kernel."""

    def _split_scope(self, nodeid):
        file, _, case = nodeid.partition("::")
        return nodeid if file in PAGE_BY_PAGE and "[chapters/" in case else file


def pytest_xdist_make_scheduler(config, log):
    return Units(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(items):
    """The notebooks first, then the files with slow tests; what is short comes last, so that no worker waits long."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def turn(item):
        alone = Units._split_scope(None, item.nodeid) == item.nodeid
        slowly = item.get_closest_marker("slow") if alone else item.path in slow
        return isinstance(item, pytest.Function), not slowly, alone

    items.sort(key=turn)


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
