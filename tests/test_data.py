"""Data that is damaged, missing, half downloaded or not what it says: each gets a clear answer, none gets used."""

import errno
import hashlib
import importlib.util
import io
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import yaml

from unrolled import data

ROOT = Path(__file__).resolve().parents[1]
BODY = bytes(range(256)) * 4000  # 1 MB, more than fits into any buffer on the way


class Server(BaseHTTPRequestHandler):
    """Answers /good, /cut (closes midway), /wrong (other bytes), anything else with 404; counts what was asked."""

    asked: ClassVar = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path not in ("/good", "/cut", "/wrong"):
            return self.send_error(404)
        body = BODY[::-1] if self.path == "/wrong" else BODY
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.path == "/cut" else body)
        return None

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(Server, "asked", [])
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache and no checkout, as after a plain `pip install`."""
    monkeypatch.delenv("UNROLLED_DATA", raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.setattr(data, "__file__", str(tmp_path / "site-packages" / "unrolled" / "data.py"))
    return tmp_path / "cache" / "unrolled"


def publish(monkeypatch, *urls, body=BODY):
    copies = tuple(data.Copy(len(body), hashlib.sha256(body).hexdigest(), url) for url in urls)
    monkeypatch.setitem(data.FILES, "mnist.npz", copies)


def left_in(folder):
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


# --- The files of the checkout --------------------------------------------------------------------------------


def test_mnist_is_complete():
    mnist = data.mnist()
    assert [array.shape for array in mnist] == [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
    assert {array.dtype for array in mnist} == {np.dtype(np.uint8)}
    assert np.bincount(mnist.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(mnist.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_shakespeare_is_complete():
    text = data.shakespeare()
    assert len(text) == 956846
    assert len(set(text)) == 62
    assert text.startswith("BERNARDO:\nWho's there?")


@pytest.fixture(scope="module")
def recipe():
    spec = importlib.util.spec_from_file_location("make_phrases", ROOT / "data" / "make_phrases.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_phrases_are_what_their_program_makes(recipe):
    rows = [(p.label, p.text, split, p.kind) for split, part in data.phrases().items() for p in part]
    assert sorted(rows) == sorted(recipe.phrases())


def test_the_phrases_keep_what_the_notice_promises():
    splits = data.phrases()
    sizes = {"train": 1200, "validation": 150, "test": 300, "longer": 240, "wild": 60}
    assert {split: len(part) for split, part in splits.items()} == sizes
    for split, part in splits.items():
        assert sum(p.label for p in part) == len(part) / 2
        lengths = [len(p.text.split()) for p in part]
        assert min(lengths) >= 3 and max(lengths) <= (8 if split in ("train", "validation", "test") else 10)
    texts = [p.text for part in splits.values() for p in part]
    assert len(set(texts)) == len(texts)
    seen = {word for p in splits["train"] for word in p.text.split()}
    for split in ("validation", "test", "longer"):
        assert {word for p in splits[split] for word in p.text.split()} <= seen
    assert not {p.kind for p in splits["longer"]} & {p.kind for p in splits["train"]}
    assert any(word not in seen for p in splits["wild"] for word in p.text.split())


def test_each_order_pair_is_the_same_bag_with_opposite_labels():
    for split in ("train", "validation", "test"):
        bags = {}
        for p in data.phrases()[split]:
            if p.kind in ("not-but", "but"):
                bags.setdefault(tuple(sorted(p.text.split())), []).append(p.label)
        assert all(sorted(labels) == [0, 1] for labels in bags.values())
        assert len(bags) == {"train": 240, "validation": 30, "test": 60}[split]


def test_the_rules_of_the_phrases_give_their_labels(recipe):
    """The three rules of the notice, applied to the words alone, without the patterns."""
    for split in ("train", "validation", "test", "longer"):
        for p in data.phrases()[split]:
            words = p.text.split()
            words = words[words.index("but") + 1 :] if "but" in words else words
            turned = bool(set(words) & set(recipe.NEGATORS))
            liked = [w in recipe.POSITIVE for w in words if w in recipe.POSITIVE + recipe.NEGATIVE]
            assert len(set(liked)) == 1 and liked[0] != turned if p.label else liked[0] == turned, p.text


def test_the_notice_and_the_checksum_file_agree_with_the_code():
    sums = dict(line.split()[::-1] for line in (ROOT / "data" / "SHA256SUMS").read_text().splitlines())
    assert sums == {name: copies[-1].sha256 for name, copies in data.FILES.items()}
    notice = (ROOT / "data" / "NOTICE.md").read_text()
    assert all(name in notice for name in data.FILES)
    others = {"NOTICE.md", "SHA256SUMS", "make_phrases.py"}
    assert {f.name for f in (ROOT / "data").iterdir() if f.is_file()} == {*data.FILES, *others}


def test_the_download_address_is_the_books_repository():
    config = yaml.safe_load((ROOT / "book" / "_config.yml").read_text())["repository"]
    owner_and_name = config["url"].removeprefix("https://github.com/")
    assert f"https://raw.githubusercontent.com/{owner_and_name}/{config['branch']}/data/" == data.REPOSITORY


def test_kerass_own_copy_is_welcome_too():
    """Keras names the checksum of the file at its address; ours must be the same, or each download would fail."""
    keras = importlib.util.find_spec("keras")
    if keras is None:
        pytest.skip("Keras is not installed")
    source = (Path(keras.origin).parent / "src" / "datasets" / "mnist.py").read_text()
    mirror = data.FILES["mnist.npz"][0]
    assert mirror.sha256 in source
    assert mirror.url.rpartition("/")[0] + "/" in source


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(data.DataError, match=r"'cifar.npz'; there are mnist.npz, shakespeare.txt, phrases.tsv"):
        data.path("cifar.npz")


# --- Damaged files ----------------------------------------------------------------------------------------------


def damaged(folder, name, change):
    folder.mkdir(parents=True, exist_ok=True)
    content = bytearray((ROOT / "data" / name).read_bytes())
    change(content)
    (folder / name).write_bytes(content)


def flip_one_bit(content):
    content[len(content) // 2] ^= 1


def cut_the_end(content):
    del content[-1:]


def empty(content):
    content.clear()


@pytest.mark.parametrize("change", [flip_one_bit, cut_the_end, empty])
@pytest.mark.parametrize("name", data.FILES)
def test_a_damaged_file_in_the_checkout_is_refused(tmp_path, monkeypatch, name, change):
    damaged(tmp_path / "data", name, change)
    (tmp_path / "code" / "unrolled").mkdir(parents=True)
    monkeypatch.delenv("UNROLLED_DATA", raising=False)
    monkeypatch.setattr(data, "__file__", str(tmp_path / "code" / "unrolled" / "data.py"))
    with pytest.raises(data.DataError) as caught:
        data.path(name)
    size = (tmp_path / "data" / name).stat().st_size
    assert all(f"{copy.size} bytes, sha256 {copy.sha256}" in str(caught.value) for copy in data.FILES[name])
    assert f"found    {size} bytes, sha256 " in str(caught.value)
    assert f"git checkout -- data/{name}" in str(caught.value)


def test_the_named_folder_comes_first_and_is_checked_too(tmp_path, monkeypatch):
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    assert data.path("mnist.npz") == ROOT / "data" / "mnist.npz"  # not in the named folder: the checkout's
    shutil.copy(ROOT / "data" / "mnist.npz", tmp_path)
    assert data.path("mnist.npz") == tmp_path / "mnist.npz"
    damaged(tmp_path, "mnist.npz", cut_the_end)
    with pytest.raises(data.DataError, match="damaged or another file"):
        data.path("mnist.npz")


def test_a_named_folder_that_does_not_exist_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path / "no such folder"))
    with pytest.raises(data.DataError, match=r"UNROLLED_DATA names .*no such folder, which is not a folder"):
        data.path("mnist.npz")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_we_may_not_read_is_an_error(tmp_path, monkeypatch):
    shutil.copy(ROOT / "data" / "shakespeare.txt", tmp_path)
    (tmp_path / "shakespeare.txt").chmod(0)
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    with pytest.raises(data.DataError, match="cannot be read: Permission denied"):
        data.path("shakespeare.txt")


# --- Files with the right checksum and the wrong content: only a changed FILES lets them come this far --------------


def stored(tmp_path, monkeypatch, **arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    (tmp_path / "mnist.npz").write_bytes(buffer.getvalue())
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    publish(monkeypatch, "unused", body=buffer.getvalue())


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, fuse):
        self.fuse = fuse

    def __reduce__(self):
        return Path.touch, (self.fuse,)


def test_a_pickle_inside_is_never_loaded(tmp_path, monkeypatch):
    fuse = tmp_path / "a pickle was loaded"
    stored(tmp_path, monkeypatch, x_train=np.array([Bomb(fuse)], dtype=object))
    with pytest.raises(data.DataError, match="allow_pickle=False"):
        data.mnist()
    assert not fuse.exists()


def test_a_bare_pickle_is_never_loaded(tmp_path, monkeypatch):
    import pickle

    fuse = tmp_path / "a pickle was loaded"
    (tmp_path / "mnist.npz").write_bytes(pickle.dumps(Bomb(fuse)))
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    publish(monkeypatch, "unused", body=(tmp_path / "mnist.npz").read_bytes())
    with pytest.raises(data.DataError, match="cannot be read as MNIST"):
        data.mnist()
    assert not fuse.exists()


def test_missing_arrays_and_wrong_shapes_are_errors(tmp_path, monkeypatch):
    stored(tmp_path, monkeypatch, x_train=np.zeros(3))
    with pytest.raises(data.DataError, match="y_train"):
        data.mnist()
    arrays = {name: np.zeros(3) for name in ("x_train", "y_train", "x_test", "y_test")}
    stored(tmp_path, monkeypatch, **arrays)
    with pytest.raises(data.DataError, match=r"x_train to be uint8 \(60000, 28, 28\), got float64 \(3,\)"):
        data.mnist()


# --- Downloads ----------------------------------------------------------------------------------------------------


def test_a_missing_file_is_downloaded_once(cache, server, monkeypatch, capsys):
    publish(monkeypatch, f"{server}/good")
    assert data.path("mnist.npz").read_bytes() == BODY
    assert "100%" in capsys.readouterr().err  # the progress bar
    assert data.path("mnist.npz") == cache / "mnist.npz"
    assert Server.asked == ["/good"]
    assert left_in(cache) == ["mnist.npz"]


@pytest.mark.parametrize("answer", ["cut", "wrong", "nothing"])
def test_a_failed_download_leaves_nothing_and_says_what_to_do(cache, server, monkeypatch, answer):
    publish(monkeypatch, f"{server}/{answer}")
    with pytest.raises(data.DataError) as caught:
        data.path("mnist.npz")
    for part in (f"{server}/{answer}", f"({len(BODY)} bytes, sha256", "UNROLLED_DATA", "try again"):
        assert part in str(caught.value)
    assert left_in(cache) == []


def test_no_network(cache, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    publish(monkeypatch, "http://127.0.0.1:9/mnist.npz")  # the discard port: nobody listens
    with pytest.raises(data.DataError, match="could not be downloaded"):
        data.path("mnist.npz")
    assert left_in(cache) == []


def test_another_copy_in_the_cache_is_taken_as_it_is(cache, server, monkeypatch):
    other = data.Copy(len(BODY), hashlib.sha256(BODY).hexdigest(), f"{server}/good")
    monkeypatch.setitem(data.FILES, "mnist.npz", (data.Copy(1, "0" * 64, f"{server}/wrong"), other))
    assert data.path("mnist.npz").read_bytes() == BODY
    assert data.path("mnist.npz").read_bytes() == BODY
    assert Server.asked == ["/wrong", "/good"]


def test_the_next_address_is_tried(cache, server, monkeypatch):
    publish(monkeypatch, f"{server}/nothing", f"{server}/cut", f"{server}/wrong", f"{server}/good")
    assert data.path("mnist.npz").read_bytes() == BODY
    assert len(Server.asked) == 4
    assert left_in(cache) == ["mnist.npz"]


@pytest.mark.parametrize("content", [b"", BODY[:1000], BODY[::-1]])
def test_a_damaged_or_half_written_cache_is_fetched_again(cache, server, monkeypatch, content):
    publish(monkeypatch, f"{server}/good")
    cache.mkdir(parents=True)
    (cache / "mnist.npz").write_bytes(content)
    (cache / "tmphalfway").write_bytes(BODY[:1000])  # what a killed download leaves behind is not taken for the file
    assert data.path("mnist.npz").read_bytes() == BODY


def test_a_cache_that_cannot_be_written(cache, server, monkeypatch):
    publish(monkeypatch, f"{server}/good")
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    with pytest.raises(data.DataError, match=r"mnist.npz cannot be written to .*UNROLLED_DATA"):
        data.path("mnist.npz")


def test_a_full_disk(cache, server, monkeypatch):
    publish(monkeypatch, f"{server}/good")

    def full(self, url, output_file, pooch):
        Path(output_file).write_bytes(BODY[:1000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", full)
    with pytest.raises(data.DataError, match="the disk is full"):
        data.path("mnist.npz")
    assert left_in(cache) == []


def test_an_interrupted_download_leaves_nothing(cache, server, monkeypatch):
    publish(monkeypatch, f"{server}/good")

    def interrupted(self, url, output_file, pooch):
        Path(output_file).write_bytes(BODY[:1000])
        raise KeyboardInterrupt

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        data.path("mnist.npz")
    assert left_in(cache) == []


def test_eight_at_once(cache, server, monkeypatch):
    publish(monkeypatch, f"{server}/good")
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: data.path("mnist.npz").read_bytes(), range(8)))
    assert paths == [BODY] * 8
    assert left_in(cache) == ["mnist.npz"]
