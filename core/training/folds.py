"""Answers for every image of a data set by networks that did not learn from it: five small ones, each trained on four fifths.

For the search for wrong labels. On whichever thread calls; knows nothing of queues, stores or pages.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core import network
from core.datasets import Dataset, Split
from core.recipe import Recipe
from core.schedules import learning_rate, steps_per_epoch
from core.shapes import NUM_CLASSES
from core.training.batches import as_input, training_batches
from core.training.cross_check import NUM_FOLDS, Check

_AT_ONCE = 500  # images


def out_of_sample(dataset: Dataset, recipe: Recipe, check: Check) -> np.ndarray | None:
    """(n, 10) float32 probabilities for `dataset`, each by the network of `recipe` that never saw the image.

    `check(share)` is called before every step with the share of the work that is done; it may wait, and ends the work by
    giving False: then the answer is None. Folds hold equal shares of each digit (scikit-learn's StratifiedKFold).
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    counts = np.bincount(dataset.labels, minlength=NUM_CLASSES)
    even = (counts[counts > 0] >= NUM_FOLDS).all()  # a digit with fewer images than folds cannot be spread over all
    cut = (StratifiedKFold if even else KFold)(NUM_FOLDS, shuffle=True, random_state=recipe.seed)
    probabilities = np.zeros((len(dataset), NUM_CLASSES), np.float32)
    fresh = _Network(recipe)
    for fold, (train, held_out) in enumerate(cut.split(dataset.images, dataset.labels)):
        part = Split(dataset.images[train], dataset.labels[train], dataset.images[held_out], dataset.labels[held_out], held_out)
        if not fresh.train(part, lambda share, fold=fold: check((fold + share) / NUM_FOLDS)):  # type: ignore[misc]
            return None
        probabilities[held_out] = fresh.answers(part.x_validation)
    return probabilities


class _Network:
    """One network that starts anew with each fold: its step is traced once, not five times, a third of the whole time."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.model = network.build(recipe)
        self.optimizer = network.optimizer(recipe)
        self.optimizer.build(self.model.trainable_variables)
        self.variables = [*self.model.variables, *self.optimizer.variables]
        self.starts = [variable.numpy() for variable in self.variables]
        self.loss = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
        self.step = tf.function(self._step, reduce_retracing=True)
        self.answer = tf.function(lambda x: self.model(x, training=False), reduce_retracing=True)

    def _step(self, x: tf.Tensor, y: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            loss = self.loss(y, self.model(x, training=True))
        weights = self.model.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    def train(self, part: Split, check: Check) -> bool:
        """From the first weights to the recipe's last epoch; False where `check` ended it."""
        for variable, start in zip(self.variables, self.starts, strict=True):
            variable.assign(start)
        per_epoch = steps_per_epoch(self.recipe, len(part.y_train))
        num_steps, rate = per_epoch * self.recipe.epochs, -1.0
        batch: Any
        for step, batch in enumerate(training_batches(self.recipe, part)):
            if not check(step / num_steps):
                return False
            now = learning_rate(self.recipe, step=step, steps_per_epoch=per_epoch, val_losses=[])
            if now != rate:
                self.optimizer.learning_rate = rate = now
            self.step(*batch)
        return True

    def answers(self, images: np.ndarray) -> np.ndarray:
        """(n, 10) probabilities for (n, 28, 28) uint8 images."""
        starts = range(0, len(images), _AT_ONCE)
        return np.concatenate([self.answer(as_input(images[start : start + _AT_ONCE])).numpy() for start in starts])
