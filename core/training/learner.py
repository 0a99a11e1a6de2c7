"""A network that learns step by step: for a run, the search for wrong labels, learning from a hand, measuring what a step takes.

Belongs to the thread that made it. Knows nothing of queues, stores or pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf

from core import network
from core.recipe import Recipe
from core.schedules import learning_rate
from core.shapes import AT_ONCE, NUM_CLASSES, SIDE_PX
from core.training.batches import Feed, as_input, batch

_CALL_S = 0.1  # that steps in one call take together: as often a person's wish is heard, and something told
# Images, digits, rows, the first step's number, rates. Rows in 64 bits: 32-bit numbers stay with the CPU, whatever trains.
_STEPS = [
    tf.TensorSpec((None, SIDE_PX, SIDE_PX), tf.uint8),
    tf.TensorSpec((None,), tf.uint8),
    tf.TensorSpec((None,), tf.int64),
    tf.TensorSpec((), tf.int64),
    tf.TensorSpec((None,), tf.float32),
]


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
        self._traced_steps = tf.function(self._graph_steps, input_signature=_STEPS)
        self._figures = np.zeros((0, 2))
        self.at_once = 1  # steps that one call should take, by how long the last one took
        self._answer = network.answering(self.model)

    def start_over(self) -> None:
        """Back to the first weights, with nothing remembered."""
        for variable, start in zip(self._variables, self._starts, strict=True):
            variable.assign(start)

    def steps(self, feed: Feed, first: int, rates: Sequence[float]) -> np.ndarray:
        """Learns by the run's steps from number `first` on, all of one epoch, one at each of the `rates`. Their batches' mean
        losses, and the shares read right: (k, 2).

        In one call, with nothing of Python between them; the same to the bit in how many calls whatever.
        """
        began = time.perf_counter()
        rows = feed.rows(first, len(rates))
        figures: np.ndarray = self._traced_steps(
            feed.images, feed.digits, rows, tf.constant(first, tf.int64), tf.constant(rates, tf.float32)
        ).numpy()
        fitting = int(_CALL_S * len(rates) / (time.perf_counter() - began))
        self.at_once = min(max(fitting, 1), 2 * self.at_once)  # doubled at most: the first ones of a process are no measure
        return figures

    def learn(self, feed: Feed, check: Callable[[float], bool]) -> bool:
        """All epochs of the recipe, at the rates of its schedule.

        `check(share)` is called every tenth of a second with the share of the steps that is done, and ends it by giving False,
        as then does this.
        """
        num_steps = feed.num_steps * self.recipe.epochs
        seen = []
        first = 0
        while first < num_steps:
            if not check(first / num_steps):
                return False
            last = min(first + self.at_once, (first // feed.num_steps + 1) * feed.num_steps)
            rates = [learning_rate(self.recipe, step=step, steps_per_epoch=feed.num_steps) for step in range(first, last)]
            seen.append(self.steps(feed, first, rates))
            first = last
        self._figures = np.concatenate(seen)
        return True

    def figures(self) -> tuple[float, float]:
        """Loss and accuracy on the batches that `learn` has just learned from, means over its steps."""
        loss, accuracy = self._figures.mean(axis=0)
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

    def _graph_steps(
        self, images: tf.Tensor, digits: tf.Tensor, rows: tf.Tensor, first: tf.Tensor, rates: tf.Tensor
    ) -> tf.Tensor:
        size = self.recipe.batch_size
        figures = tf.TensorArray(tf.float32, tf.size(rates), element_shape=(2,))
        for place in tf.range(tf.size(rates)):
            self.optimizer.learning_rate.assign(rates[place])
            step = first + tf.cast(place, tf.int64)
            x, y = batch(self.recipe, images, digits, rows[place * size : (place + 1) * size], step)
            figures = figures.write(place, tf.stack(self._step(x, y)))
        return figures.stack()

    def _step(self, x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            answers = self.model(x, training=True)
            loss = self._loss(y, answers)
        weights = self.model.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss, tf.reduce_mean(tf.cast(tf.argmax(answers, axis=1) == tf.argmax(y, axis=1), tf.float32))
