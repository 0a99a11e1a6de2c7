"""Augmented versions of one image, to look at."""

from __future__ import annotations

import numpy as np

from core.recipe import Recipe
from core.system import priority


def augmented(image: np.ndarray, recipe: Recipe, num_versions: int) -> np.ndarray:
    """(num_versions, 28, 28) floats in [0, 1]: `image` (28, 28) uint8 as training sees it; the same for the same recipe."""
    priority.lower_workers()
    import tensorflow as tf

    from core.network.augment import augment

    batch = np.repeat(image[None, :, :, None].astype(np.float32) / 255, num_versions, axis=0)
    return np.asarray(augment(tf.constant(batch[None]), recipe, tf.constant([[recipe.seed, 0]], tf.int64)))[0, ..., 0]
