"""Where labelled digits come from: one table of sources, name -> how to load it. Any thread may call; what was loaded once is
kept, so a second call costs nothing and gives the same object.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from core.datasets import mnist, uploads
from core.datasets.dataset import Dataset, Split, num_training_images, split
from core.errors import DatasetMissing, quoted
from core.recipe import SOURCES, UPLOAD_NAME

__all__ = ["Dataset", "Split", "available", "first", "is_at_hand", "load", "num_images", "num_training_images", "split", "title"]

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
        if name in _SOURCES:
            return _SOURCES[name].load()
        if UPLOAD_NAME.fullmatch(name):
            return uploads.load(name)
    raise DatasetMissing(f"There is no data set {quoted(name)}. The names are {', '.join(_SOURCES)}, and csv-… for an upload.")


def available() -> list[tuple[str, str]]:
    """(name, title) of whatever `load` can give now, uploads last and newest first."""
    built_in = [(name, SOURCES[name]) for name, source in _SOURCES.items() if source.available()]
    return built_in + uploads.uploads()


def first() -> str:
    """The data set to begin with: MNIST with the 2018 split where MNIST is at hand, else the built-in digits."""
    return "recipe-split" if _SOURCES["recipe-split"].available() else "digits"


def is_at_hand(name: str) -> bool:
    """Whether `load` could give it now, without loading it."""
    return any(name == known for known, _ in available())


def num_images(name: str) -> int:
    """How many images a data set has; a built-in one is not loaded for it. Raises as `load` does."""
    return _SOURCES[name].num_images if name in _SOURCES else len(load(name))


def title(name: str) -> str:
    """What people call a data set, whether it is at hand or not."""
    return SOURCES.get(name) or dict(uploads.uploads()).get(name, "an uploaded file that is gone")
