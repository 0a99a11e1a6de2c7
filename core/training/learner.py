"""A network that learns step by step: for a run, the search for wrong labels, learning from a hand, measuring what a step takes.

Belongs to the thread that made it. Knows nothing of queues, stores or pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from core.constants import ANSWER_BATCH, NUM_CLASSES, SIDE_PX
from core.network import model
from core.recipe import Recipe
from core.recipe.schedules import learning_rate
from core.training.batches import Feed, as_input, batches

_CALL_S = 0.2  # that steps in one call take together, at most: so soon a person's wish is heard. One alone costs 5 % more
# In one call, at most: their pictures are all made before its first step.
_MOST_IMAGES, _MOST_STEPS = 16384, 128
# Images, digits, rows by step, the first step's number, rates: more of them where a call is to be filled up to so many steps.
# Rows in 64 bits, as 32-bit numbers stay in the CPU's memory.
_STEPS = [
    tf.TensorSpec((None, SIDE_PX, SIDE_PX), tf.uint8),
    tf.TensorSpec((None,), tf.uint8),
    tf.TensorSpec((None, None), tf.int64),
    tf.TensorSpec((), tf.int64),
    tf.TensorSpec((None,), tf.float32),
]


class Learner:
    """The network of `recipe`, with these `weights` if any. Its step is traced once, however often it starts over.

    Not by Keras' `fit`: that takes some milliseconds more a step, and leaves two graphs of it behind for ever. A GPU has its
    steps compiled by XLA, which takes seconds, or it would wait for each operation to be told; on a CPU that makes them slower.
    """

    def __init__(self, recipe: Recipe, weights: Sequence[np.ndarray] = (), *, compiled: bool | None = None) -> None:
        self.recipe = recipe
        self.model = model.build(recipe)
        if weights:
            self.model.set_weights(weights)
        self.optimizer = model.optimizer(recipe)
        self.optimizer.build(self.model.trainable_variables)
        self._variables = [*self.model.variables, *self.optimizer.variables]
        self._starts = [variable.numpy() for variable in self._variables]
        self._loss = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
        self._any_steps = tf.function(partial(self._graph_steps, self._loop), input_signature=_STEPS)
        self._whole_steps = self._any_steps
        self._compiled = bool(tf.config.list_physical_devices("GPU")) if compiled is None else compiled
        if self._compiled:
            compiled_loop = tf.function(self._loop, jit_compile=True)
            self._whole_steps = tf.function(partial(self._graph_steps, compiled_loop), input_signature=_STEPS)
        self._figures = np.zeros((0, 3))
        self.at_once = 1  # steps that one call should take, by how long the last one took
        self._answer = model.answering(self.model)

    def start_over(self) -> None:
        """Back to the first weights, with nothing remembered."""
        for variable, start in zip(self._variables, self._starts, strict=True):
            variable.assign(start)

    def steps(self, feed: Feed, first: int, rates: Sequence[float]) -> np.ndarray:
        """Learns by the run's steps from number `first` on, all of one epoch, one at each of the `rates`: at most 128,
        and on 16,384 images. Their batches' mean losses, shares read right, and numbers of images: (k, 3).

        With nothing of Python between them. On a CPU it makes no difference, to the bit, how many are taken at once.
        """
        rows, size = feed.rows(first, len(rates)), feed.batch_size
        whole = len(rows) // size
        figures = np.zeros((len(rates), 3), np.float32)
        if whole:
            began = time.perf_counter()
            together = rows[: whole * size].reshape(whole, size)
            more = _most_at_once(size) - whole if self._compiled else 0  # XLA compiles anew for each shape, so it gets one
            figures[:whole] = self._call(self._whole_steps, feed, together, first, [*rates[:whole], *[0.0] * more])
            fitting = int(_CALL_S * whole / (time.perf_counter() - began))
            # Doubled at most: the first calls of a process are no measure.
            self.at_once = max(min(fitting, 2 * self.at_once, _most_at_once(size)), 1)
        if whole < len(rates):  # an epoch's last batch may be smaller
            figures[whole:] = self._call(self._any_steps, feed, rows[None, whole * size :], first + whole, rates[whole:])
        return figures

    def learn(self, feed: Feed, check: Callable[[float], None]) -> None:
        """All epochs of the recipe, at the rates of its schedule.

        `check(share)` is called before each call, about five times a second, with the share of the steps that is done; it may
        wait, and may raise to end the work.
        """
        num_steps = feed.num_steps * self.recipe.epochs
        seen = []
        first = 0
        while first < num_steps:
            check(first / num_steps)
            last = min(first + self.at_once, (first // feed.num_steps + 1) * feed.num_steps)
            rates = [learning_rate(self.recipe, step=step, steps_per_epoch=feed.num_steps) for step in range(first, last)]
            seen.append(self.steps(feed, first, rates))
            first = last
        self._figures = np.concatenate(seen)

    def figures(self) -> tuple[float, float]:
        """Loss and accuracy on the batches that `learn` has just learned from, means over its steps."""
        loss, accuracy, _ = self._figures.mean(axis=0)
        return float(loss), float(accuracy)

    def loss(self, digits: np.ndarray, probabilities: np.ndarray) -> float:
        """The loss, as in training, of (n, 10) `probabilities` for images that show these `digits` (n,)."""
        return float(self._loss(np.eye(NUM_CLASSES, dtype=np.float32)[digits], probabilities))

    def answers(self, images: np.ndarray, check: Callable[[], None] = lambda: None) -> np.ndarray:
        """(n, 10) probabilities for (n, 28, 28) uint8 images, at least one. `check` is called before each part of them."""
        parts = []
        for start in range(0, len(images), ANSWER_BATCH):
            check()
            parts.append(self._answer(as_input(images[start : start + ANSWER_BATCH])).numpy())
        return np.concatenate(parts)

    @staticmethod
    def _call(steps: Callable[..., tf.Tensor], feed: Feed, rows: np.ndarray, first: int, rates: Sequence[float]) -> np.ndarray:
        numbers = tf.constant(rows, tf.int64), tf.constant(first, tf.int64), tf.constant(rates, tf.float32)
        return np.asarray(steps(feed.images, feed.digits, *numbers))

    def _graph_steps(
        self,
        loop: Callable[..., tf.Tensor],
        images: tf.Tensor,
        digits: tf.Tensor,
        rows: tf.Tensor,
        first: tf.Tensor,
        rates: tf.Tensor,
    ) -> tf.Tensor:
        count = tf.shape(rows)[0]
        x, y = (_filled(each, tf.size(rates)) for each in batches(self.recipe, images, digits, rows, first))
        return loop(x, y, rates, count)[:count]

    def _loop(self, x: tf.Tensor, y: tf.Tensor, rates: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
        """The first `count` of the steps on (k, b, 28, 28, 1) and (k, b, 10). Their figures, (k, 3)."""
        figures = tf.TensorArray(tf.float32, tf.size(rates), element_shape=(3,))
        place = tf.constant(0)
        while place < count:  # not `for ... in tf.range(count)`, which XLA would compile anew for each count
            self.optimizer.learning_rate.assign(rates[place])
            figures = figures.write(place, tf.stack(self._step(x[place], y[place])))
            place += 1
        return figures.stack()

    def _step(self, x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            answers = self.model(x, training=True)
            loss = self._loss(y, answers)
        weights = self.model.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        right = tf.cast(tf.argmax(answers, axis=1) == tf.argmax(y, axis=1), tf.float32)
        return loss, tf.reduce_mean(right), tf.cast(tf.size(right), tf.float32)


def _most_at_once(batch_size: int) -> int:
    return max(min(_MOST_IMAGES // batch_size, _MOST_STEPS), 1)


def _filled(batches: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """`batches` (k, ...) and as many blank ones as make them `count`."""
    return tf.pad(batches, [[0, count - tf.shape(batches)[0]], *[[0, 0]] * (len(batches.shape) - 1)])
