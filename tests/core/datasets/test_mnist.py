import contextlib
import gzip
import struct
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from core import datasets
from core.datasets import mnist as source
from core.errors import DataError, DatasetMissing, DownloadError

IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels.idx1-ubyte.gz",
    "x_test": "t10k-images.idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}


def write_idx(folder: Path, archive: Path) -> None:
    folder.mkdir()
    with np.load(archive) as arrays:
        for key, name in IDX_NAMES.items():
            array = arrays[key]
            content = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
            (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


def damage(path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(content)
    monkeypatch.setenv("DIGITLAB_MNIST", str(path))


def test_the_sets_have_mnists_sizes_and_first_labels(mnist):
    train, test = source.load(), source.load_test()
    assert (train.name, len(train), train.labels[:5].tolist()) == ("mnist", 60_000, [5, 0, 4, 1, 9])
    assert (test.name, len(test), test.labels[:5].tolist()) == ("mnist-test", 10_000, [7, 2, 1, 0, 4])
    assert source.available()


def test_the_recipe_split_is_the_beginning_and_not_a_copy(mnist):
    whole, split = source.load(), source.load_recipe_split()
    assert len(split) == 42_000
    assert np.shares_memory(split.images, whole.images)
    np.testing.assert_array_equal(split.labels, whole.labels[:42_000])


def test_a_second_load_gives_the_same_object(mnist):
    assert source.load() is source.load() is datasets.load("mnist")


def test_a_folder_of_idx_files_in_any_spelling_is_the_same_mnist(mnist, tmp_path, monkeypatch):
    expected, expected_test = source.load(), source.load_test()
    write_idx(tmp_path / "idx", mnist)
    monkeypatch.setenv("DIGITLAB_MNIST", str(tmp_path / "idx"))
    assert source.available()
    assert source.load() is not expected
    np.testing.assert_array_equal(source.load().images, expected.images)
    np.testing.assert_array_equal(source.load_test().labels, expected_test.labels)


def test_missing_mnist_says_how_to_get_it(data_dir):
    assert not source.available()
    with pytest.raises(DatasetMissing, match="python -m core data fetch mnist"):
        source.load()


def test_an_incomplete_folder_names_the_file_that_it_lacks(data_dir, tmp_path, monkeypatch):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"")
    monkeypatch.setenv("DIGITLAB_MNIST", str(tmp_path))
    assert not source.available()
    with pytest.raises(DatasetMissing, match="train-labels-idx1-ubyte"):
        source.load()


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 nothing more", b"\x1f\x8b\x08", b"a page of text", b"\0" * 60_000])
def test_a_file_that_is_no_mnist_is_named(content, data_dir, tmp_path, monkeypatch):
    damage(tmp_path / "odd.npz", content, monkeypatch)
    with pytest.raises(DataError, match="odd.npz is damaged or is not MNIST"):
        source.load()


def test_other_arrays_under_mnists_names_are_refused(data_dir):
    images, labels = np.zeros((100, 28, 28), np.uint8), np.zeros(100, np.uint8)
    np.savez(data_dir / "mnist.npz", x_train=images, y_train=labels)
    with pytest.raises(DataError, match="its x_train differs from the original"):
        source.load()


def test_a_cut_or_flipped_file_is_refused_and_its_repair_is_noticed(mnist, tmp_path, monkeypatch):
    whole = mnist.read_bytes()
    flipped = bytearray(whole)
    flipped[5_000_000] ^= 1
    for content in (whole[:-1_000], bytes(flipped)):
        damage(tmp_path / "mnist.npz", content, monkeypatch)
        with pytest.raises(DataError, match="damaged"):
            source.load()
    damage(tmp_path / "mnist.npz", whole, monkeypatch)
    assert len(source.load()) == 60_000


# Fetching, from a server of our own on this machine

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(ConnectionError):
                answer(self)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/mnist.npz"
        finally:
            server.shutdown()
            thread.join()


def sending(content: bytes, *, status: int = 200, announced: int | None = None) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content) if announced is None else announced))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@pytest.fixture
def direct(data_dir, monkeypatch) -> Path:
    """The data folder; and no proxy stands between the tests and their server."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return data_dir


def ignore(num_bytes: int, expected: int) -> None:
    pass


def test_a_download_is_reported_checked_kept_and_loaded(mnist, direct, monkeypatch):
    reports = []
    with serving(sending(mnist.read_bytes())) as url:
        source.fetch(lambda *report: reports.append(report), url=url)
    size = mnist.stat().st_size
    assert reports[-1] == (size, size)
    assert [so_far for so_far, _ in reports] == sorted({so_far for so_far, _ in reports})
    monkeypatch.delenv("DIGITLAB_MNIST")
    assert [path.name for path in direct.iterdir()] == ["mnist.npz"]
    assert len(source.load()) == 60_000


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (sending(b"no such thing", status=404), "answered 404"),
        (sending(b"busy", status=503), "answered 503"),
        (sending(b"<html>Log in to this network</html>"), "what arrived is not MNIST"),
        (sending(b""), "broke off after 0 of 11,490,434 bytes"),
        (sending(b"PK\x03\x04half", announced=1_000), "broke off after 8 of 1,000 bytes"),
        (sending(b"PK", announced=10**9), "larger than 64 MB"),
        (lambda handler: None, "there is no connection, or it broke off"),
    ],
)
def test_a_failed_download_says_why_and_leaves_nothing(answer, words, direct):
    with serving(answer) as url, pytest.raises(DownloadError, match=words) as caught:
        source.fetch(ignore, url=url)
    assert "built-in digits stay in use" in str(caught.value)
    assert list(direct.iterdir()) == []


def test_a_silent_server_is_given_up(direct):
    over = threading.Event()
    with serving(lambda handler: over.wait(30) and None) as url:
        with pytest.raises(DownloadError, match="did not answer within 0.2 s"):
            source.fetch(ignore, url=url, timeout_s=0.2)
        over.set()


def test_a_server_that_falls_silent_halfway_is_given_up(direct):
    over = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        sending(b"PK\x03\x04", announced=1_000)(handler)
        handler.wfile.flush()
        over.wait(30)

    with serving(answer) as url:
        with pytest.raises(DownloadError, match="did not answer within 0.2 s"):
            source.fetch(ignore, url=url, timeout_s=0.2)
        over.set()


def test_no_server_at_all_is_one_sentence(direct):
    with serving(sending(b"")) as url:
        host = urllib.parse.urlsplit(url).netloc
    with pytest.raises(DownloadError, match=f"could not be downloaded from {host}: there is no connection"):
        source.fetch(ignore, url=url)


def test_a_cancelled_download_leaves_nothing(direct):
    class Cancelled(Exception):
        pass

    def cancel(num_bytes: int, expected: int) -> None:
        raise Cancelled

    with serving(sending(b"PK" * 10_000)) as url, pytest.raises(Cancelled):
        source.fetch(cancel, url=url)
    assert list(direct.iterdir()) == []
