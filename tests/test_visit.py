"""What a visit to a page complains of: every real failure, and nothing that the page itself took back."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from built_site import visit


@pytest.fixture
def host():
    """A server whose /slow.png never comes and whose /cut.png breaks off; `arrived` is set when one was asked for."""
    arrived, over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.endswith(".png"):
                arrived.set()
            if self.path == "/slow.png":
                over.wait()
            elif self.path == "/gone.png":
                self.send_error(404)
            else:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", "1000" if self.path == "/cut.png" else "0")
                self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.arrived, server.address = arrived, f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    over.set()
    server.shutdown()


SHOW = "url => new Promise((done) => { const image = new Image(); image.onerror = done; image.src = url; })"


@pytest.mark.parametrize("leave", ["reload", "go elsewhere", "close"])
def test_what_the_page_takes_back_is_no_complaint(browser, host, leave):
    with visit(browser, f"{host.address}/") as seen:
        failed = []
        seen.page.on("requestfailed", lambda request: failed.append(request.url))
        seen.page.evaluate("() => { new Image().src = '/slow.png'; }")
        assert host.arrived.wait(60)
        if leave == "reload":
            seen.page.reload()
        elif leave == "close":
            seen.page.close()
        else:
            seen.page.goto(f"{host.address}/elsewhere")
        assert leave == "close" or failed == [f"{host.address}/slow.png"]  # the browser does call it a failure
        assert not seen.complaints
        assert not seen.foreign


def refused():
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/image.png"


@pytest.mark.parametrize(
    ("image", "words", "foreign"),
    [
        ("/gone.png", "404", False),
        ("/cut.png", "ERR_CONTENT_LENGTH_MISMATCH", False),
        (refused, "ERR_CONNECTION_REFUSED", False),
        ("http://example.org/image.png", "ERR_NAME_NOT_RESOLVED", True),
        ("http://192.0.2.1/image.png", "ERR_NAME_NOT_RESOLVED", True),
    ],
)
def test_a_real_failure_is_a_complaint(browser, host, image, words, foreign):
    image = image() if callable(image) else image
    with visit(browser, f"{host.address}/") as seen:
        seen.page.evaluate(SHOW, image)
        seen.page.reload()
        assert any(words in complaint for complaint in seen.complaints)
        assert seen.foreign == [image] * foreign


def test_an_error_of_the_pages_own_is_a_complaint(browser, host):
    with visit(browser, f"{host.address}/") as seen:
        seen.page.evaluate("() => { setTimeout(() => { throw new Error('of its own'); }); console.error('said'); }")
        seen.settle()
        assert [words in str(seen.complaints) for words in ("of its own", "said")] == [True, True]


def test_a_page_at_rest_has_no_timer_left(browser, host):
    with visit(browser, f"{host.address}/") as seen:
        chain = "() => setTimeout(() => setTimeout(() => { document.title = 'done'; }, 300), 300)"
        seen.page.evaluate(chain)
        seen.settle()
        assert seen.page.title() == "done"
