"""A network that learns step by step: for a run, the search for wrong labels, learning from a hand, measuring what a step takes.

Belongs to the thread that made it. Knows nothing of queues, stores or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import keras
import numpy as np
import tensorflow as tf

from core import network
from core.recipe import Recipe
from core.schedules import learning_rate
from core.shapes import AT_ONCE, NUM_CLASSES, SIDE_PX
from core.training.batches import as_input

_BATCH = [tf.TensorSpec((None, SIDE_PX, SIDE_PX, 1), tf.float32), tf.TensorSpec((None, NUM_CLASSES), tf.float32)]


class Learner:
    """The network of `recipe`, with these `weights` if any. Its step is traced once, however often it starts over.

    Not by Keras' `fit`: that takes some milliseconds more a step, and leaves two graphs of it behind for ever.
    """

    def __init__(self, recipe: Recipe, weights: Sequence[np.ndarray] = ()) -> None:
        self.recipe = recipe
        self.model = network.build(recipe)
        if weights:
            self.model.set_weights(weights)
        self.optimizer = network.optimizer(recipe)
        self.optimizer.build(self.model.trainable_variables)
        self._variables = [*self.model.variables, *self.optimizer.variables]
        self._starts = [variable.numpy() for variable in self._variables]
        self._loss = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
        self._traced_step = tf.function(self._step, input_signature=_BATCH)
        self._rate = -1.0
        self._steps: list[tuple[float, float]] = []
        self._answer = network.answering(self.model)

    def start_over(self) -> None:
        """Back to the first weights, with nothing remembered."""
        for variable, start in zip(self._variables, self._starts, strict=True):
            variable.assign(start)
        self._rate = -1.0

    def step(self, x: tf.Tensor, y: tf.Tensor, rate: float) -> tuple[float, float]:
        """Learns from one batch, (b, 28, 28, 1) and (b, 10) one-hot, at this rate. Its mean loss, and the share it read right."""
        if rate != self._rate:
            self.optimizer.learning_rate = self._rate = rate
        loss, accuracy = self._traced_step(x, y)
        return float(loss), float(accuracy)

    def learn(self, batches: Iterable[tuple[tf.Tensor, tf.Tensor]], num_steps: int, check: Callable[[float], bool]) -> bool:
        """A step for each of the `batches`, which are `num_steps`, at the rates of the recipe's schedule.

        `check(share)` is called before every step with the share of them that is done, and ends it by giving False, as then
        does this.
        """
        per_epoch = num_steps // self.recipe.epochs
        self._steps = []
        for step, (x, y) in enumerate(batches):
            if not check(step / num_steps):
                return False
            self._steps.append(self.step(x, y, learning_rate(self.recipe, step=step, steps_per_epoch=per_epoch)))
        return True

    def figures(self) -> tuple[float, float]:
        """Loss and accuracy on the batches that it has just learned from, means over its steps."""
        loss, accuracy = np.mean(self._steps, axis=0)
        return float(loss), float(accuracy)

    def loss(self, digits: np.ndarray, probabilities: np.ndarray) -> float:
        """The loss, as in training, of (n, 10) `probabilities` for images that show these `digits` (n,)."""
        return float(self._loss(np.eye(NUM_CLASSES, dtype=np.float32)[digits], probabilities))

    def answers(self, images: np.ndarray, check: Callable[[], None] = lambda: None) -> np.ndarray:
        """(n, 10) probabilities for (n, 28, 28) uint8 images, at least one. `check` is called before each part of them."""
        parts = []
        for start in range(0, len(images), AT_ONCE):
            check()
            parts.append(self._answer(as_input(images[start : start + AT_ONCE])).numpy())
        return np.concatenate(parts)

    def _step(self, x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            answers = self.model(x, training=True)
            loss = self._loss(y, answers)
        weights = self.model.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss, tf.reduce_mean(tf.cast(tf.argmax(answers, axis=1) == tf.argmax(y, axis=1), tf.float32))
