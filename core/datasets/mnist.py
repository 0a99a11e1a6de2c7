"""MNIST, from a file or downloaded once. Any thread may call. The arrays are checked against the checksums of the original files,
so a partial download or a flipped bit never reaches training (0.5 s for the training images, once per process).
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.mnist_files import PARTS, X_TEST, X_TRAIN, Y_TEST, Y_TRAIN, NotMNIST, Part, read
from core.errors import DataError, DatasetMissing, DownloadError, reason
from core.recipe import SOURCES
from core.system.files import atomic_write
from core.system.paths import data_dir, mnist_location

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"  # the file that Keras downloads
DOWNLOAD_BYTES = 11_490_434
RECIPE_ROWS = 42_000  # as many as Kaggle's train.csv has
_MAX_DOWNLOAD_BYTES = 64 * 2**20
_MOST_LATE_S = 20.0  # behind the slowest line on which a download may go on
_AUTHORS = "Y. LeCun, C. Cortes and C. Burges; CC BY-SA 3.0"


class _File(NamedTuple):
    """Path, modification time and size: a cache key, so that a replaced file is read again."""

    path: Path
    modified_ns: int
    num_bytes: int


def load() -> Dataset:
    """The 60,000 training images. Raises DatasetMissing, or DataError where the file is not MNIST."""
    return _train(_find(X_TRAIN), _find(Y_TRAIN))


def load_recipe_split() -> Dataset:
    """The first 42,000 training images, which stand in for Kaggle's `train.csv`. They are `load()`'s arrays, not copies."""
    return _recipe_split(_find(X_TRAIN), _find(Y_TRAIN))


def load_test() -> Dataset:
    """The 10,000 test images: for final figures, never for a choice. Raises as `load` does."""
    return _test(_find(X_TEST), _find(Y_TEST))


def available() -> bool:
    """Whether files of the right names are there. Only `load` checks their content."""
    try:
        return all(_find(part) for part in PARTS)
    except DataError:
        return False


def fetch(
    progress: Callable[[int, int], None], *, url: str = URL, timeout_s: float = 5.0, slowest_bytes_per_s: float = 2000.0
) -> None:
    """Downloads `mnist.npz` into the data folder, where it appears only whole and checked. Raises DownloadError.

    `progress` gets (bytes so far, bytes in all); an exception from it ends the download and leaves nothing behind. pooch is
    not used: it sets no limit on size and time, and the check of the arrays, the progress and the messages would still be
    needed.
    """
    content, expected, began = io.BytesIO(), DOWNLOAD_BYTES, time.monotonic()
    with closing(_chunks(url, timeout_s)) as chunks:
        for chunk, expected in chunks:
            content.write(chunk)
            if max(content.tell(), expected) > _MAX_DOWNLOAD_BYTES:
                raise _failed(url, f"the answer is larger than {_MAX_DOWNLOAD_BYTES >> 20} MB")
            late_s = time.monotonic() - began - content.tell() / slowest_bytes_per_s
            if late_s > _MOST_LATE_S:
                raise _failed(url, f"it is too slow, {content.tell():,} bytes in {time.monotonic() - began:.0f} s")
            progress(content.tell(), expected)
    num_bytes = content.tell()
    try:
        for part in PARTS:
            content.seek(0)
            read(part, content)
    except NotMNIST:
        short = f"the connection broke off after {num_bytes:,} of {expected:,} bytes"
        raise _failed(url, short if num_bytes < expected else "what arrived is not MNIST") from None
    try:
        with atomic_write(data_dir() / "mnist.npz") as handle:
            handle.write(content.getbuffer())
    except OSError as error:
        raise _failed(url, f"the data folder cannot be written to ({reason(error)})") from None


@lru_cache(maxsize=1)
def _train(images: _File, labels: _File) -> Dataset:
    provenance = f"MNIST's 60,000 training images ({_AUTHORS})."
    return Dataset("mnist", SOURCES["mnist"], provenance, _array(X_TRAIN, images), _array(Y_TRAIN, labels))


@lru_cache(maxsize=1)
def _recipe_split(images: _File, labels: _File) -> Dataset:
    whole = _train(images, labels)
    provenance = f"The first {RECIPE_ROWS:,} of MNIST's training images, as many as Kaggle's train.csv has ({_AUTHORS})."
    return Dataset("recipe-split", SOURCES["recipe-split"], provenance, whole.images[:RECIPE_ROWS], whole.labels[:RECIPE_ROWS])


@lru_cache(maxsize=1)
def _test(images: _File, labels: _File) -> Dataset:
    provenance = f"MNIST's 10,000 test images ({_AUTHORS})."
    return Dataset("mnist-test", "MNIST, test images", provenance, _array(X_TEST, images), _array(Y_TEST, labels))


def _find(part: Part) -> _File:
    location = mnist_location()
    try:
        folder = location.is_dir()
        for path in [location / name for name in part.idx_names()] if folder else [location]:
            if path.is_file():
                status = path.stat()
                return _File(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise _unreadable(location, error) from None
    if location == data_dir() / "mnist.npz":
        raise DatasetMissing(
            "MNIST has not been downloaded yet. Run 'python -m core data fetch mnist' (11 MB), or set DIGITLAB_MNIST to the path "
            "of a copy."
        )
    raise DatasetMissing(
        f"DIGITLAB_MNIST names {location}, where there is no {f'file {part.idx_names()[0]}' if folder else 'file'}. Let it name "
        "an mnist.npz or a folder with the four IDX files, or unset it to use a downloaded copy."
    )


def _array(part: Part, file: _File) -> np.ndarray:
    try:
        with open(file.path, "rb") as stream:
            return read(part, stream)
    except NotMNIST:
        raise DataError(
            f"{file.path} is damaged or is not MNIST: its {part.key} differs from the original. "
            "Delete the file and download MNIST again, or let DIGITLAB_MNIST name another copy."
        ) from None
    except OSError as error:
        raise _unreadable(file.path, error) from None


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path} cannot be read ({reason(error)}). Check the file and its permissions.")


def _chunks(url: str, timeout_s: float) -> Generator[tuple[bytes, int], None, None]:
    """Pieces of the answer as they arrive, each with the size of the whole. Raises DownloadError."""
    try:
        with urllib.request.urlopen(url, timeout=timeout_s) as response:
            expected = int(response.headers.get("Content-Length") or DOWNLOAD_BYTES)
            # read1 returns as soon as one packet is there. On a slow line, read would delay progress and with it cancelling.
            while chunk := response.read1(2**16):
                yield chunk, expected
    except urllib.error.HTTPError as error:
        error.close()
        raise _failed(url, f"the server answered {error.code} {error.reason}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise _failed(url, f"the server did not answer within {timeout_s:g} s") from None
        if isinstance(reason, ssl.SSLError):
            raise _failed(url, "the connection could not be secured") from None
        raise _failed(url, "there is no connection, or it broke off") from None


def _failed(url: str, what: str) -> DownloadError:
    return DownloadError(
        f"MNIST could not be downloaded from {urlsplit(url).netloc}: {what}. The built-in digits stay in use; try again later, "
        "or let DIGITLAB_MNIST name a copy of mnist.npz."
    )
