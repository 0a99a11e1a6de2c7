"""Data sets that were made from others: kept as a list of their parts with weights, never as images. Any thread may call.

Knows nothing of where the parts come from: `load` is handed what loads them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.uploads import MAX_TITLE_LENGTH
from core.drawing.labelled import digest_of
from core.errors import DataError, DatasetMissing, quoted, reason
from core.recipe import MERGED_NAME, SOURCES, UPLOAD_NAME
from core.system.files import atomic_write
from core.system.paths import data_dir
from core.text import inert

MOST_WEIGHT, MOST_PARTS = 50, 8
_MOST_USED = 500_000  # images in an epoch, 392 MB, unless the parts have more by themselves
_LONGEST = 4000  # bytes of a kept list


class Part(NamedTuple):
    """A data set by its name, and how often an epoch uses each of its training images."""

    name: str
    weight: int


class Merged(NamedTuple):
    """What is kept of a merged data set."""

    title: str
    parts: tuple[Part, ...]


def keep(parts: Sequence[Part], title: str) -> str:
    """Keeps the list under a name made of it, which comes back. Raises DataError for parts that cannot be merged."""
    kept = Merged(inert(title)[:MAX_TITLE_LENGTH].strip() or "Merged digits", tuple(Part(*part) for part in parts))
    _check(kept.parts)
    path = _path(_name(kept.parts))
    try:
        with atomic_write(path) as handle:
            handle.write(json.dumps({"title": kept.title, "parts": kept.parts}).encode())
    except OSError as error:
        raise DataError(f"{path} could not be written ({reason(error)}). Free some space or correct its permissions.") from None
    return path.stem


def delete(name: str) -> None:
    """Removes the list; its parts stay. Raises DataError."""
    path = _path(name)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} could not be deleted ({reason(error)}). Correct its permissions.") from None


def all_kept() -> dict[str, Merged]:
    """Name -> list of each merged data set that can be read, newest first, whether its parts are at hand or not."""
    found = []
    for path in (data_dir() / "uploads").glob("mix-*.json"):
        try:
            if MERGED_NAME.fullmatch(path.stem):
                modified_ns = _modified_ns(path)
                found.append((modified_ns, path.stem, _read(path, modified_ns)))
        except DataError:
            continue  # `load` says what is wrong with it
    return {name: kept for _, name, kept in sorted(found, reverse=True)}


def load(name: str, at_hand: Collection[str], load_part: Callable[[str], Dataset]) -> Dataset:
    """The merged data set; `at_hand` are the names that `load_part` can load. Raises DatasetMissing where the list or a part is
    gone, DataError where the list is damaged.
    """
    path = _path(name)
    modified_ns = _modified_ns(path)
    kept = _read(path, modified_ns)
    if gone := [part.name for part in kept.parts if part.name not in at_hand]:
        which = SOURCES.get(gone[0], f"the uploaded data set {gone[0]}")
        raise DatasetMissing(
            f"{kept.title} was merged from others, and {which} is not here (any more). Bring it again, or choose other data."
        )
    return _load(path, modified_ns, load_part)


@lru_cache(maxsize=2)
def _load(path: Path, modified_ns: int, load_part: Callable[[str], Dataset]) -> Dataset:
    """Each image once: of copies the first, with its label, and with the weights of all of them added up. So no copy of a
    validation image is ever trained on.
    """
    kept = _read(path, modified_ns)
    parts = [(load_part(part.name), part.weight) for part in kept.parts]
    place: dict[str, int] = {}
    images: list[np.ndarray] = []
    labels: list[int] = []
    weights: list[int] = []
    num_copies = num_other_label = 0
    for dataset, weight in parts:
        new = []
        for row, (digest, label) in enumerate(zip(map(digest_of, dataset.images), dataset.labels.tolist(), strict=True)):
            if digest in place:
                first = place[digest]
                weights[first] += weight
                num_copies += 1
                num_other_label += labels[first] != label
            else:
                place[digest] = len(labels)
                labels.append(label)
                weights.append(weight)
                new.append(row)
        images.append(dataset.images if len(new) == len(dataset) else dataset.images[new])
    if sum(weights) > max(_MOST_USED, len(weights)):
        raise DataError(
            f"With these weights an epoch would use up to {sum(weights):,} images; {_MOST_USED:,} are the most. Lower a weight."
        )
    said = ", ".join(f"{dataset.title} ({len(dataset):,} images, {weight} x)" for dataset, weight in parts)
    once = f" Of copies of an image one is kept: {num_copies:,} left out" * bool(num_copies)
    other = f", {num_other_label:,} with another label than the first" * bool(num_other_label)
    return Dataset(
        name=path.stem,
        title=kept.title,
        provenance=f"Merged from {said}.{once}{other}{'.' * bool(num_copies)}",
        images=np.concatenate(images),
        labels=np.array(labels, np.uint8),
        weights=np.array(weights, np.int64),
    )


@lru_cache(maxsize=256)
def _read(path: Path, modified_ns: int) -> Merged:
    damaged = DataError(f"{path} is damaged: it does not say from what it was merged. Delete it, and merge the sets again.")
    try:
        with path.open("rb") as handle:
            found = json.loads(handle.read(_LONGEST))
        parts = tuple(Part(str(name), int(weight)) for name, weight in found["parts"])
        title = inert(str(found["title"]))[:MAX_TITLE_LENGTH]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise damaged from None
    if _name(parts) != path.stem:
        raise damaged
    _check(parts)
    return Merged(title, parts)


def _check(parts: Sequence[Part]) -> None:
    names = [part.name for part in parts]
    if not 2 <= len(parts) <= MOST_PARTS or len(set(names)) < len(names):
        raise DataError(f"{len(set(names))} data sets were chosen; 2 to {MOST_PARTS} different ones can be merged.")
    for part in parts:
        if not (part.name in SOURCES or UPLOAD_NAME.fullmatch(part.name)):
            raise DataError(f"{quoted(part.name)} cannot be merged. Choose built-in or uploaded data sets, not merged ones.")
        if not 1 <= part.weight <= MOST_WEIGHT:
            raise DataError(f"A weight is {part.weight}; it must be a whole number from 1 to {MOST_WEIGHT}.")


def _name(parts: Sequence[Part]) -> str:
    listed = json.dumps([[part.name, part.weight] for part in parts])
    return f"mix-{hashlib.sha256(listed.encode()).hexdigest()[:12]}"


def _path(name: str) -> Path:
    if not MERGED_NAME.fullmatch(name):  # before it becomes part of a path
        raise DatasetMissing(
            f"There is no merged data set {quoted(name)}; expected mix- and twelve hexadecimal digits. Choose another data set."
        )
    return data_dir() / "uploads" / f"{name}.json"


def _modified_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise DatasetMissing(
            f"The merged data set {path.stem} is not here (any more). Merge its parts again, or choose other data."
        ) from None
