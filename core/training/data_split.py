"""What a recipe trains on and is scored on."""

from __future__ import annotations

from collections.abc import Sequence

from core import datasets
from core.datasets import Split
from core.errors import TrainingError
from core.recipe import Recipe


def data_split(recipe: Recipe, left_out: Sequence[int]) -> Split:
    """The recipe's data in their two parts; it does not train on the rows `left_out`. Raises DataError where the data are gone,
    TrainingError for fewer images than a batch.
    """
    dataset = datasets.load(recipe.dataset)
    split = datasets.split(
        dataset,
        validation_share=recipe.validation_share,
        seed=recipe.split_seed,
        left_out=left_out,
        by_group=recipe.split_by_group,
        training_images=recipe.training_images,
    )
    if len(split.y_train) < recipe.batch_size:
        raise TrainingError(
            f"{dataset.title} leaves {len(split.y_train):,} images for training, fewer than one batch of {recipe.batch_size:,}. "
            "Choose a smaller batch size or more data."
        )
    return split
