"""The images that a run is scored on: the part of its data that it did not train on."""

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


@lru_cache(maxsize=4)
def _validation_part(key: ValidationKey) -> ValidationPart:
    cut = datasets.split(
        datasets.load(key.dataset),
        validation_share=key.validation_share,
        seed=key.split_seed,
        by_group=key.split_by_group,
    )
    return ValidationPart(cut.x_validation, cut.y_validation, cut.validation_rows)
