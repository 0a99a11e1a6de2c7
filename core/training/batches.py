"""What a network learns from, and how the graph makes a step's batch of it. Images, real and synthetic, stay bytes in the memory
of the device that trains until a step needs them.

Order and augmentation of step s in epoch e depend on (seed, e, s) alone, so a run can be repeated or entered at any epoch. The
repetition is exact to the bit where a processor adds numbers up in the same order.
"""

from __future__ import annotations

import math

import numpy as np
import tensorflow as tf

from core.constants import NUM_CLASSES
from core.datasets import Split, synthetic
from core.network.augment import augment
from core.recipe import Recipe
from core.recipe.schedules import num_added


class Feed:
    """`images` (n, 28, 28) uint8 with their `digits` (n,), and the rows that each step takes: each row once per epoch,
    shuffled by (seed, epoch), with a last batch that may be smaller; or the rows of `order` in every epoch.
    """

    def __init__(
        self, images: np.ndarray, digits: np.ndarray, *, batch_size: int, seed: int, order: np.ndarray | None = None
    ) -> None:
        self.images, self.digits = tf.constant(images), tf.constant(digits, tf.uint8)
        self.batch_size, self._seed = batch_size, seed
        self._fixed = order is not None
        self._order = order if order is not None else np.arange(len(digits))
        self._epoch = -1
        self.num_steps = math.ceil(len(self._order) / batch_size)  # of an epoch

    def rows(self, first: int, count: int) -> np.ndarray:
        """The rows of `count` steps from the run's step `first` on, all of the same epoch, batch after batch."""
        epoch, step = divmod(first, self.num_steps)
        if not self._fixed and epoch != self._epoch:
            with tf.device("CPU"):  # one way of shuffling, whatever trains
                rows = tf.range(len(self._order), dtype=tf.int64)
                self._order = tf.random.experimental.stateless_shuffle(rows, seed=[self._seed, epoch]).numpy()
            self._epoch = epoch
        return self._order[step * self.batch_size : (step + count) * self.batch_size]


def training_feed(recipe: Recipe, split: Split) -> Feed:
    """The training part, and the synthetic digits that the recipe adds to it."""
    # The built-in digits already vary in slashed, flagged and barred forms: adding more cost .4 points on MNIST
    # (bench/builtin_digits.py).
    more_images, more_digits = synthetic.extra_digits(
        split.x_train, split.y_train, num_added(recipe, len(split.y_train)), recipe.seed, rewritten=recipe.dataset != "digits"
    )
    images, digits = np.concatenate([split.x_train, more_images]), np.concatenate([split.y_train, more_digits])
    return Feed(images, digits, batch_size=recipe.batch_size, seed=recipe.seed)


def rehearsal(recipe: Recipe, split: Split, images: np.ndarray, digits: np.ndarray, *, num_drawings: int, num_steps: int) -> Feed:
    """`num_steps` batches with `num_drawings` of a person's own `images` (n, 28, 28) uint8 and their `digits` (n,) in each, every
    drawing equally often; the rest of each batch comes from the training part as in `training_feed`.
    """
    num_rest = recipe.batch_size - num_drawings
    some = _repeated(len(split.y_train), math.ceil(num_steps * num_rest / (1 + recipe.styles)), recipe.seed)
    rest = training_feed(recipe, Split(split.x_train[some], split.y_train[some], images[:0], digits[:0], some[:0]))
    order = np.concatenate(
        [
            rest.rows(0, rest.num_steps)[: num_steps * num_rest].reshape(num_steps, num_rest),
            len(rest.digits) + _repeated(len(digits), num_steps * num_drawings, recipe.seed).reshape(num_steps, num_drawings),
        ],
        axis=1,
    )
    return Feed(
        np.concatenate([rest.images, images]),
        np.concatenate([rest.digits, digits]),
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        order=order.ravel(),
    )


def batches(
    recipe: Recipe, images: tf.Tensor, digits: tf.Tensor, rows: tf.Tensor, first: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """The batches of a run's k steps from number `first` on, with `rows` (k, b): images (k, b, 28, 28, 1) float32 in [0, 1],
    labels (k, b, 10) float32 one-hot.
    """
    x = tf.cast(tf.gather(images, rows), tf.float32)[..., None] / 255
    steps = first + tf.range(tf.shape(rows, tf.int64)[0])
    x = augment(x, recipe, tf.stack([tf.fill(tf.shape(steps), tf.constant(recipe.seed, tf.int64)), steps], axis=1))
    return x, tf.one_hot(tf.gather(digits, rows), NUM_CLASSES)


def _repeated(num_images: int, count: int, seed: int) -> np.ndarray:
    """`count` rows of the images, shuffled, each equally often."""
    return np.resize(np.random.default_rng(seed).permutation(num_images), count)


def as_input(images: np.ndarray) -> np.ndarray:
    """(n, 28, 28) uint8 -> (n, 28, 28, 1) float32 in [0, 1], the input of a network."""
    return images[..., None].astype(np.float32) / 255
