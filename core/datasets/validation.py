"""The images that a run is scored on, the part of its data that it did not train on, and those that it trains on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core import datasets
from core.recipe import Recipe, ValidationKey


@dataclass(frozen=True, eq=False)
class ValidationPart:
    """`images` (n, 28, 28) uint8 and `labels` (n,) uint8, in the order of a run's validation probabilities; `rows` (n,) are
    their places in the data set.
    """

    images: np.ndarray
    labels: np.ndarray
    rows: np.ndarray


def validation_part(recipe: Recipe) -> ValidationPart:
    """The images that a run of this recipe is scored on. Raises DataError where the data set is gone."""
    return _validation_part(recipe.validation_key)


def training_rows(recipe: Recipe, left_out: tuple[int, ...] = ()) -> np.ndarray:
    """Ascending rows of the data that a run of this recipe trains on. Raises DataError where the data set is gone."""
    return np.sort(_rows(recipe.validation_key, left_out, recipe.training_images)[0])


@lru_cache(maxsize=4)
def _validation_part(key: ValidationKey) -> ValidationPart:
    _, rows = _rows(key)
    dataset = datasets.load(key.dataset)
    return ValidationPart(dataset.images[rows], dataset.labels[rows], rows)


def _rows(key: ValidationKey, left_out: tuple[int, ...] = (), training_images: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return datasets.rows(
        datasets.load(key.dataset),
        validation_share=key.validation_share,
        seed=key.split_seed,
        left_out=left_out,
        by_group=key.split_by_group,
        training_images=training_images,
    )
