"""Answers for images with published weights: its own models, its own lock, on whichever thread asks.

Training publishes files; nothing is shared with the training thread's model, so a drawing is read while a run learns.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.constants import ANSWER_BATCH, NUM_CLASSES
from core.errors import RunMissing
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.store import Store
from core.system.priority import lower_workers

if TYPE_CHECKING:
    import keras

_NUM_MODELS = 4


@dataclass
class _Loaded:
    model: keras.Model
    answer: Any
    describe: Any
    epoch: int = 0


class Predictor:
    """Keeps the networks of the last few runs ready, `num_models` of them."""

    def __init__(self, store: Store, *, num_models: int = _NUM_MODELS) -> None:
        self._store, self._num_models = store, num_models
        self._lock = threading.Lock()
        self._models: OrderedDict[str, _Loaded] = OrderedDict()

    def probabilities(self, run: RunSnapshot, images: np.ndarray, *, epoch: int | None = None) -> np.ndarray:
        """(n, 10) probabilities for `images` (n, 28, 28) float32 in [0, 1], by the weights after `epoch`.

        Without `epoch`, by the run's served one: the newest while it trains, then the best. Raises RunMissing where no
        weights are there. The lock is free between batches: a drawing is read while thousands of images are.
        """
        epoch = _epoch(run, epoch)
        answers = [np.zeros((0, NUM_CLASSES), np.float32)]
        for part in _parts(images):
            with self._lock:
                answers.append(self._loaded(run.run_id, run.recipe, epoch).answer(part).numpy())
        return np.concatenate(answers)

    def features(self, run: RunSnapshot, images: np.ndarray, *, epoch: int | None = None) -> np.ndarray:
        """(n, d) float32: what the last layer is given for `images`. For the rest as `probabilities`."""
        epoch = _epoch(run, epoch)
        if not len(images):
            return np.zeros((0, len(self.last_layer(run, epoch=epoch)[0])), np.float32)
        described = []
        for part in _parts(images):
            with self._lock:
                described.append(self._loaded(run.run_id, run.recipe, epoch).describe(part).numpy())
        return np.concatenate(described)

    def last_layer(self, run: RunSnapshot, *, epoch: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Kernel (d, 10) and bias (10,) of the last layer: the softmax of features @ kernel + bias is the answer."""
        with self._lock:
            kernel, bias = self._loaded(run.run_id, run.recipe, _epoch(run, epoch)).model.layers[-1].get_weights()
        return kernel, bias

    def _loaded(self, run_id: str, recipe: Recipe, epoch: int) -> _Loaded:
        lower_workers()  # imports TensorFlow under a lock: two threads that import it at once break each other's import
        from core.network.model import build, load_weights

        loaded = self._models.get(run_id)
        if loaded is None or loaded.epoch != epoch:
            weights = load_weights(weights_path(self._store.runs.folder(run_id), epoch))
            loaded = loaded or _fresh(build(_for_answers(recipe)))
            loaded.model.set_weights(weights)
            loaded.epoch = epoch
        self._models[run_id] = loaded
        self._models.move_to_end(run_id)
        while len(self._models) > self._num_models:
            self._models.popitem(last=False)
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


def _fresh(model: keras.Model) -> _Loaded:
    import keras

    from core.network.model import answering

    # The same layers, thus the same weights; dropout says what it is told when nothing is learned.
    before_last = keras.Model(model.inputs, model.layers[-1].input)
    return _Loaded(model, answering(model), answering(before_last))


def _parts(images: np.ndarray) -> list[np.ndarray]:
    """`images` as (b, 28, 28, 1) float32, as many at once as memory bears; never none, which not every processor takes."""
    starts = range(0, len(images), ANSWER_BATCH)
    return [images[start : start + ANSWER_BATCH, ..., None].astype(np.float32) for start in starts]
