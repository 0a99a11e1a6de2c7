"""Answers for images by published weights. Owns its models and one lock; any thread may ask.

Training publishes files and shares no model with this module, so a drawing is answered while a run trains.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from cachetools import LRUCache

from core.constants import ANSWER_BATCH, SIDE_PX
from core.errors import RunMissing
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.store import Store
from core.system.priority import lower_workers

if TYPE_CHECKING:
    import keras

_NUM_MODELS = 4


@dataclass(frozen=True, eq=False)
class Answers:
    """What one forward pass by the weights after `epoch` gives for `images` (n, 28, 28), all float32.

    `features` (n, d) are the inputs of the last layer, `logits` (n, 10) its outputs before the softmax, `probabilities` (n, 10)
    those after it.
    """

    images: np.ndarray
    features: np.ndarray
    logits: np.ndarray
    probabilities: np.ndarray
    epoch: int

    def rows(self, rows: np.ndarray) -> Answers:
        """The answers for some of the images: `rows` (k,) are indices or a mask."""
        return Answers(self.images[rows], self.features[rows], self.logits[rows], self.probabilities[rows], self.epoch)


@dataclass
class _Loaded:
    model: keras.Model
    forward: Callable[[np.ndarray], tuple[Any, Any, Any]]
    epoch: int = 0


class Predictor:
    """Keeps the networks of the last `num_models` runs in memory."""

    def __init__(self, store: Store, *, num_models: int = _NUM_MODELS) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._models: LRUCache[str, _Loaded] = LRUCache(num_models)

    def answers(self, run: RunSnapshot, images: np.ndarray, *, epoch: int | None = None) -> Answers:
        """One forward pass for `images` (n, 28, 28) float32 in [0, 1], by the weights after `epoch`.

        Without `epoch`, by the run's served one: the newest while it trains, then the best. Raises RunMissing where the weights
        are missing. The lock is free between batches, so that a drawing need not wait for thousands of images.
        """
        epoch = _epoch(run, epoch)
        # Not every processor takes a batch of no images: one blank image stands in for it.
        batches = [images[start : start + ANSWER_BATCH] for start in range(0, len(images), ANSWER_BATCH)] or [_blank()]
        passes = []
        for batch in batches:
            with self._lock:
                outputs = self._loaded(run.run_id, run.recipe, epoch).forward(batch[..., None])
            passes.append([output.numpy() for output in outputs])
        features, logits, probabilities = (np.concatenate(parts)[: len(images)] for parts in zip(*passes, strict=True))
        return Answers(images, features, logits, probabilities, epoch)

    def probabilities(self, run: RunSnapshot, images: np.ndarray, *, epoch: int | None = None) -> np.ndarray:
        """(n, 10) float32 of `answers` alone."""
        return self.answers(run, images, epoch=epoch).probabilities

    def reader(self, run: RunSnapshot) -> Callable[[np.ndarray], np.ndarray]:
        """What the run reads in (n, 28, 28) uint8 images, as a function: `probabilities` of them."""
        return lambda images: self.probabilities(run, images / np.float32(255))

    def features(self, run: RunSnapshot, images: np.ndarray, *, epoch: int | None = None) -> np.ndarray:
        """(n, d) float32 of `answers` alone: the inputs of the last layer."""
        return self.answers(run, images, epoch=epoch).features

    def _loaded(self, run_id: str, recipe: Recipe, epoch: int) -> _Loaded:
        lower_workers()  # imports TensorFlow under a lock: two threads that import it at once break each other's import
        from core.network.model import build, load_weights

        loaded = self._models.get(run_id)
        if loaded is None or loaded.epoch != epoch:
            weights = load_weights(weights_path(self._store.runs.folder(run_id), epoch), recipe)
            loaded = loaded or _fresh(build(_for_answers(recipe)))
            loaded.model.set_weights(weights)
            loaded.epoch = epoch
        self._models[run_id] = loaded
        return loaded


def _epoch(run: RunSnapshot, epoch: int | None) -> int:
    if epoch is not None:
        return epoch
    if run.served_epoch is None:
        raise RunMissing(f"{run.name} has not finished an epoch yet, so it cannot answer. Wait for its first epoch.")
    return run.served_epoch.epoch


def _for_answers(recipe: Recipe) -> Recipe:
    """32-bit answers whatever the run trained with: one drawing costs little, and a probability shows three digits."""
    return recipe.changed(precision="float32")


def _blank() -> np.ndarray:
    return np.zeros((1, SIDE_PX, SIDE_PX), np.float32)


def _fresh(model: keras.Model) -> _Loaded:
    """The model with its forward pass: images (n, 28, 28, 1) -> features, logits and probabilities, in one graph."""
    import keras
    import tensorflow as tf

    from core.network.model import traced

    last = model.layers[-1]
    before_last = keras.Model(model.inputs, last.input)  # the same layers, thus the same weights

    def forward(images: Any) -> tuple[Any, Any, Any]:
        features = before_last(images, training=False)
        logits = tf.matmul(features, last.kernel) + last.bias
        return features, logits, last.activation(logits)

    return _Loaded(model, traced(forward))
