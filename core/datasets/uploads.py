"""Data sets that people brought: kept as arrays under a hash of their content, so that a recipe with that name always means the
same images. The name of the file becomes the title and nothing else. Any thread may call.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.constants import SIDE_PX
from core.datasets.dataset import Dataset
from core.errors import DataError, DatasetMissing, quoted, reason
from core.recipe import UPLOAD_NAME
from core.system import files
from core.system.paths import data_dir
from core.text import inert

MAX_TITLE_LENGTH = 60
_MAX_FOUND_LENGTH = 400
_SHAPES: dict[str, files.Shape] = {"images": (None, SIDE_PX, SIDE_PX), "labels": (None,), "title": ()}


def keep(
    images: np.ndarray,
    labels: np.ndarray,
    *,
    filename: str,
    found: str = "",
    reading: str = "",
    groups: np.ndarray | None = None,
) -> Dataset:
    """Keeps images (n, 28, 28) and labels (n,), both uint8, and who wrote them, `groups` (n,) text; `load` of the data set's name
    brings them back.

    `found` says in which form they came, and `reading` what was done to their values, empty where they were taken as they stood:
    it is part of what the name is made of. Raises DataError where they cannot be written.
    """
    by_whom = None if groups is None else np.unique(groups, return_inverse=True)[1].astype(np.int32)
    name = _name(images, labels, reading, by_whom)
    texts = {"title": title(filename), "found": found[:_MAX_FOUND_LENGTH], "reading": reading}
    known = {} if by_whom is None else {"groups": by_whom}
    _keep(_path(name), images=images, labels=labels, **known, **{key: np.array(text) for key, text in texts.items()})
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


def num_images(name: str) -> int:
    """How many images the upload has; its images are not read for it. Raises as `load` does."""
    path = _path(name)
    return _num_images(path, _modified_ns(path))


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
    return [(name, called) for _, name, called in sorted(found, reverse=True)]


@lru_cache(maxsize=256)  # pages ask for the list several times
def _kept_title(path: Path, modified_ns: int) -> str:
    (kept,) = _arrays(path, "title")
    return title(str(kept))


@lru_cache(maxsize=256)
def _num_images(path: Path, modified_ns: int) -> int:
    (labels,) = _arrays(path, "labels")
    return len(labels)


@lru_cache(maxsize=2)  # the one in training and the one that somebody looks at
def _load(path: Path, modified_ns: int) -> Dataset:
    images, labels, kept_title, found, reading, kept_groups = _arrays(
        path, "images", "labels", "title", "found", "reading", "groups"
    )
    groups = kept_groups if kept_groups.shape else None
    whole = images.dtype == labels.dtype == np.uint8 and len(images) == len(labels)
    told = groups is None or (groups.dtype == np.int32 and groups.shape == labels.shape)
    if not (whole and told) or _name(images, labels, str(reading), groups) != path.stem:
        raise _damaged(path)
    called = title(str(kept_title))
    how = f" Found: {inert('; '.join(filter(None, (str(found), str(reading)))))}." if str(found) else ""
    return Dataset(
        path.stem, called, f"Uploaded as {called}: {len(labels):,} labelled images.{how}", images, labels, groups=groups
    )


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


def _name(images: np.ndarray, labels: np.ndarray, reading: str, groups: np.ndarray | None) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(images).data)
    digest.update(np.ascontiguousarray(labels).data)
    digest.update(reading.encode())
    if groups is not None:
        digest.update(np.ascontiguousarray(groups).data)
    return f"csv-{digest.hexdigest()[:12]}"


def title(filename: str) -> str:
    """A file's name as a title: no folders, one line of plain text, at most 60 characters."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return inert(last)[:MAX_TITLE_LENGTH].strip() or "Uploaded digits"


def _arrays(path: Path, *keys: str) -> list[np.ndarray]:
    """The arrays of those names, and no others, from an `.npz` written by `_keep`; texts and groups that it has not are empty."""
    try:
        there = files.array_names(path)
        shapes = {name: shape for name, shape in _SHAPES.items() if name in keys}
        arrays = files.load_arrays(path, *(key for key in keys if key in there or key in _SHAPES), shapes=shapes)
        return [arrays.get(key, np.array("")) for key in keys]
    except (FileNotFoundError, files.DamagedFile):
        raise _damaged(path) from None


def _keep(path: Path, **arrays: np.ndarray) -> None:
    try:
        files.save_arrays(path, **arrays)
    except OSError as error:
        raise DataError(f"{path} could not be written ({reason(error)}). Free some space or correct its permissions.") from None


def _damaged(path: Path) -> DataError:
    return DataError(f"{path} is damaged: its images are not those that were uploaded. Delete it and upload the file again.")
