"""Where labelled digits come from: one table of sources, name -> how to load it. Any thread may call; what was loaded once is
kept, so a second call costs nothing and gives the same object.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from core.datasets import dataset as cut
from core.datasets import merged, mnist, uploads
from core.datasets.dataset import Dataset, Split, num_validation_images, rows, split
from core.errors import DatasetMissing, quoted
from core.recipe import MERGED_NAME, SOURCES, UPLOAD_NAME

__all__ = [
    "Dataset",
    "Split",
    "available",
    "delete",
    "first",
    "has_groups",
    "is_at_hand",
    "load",
    "num_images",
    "num_training_images",
    "num_validation_images",
    "rows",
    "split",
    "title",
    "unmerged",
]

_LOCK = threading.Lock()  # two threads that ask at once would otherwise read the same file twice


class _Source(NamedTuple):
    load: Callable[[], Dataset]
    available: Callable[[], bool]
    num_images: int


@cache
def _load_digits() -> Dataset:
    from core.datasets import digits  # on use: whoever trains on MNIST has no need of scikit-learn's images

    return digits.load()


_SOURCES = {
    "digits": _Source(_load_digits, lambda: True, 1_797),
    "mnist": _Source(mnist.load, mnist.available, 60_000),
    "recipe-split": _Source(mnist.load_recipe_split, mnist.available, 42_000),
}


def load(name: str) -> Dataset:
    """The data set that a recipe's `dataset` field names. Raises DatasetMissing, or DataError where its file is damaged.

    A failure is not kept: the next call looks again.
    """
    with _LOCK:
        if MERGED_NAME.fullmatch(name):
            return merged.load(name, dict(unmerged()), _load)
        return _load(name)


def _load(name: str) -> Dataset:
    if name in _SOURCES:
        return _SOURCES[name].load()
    if UPLOAD_NAME.fullmatch(name):
        return uploads.load(name)
    raise DatasetMissing(
        f"There is no data set {quoted(name)}. The names are {', '.join(_SOURCES)}, csv-… for an upload, mix-… for a merged one."
    )


def unmerged() -> list[tuple[str, str]]:
    """(name, title) of the data sets at hand that are not merged from others: the built-in ones, then uploads, newest first."""
    built_in = [(name, SOURCES[name]) for name, source in _SOURCES.items() if source.available()]
    return built_in + uploads.uploads()


def available() -> list[tuple[str, str]]:
    """(name, title) of whatever `load` can give now: those of `unmerged`, then merged ones, newest first."""
    single = unmerged()
    names = dict(single)
    kept = merged.all_kept().items()
    return single + [(name, each.title) for name, each in kept if all(part.name in names for part in each.parts)]


def first() -> str:
    """The data set to begin with: MNIST with the 2018 split where MNIST is at hand, else the built-in digits."""
    return "recipe-split" if _SOURCES["recipe-split"].available() else "digits"


def is_at_hand(name: str) -> bool:
    """Whether `load` could give it now, without loading it."""
    return any(name == known for known, _ in available())


def has_groups(name: str) -> bool:
    """Whether the data set is at hand and tells who wrote each image: only an upload can."""
    return bool(UPLOAD_NAME.fullmatch(name)) and is_at_hand(name) and load(name).groups is not None


def num_images(name: str) -> int:
    """How many images a data set has; only a merged one is loaded for it. Raises as `load` does."""
    if name in _SOURCES:
        return _SOURCES[name].num_images
    return uploads.num_images(name) if UPLOAD_NAME.fullmatch(name) else len(load(name))


def num_training_images(
    name: str,
    *,
    validation_share: float,
    seed: int,
    left_out: Sequence[int] = (),
    by_group: bool = False,
    training_images: int = 0,
) -> int:
    """How many images an epoch uses of a data set's training part, each as often as its weight says; see `dataset.rows`. Raises
    as `load` does.
    """
    by_group = by_group and bool(UPLOAD_NAME.fullmatch(name))
    asked: dict[str, Any] = {
        "validation_share": validation_share,
        "seed": seed,
        "left_out": left_out,
        "training_images": training_images,
    }
    if not by_group and not MERGED_NAME.fullmatch(name):
        return cut.num_training_images(num_images(name), **asked)
    whole = load(name)
    train, _ = rows(whole, by_group=by_group, **asked)
    return len(train) if whole.weights is None else int(whole.weights[train].sum())


def delete(name: str) -> None:
    """Removes an upload for good, or a merged data set, whose parts stay. Raises DataError."""
    (merged if MERGED_NAME.fullmatch(name) else uploads).delete(name)


def title(name: str) -> str:
    """What people call a data set, whether it is at hand or not."""
    if MERGED_NAME.fullmatch(name):
        kept = merged.all_kept().get(name)
        return kept.title if kept else "a merged data set that is gone"
    return SOURCES.get(name) or dict(uploads.uploads()).get(name, "an uploaded file that is gone")
