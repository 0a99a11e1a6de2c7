"""Kaggle's Digit Recognizer files, `train.csv` (label, pixel0 … pixel783) and `test.csv` (pixels alone): read, and kept.

An upload is kept as arrays under a hash of its content, so a recipe with that name always means the same images. The name of the
uploaded file becomes the title and nothing else. Any thread may call.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import IO

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.datasets import csv_table
from core.datasets.csv_table import Progress, ignored
from core.datasets.dataset import Dataset
from core.errors import DataError, DatasetMissing, quoted, reason
from core.recipe import UPLOAD_NAME
from core.system import files
from core.system.paths import data_dir
from core.system.settings import upload_mb
from core.text import inert

MIN_ROWS = 20  # a fifth of them is kept for validation
MAX_TITLE_LENGTH = 60
_SHAPES: dict[str, files.Shape] = {"images": (None, SIDE_PX, SIDE_PX), "labels": (None,), "title": ()}
_PIXELS = [f"pixel{place}" for place in range(SIDE_PX**2)]


def read_train(file: str | Path | IO[bytes], *, title: str, report: Progress = ignored) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 28, 28) and labels (n,) of a `train.csv`, both uint8. Columns may be in any order.

    Raises DataError with a sentence that names `title`, and the row and column at fault.
    """
    images, labels = read_labelled(file, title=title, report=report)
    if len(labels) < MIN_ROWS:
        raise DataError(f"{title} has {_rows(len(labels))} below its line of names; training needs {MIN_ROWS} or more. Add rows.")
    if labels.min() == labels.max():
        raise DataError(
            f"All {len(labels):,} labels of {title} are {labels[0]}. There is nothing to tell apart: add rows of another digit."
        )
    return images, labels


def read_labelled(file: str | Path | IO[bytes], *, title: str, report: Progress = ignored) -> tuple[np.ndarray, np.ndarray]:
    """As `read_train`, for any number of rows and any labels from 0 to 9."""
    table = csv_table.read(
        file,
        title=title,
        columns=["label", *_PIXELS],
        highest=[NUM_CLASSES - 1, *[csv_table.MAX_VALUE] * len(_PIXELS)],
        advice="Its columns must be label and pixel0 to pixel783, as in Kaggle's train.csv.",
        max_mb=upload_mb(),
        report=report,
    )
    labels, pixels = table[:, 0].copy(), table[:, 1:]
    return np.ascontiguousarray(pixels).reshape(-1, SIDE_PX, SIDE_PX), labels


def write_labelled(images: np.ndarray, labels: np.ndarray) -> bytes:
    """(n, 28, 28) uint8 images and their (n,) labels as a `train.csv`, which `read_labelled` reads."""
    text = io.StringIO()
    table = np.column_stack([labels, images.reshape(len(labels), SIDE_PX**2)])
    np.savetxt(text, table, fmt="%d", delimiter=",", header=",".join(["label", *_PIXELS]), comments="")
    return text.getvalue().encode()


def read_test(file: str | Path | IO[bytes], *, title: str = "test.csv", report: Progress = ignored) -> np.ndarray:
    """Images (n, 28, 28) uint8 of a `test.csv`, in its order. Raises DataError as `read_train` does."""
    pixels = csv_table.read(
        file,
        title=title,
        columns=_PIXELS,
        highest=[csv_table.MAX_VALUE] * len(_PIXELS),
        advice="Its columns must be pixel0 to pixel783, as in Kaggle's test.csv.",
        max_mb=upload_mb(),
        report=report,
    )
    if not len(pixels):
        raise DataError(f"{title} has no row below its line of names. It needs one row per image.")
    return pixels.reshape(-1, SIDE_PX, SIDE_PX)


def import_train(file: str | Path | IO[bytes], *, filename: str, report: Progress = ignored) -> Dataset:
    """Reads a `train.csv` and keeps it; `load` of the data set's name brings it back. Raises DataError."""
    title = _title(filename)
    images, labels = read_train(file, title=title, report=report)
    name = _name(images, labels)
    _keep(_path(name), images=images, labels=labels, title=np.array(title))
    return load(name)


def delete(name: str) -> None:
    """Removes an upload for good; whatever needs its images says that they are gone. Raises DataError."""
    path = _path(name)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} could not be deleted ({reason(error)}). Correct its permissions.") from None


def load(name: str) -> Dataset:
    """The upload of that name. Raises DatasetMissing where it is not there any more, DataError where its file is damaged."""
    path = _path(name)
    return _load(path, _modified_ns(path))


def uploads() -> list[tuple[str, str]]:
    """(name, title) of each upload that can be opened, newest first."""
    found = []
    for path in (data_dir() / "uploads").glob("csv-*.npz"):
        if UPLOAD_NAME.fullmatch(path.stem):
            try:
                modified_ns = _modified_ns(path)
                found.append((modified_ns, path.stem, _kept_title(path, modified_ns)))
            except DataError:
                continue  # the list holds what can be loaded; `load` says what is wrong with the rest
    return [(name, title) for _, name, title in sorted(found, reverse=True)]


@lru_cache(maxsize=256)  # pages ask for the list several times
def _kept_title(path: Path, modified_ns: int) -> str:
    (title,) = _arrays(path, "title")
    return _title(str(title))


@lru_cache(maxsize=2)  # the one in training and the one that somebody looks at
def _load(path: Path, modified_ns: int) -> Dataset:
    images, labels, kept_title = _arrays(path, "images", "labels", "title")
    whole = images.dtype == labels.dtype == np.uint8 and len(images) == len(labels)
    if not whole or _name(images, labels) != path.stem:
        raise _damaged(path)
    title = _title(str(kept_title))
    return Dataset(path.stem, title, f"Uploaded as {title}: {len(labels):,} labelled images.", images, labels)


def _path(name: str) -> Path:
    if not UPLOAD_NAME.fullmatch(name):  # before it becomes part of a path
        raise DatasetMissing(
            f"There is no uploaded data set {quoted(name)}; expected csv- and twelve hexadecimal digits. Choose another data set."
        )
    return data_dir() / "uploads" / f"{name}.npz"


def _modified_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise DatasetMissing(
            f"The uploaded data set {path.stem} is not here (any more). Upload its file again, or choose other data."
        ) from None


def _name(images: np.ndarray, labels: np.ndarray) -> str:
    digest = hashlib.sha256(images.data)
    digest.update(labels.data)
    return f"csv-{digest.hexdigest()[:12]}"


def _title(filename: str) -> str:
    """A file's name as a title: no folders, one line of plain text, at most 60 characters."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return inert(last)[:MAX_TITLE_LENGTH].strip() or "Uploaded digits"


def _arrays(path: Path, *keys: str) -> list[np.ndarray]:
    """The arrays of those names, and no others, from an `.npz` written by `_keep`."""
    try:
        shapes = {name: shape for name, shape in _SHAPES.items() if name in keys}
        return list(files.load_arrays(path, *keys, shapes=shapes).values())
    except (FileNotFoundError, files.DamagedFile):
        raise _damaged(path) from None


def _keep(path: Path, **arrays: np.ndarray) -> None:
    try:
        files.save_arrays(path, **arrays)
    except OSError as error:
        raise DataError(f"{path} could not be written ({reason(error)}). Free some space or correct its permissions.") from None


def _damaged(path: Path) -> DataError:
    return DataError(f"{path} is damaged: its images are not those that were uploaded. Delete it and upload the file again.")


def _rows(count: int) -> str:
    return "no row" if count == 0 else "1 row" if count == 1 else f"{count} rows"
