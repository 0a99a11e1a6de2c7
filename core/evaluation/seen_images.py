"""Which images of a data set a run has met before: among its training images, or among those by which its best epoch was chosen.

Only exact copies are found, pixel for pixel, by the digest of an image (bench/other_sets.py). Any thread may call.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core import datasets
from core.datasets import Dataset
from core.datasets.validation import training_rows, validation_part
from core.drawing.labelled import digest_of
from core.errors import DataError, RunMissing
from core.recipe import Recipe, ValidationKey
from core.runs.snapshot import RunSnapshot
from core.store import CHOSEN, NEW, TRAINED, Store, starter


class _Learned(NamedTuple):
    """What names the images that a run's weights have learned from; their number is 0 for all of the training part."""

    key: ValidationKey
    left_out: tuple[int, ...] = ()
    training_images: int = 0


def marks(store: Store, run: RunSnapshot, dataset: Dataset) -> np.ndarray | None:
    """(n,) uint8, NEW, CHOSEN or TRAINED for each image of the data set; None where the run's training images are not at hand.

    What it learned before it was branched off or fine-tuned counts, and so do the drawings that it was fine-tuned on.
    """
    learned = store.learned_drawings.of(run.run_id)
    trained, chosen = set(learned), set[str]()
    try:
        for number, learned_from in enumerate(_learned_from(store, run)):
            training, validation = _parts(learned_from)
            trained |= training
            if number == 0:
                chosen |= validation
    except (DataError, RunMissing):
        return None
    names = digests(dataset)
    found = [TRAINED if each in trained else CHOSEN if each in chosen else NEW for each in names]
    return np.array(found, np.uint8)


def digests(dataset: Dataset) -> tuple[str, ...]:
    """The digest of each image, in the order of the data set. Its name stands for its images: they never change."""
    return _digests(dataset.name) if datasets.is_at_hand(dataset.name) else tuple(map(digest_of, dataset.images))


@lru_cache(maxsize=4)
def _digests(name: str) -> tuple[str, ...]:
    return tuple(map(digest_of, datasets.load(name).images))


@lru_cache(maxsize=4)
def _parts(learned: _Learned) -> tuple[frozenset[str], frozenset[str]]:
    """Digests of a run's training and validation images. Raises DataError where the data set is gone."""
    names = digests(datasets.load(learned.key.dataset))
    recipe = Recipe(**learned.key._asdict(), training_images=learned.training_images)
    rows = training_rows(recipe, learned.left_out), validation_part(recipe).rows
    training, validation = (frozenset(names[row] for row in each.tolist()) for each in rows)
    return training, validation


def _learned_from(store: Store, run: RunSnapshot) -> Iterator[_Learned]:
    """The images that the run's weights have learned from.

    A branch has the data and the split of its parent (`lineage.check_branch`), which may have learned from rows that the branch
    leaves out, and from more images. The starter network's record may name the built-in digits in place of its own, see
    `starter`. Raises RunMissing where it cannot be told whether the run descends from it.
    """
    recipe = starter.recipe()
    if run.run_id == starter.RUN_ID and recipe:
        yield _Learned(recipe.validation_key)
        return
    own = run.recipe.validation_key
    yield _Learned(own) if run.parent_id else _Learned(own, run.left_out, run.recipe.training_images)
    while run.parent_id and run.recipe.dataset == "digits":
        if run.parent_id == starter.RUN_ID:
            if recipe is None:
                raise RunMissing("The starter network is not here any more.")
            yield _Learned(recipe.validation_key)
            return
        run = store.runs.load(run.parent_id)
