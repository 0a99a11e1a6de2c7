"""Training batches, made in the graph: pictures, real and drawn, stay bytes in memory until the step that needs them.

Order and augmentation of step s in epoch e depend on (seed, e, s) alone, so a run can be repeated, or entered at any epoch.
"""

from __future__ import annotations

import math

import numpy as np
import tensorflow as tf

from core import handwriting
from core.augment import augment
from core.datasets import Split
from core.recipe import Recipe
from core.schedules import num_added, steps_per_epoch
from core.shapes import NUM_CLASSES


def training_batches(recipe: Recipe, split: Split, *, done: int = 0) -> tf.data.Dataset:
    """The run's batches after its first `done` epochs: (b, 28, 28, 1) float32 in [0, 1] and (b, 10) float32 one-hot."""
    num_steps = steps_per_epoch(recipe, len(split.y_train))
    # The built-in digits' writers slash, flag and bar by themselves: more cost .4 points on MNIST (bench/builtin_digits.py).
    more_images, more_labels = handwriting.more_hands(
        split.x_train, split.y_train, num_added(recipe, len(split.y_train)), recipe.seed, rewritten=recipe.dataset != "digits"
    )
    images = tf.constant(np.concatenate([split.x_train, more_images]))
    labels = tf.constant(np.concatenate([split.y_train, more_labels]))
    num_images = len(labels)

    def epoch_of_rows(epoch: tf.Tensor) -> tf.data.Dataset:
        seed = tf.stack([tf.constant(recipe.seed, tf.int64), epoch])
        order = tf.random.experimental.stateless_shuffle(tf.range(num_images), seed=seed)
        rows = tf.data.Dataset.from_tensor_slices(order).batch(recipe.batch_size)
        return rows.enumerate(start=epoch * num_steps)

    def batch(step: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        x = tf.cast(tf.gather(images, rows), tf.float32)[..., None] / 255
        x = augment(x, recipe, tf.stack([tf.constant(recipe.seed, tf.int64), step]))
        return x, tf.one_hot(tf.gather(labels, rows), NUM_CLASSES)

    epochs = tf.data.Dataset.range(done, recipe.epochs)
    batches = epochs.flat_map(epoch_of_rows).map(batch)
    # Keras warns of a data set that does not know its own length.
    return batches.apply(tf.data.experimental.assert_cardinality((recipe.epochs - done) * num_steps)).prefetch(4)


def rehearsed_batches(
    recipe: Recipe, split: Split, images: np.ndarray, digits: np.ndarray, *, num_drawings: int, num_steps: int
) -> tf.data.Dataset:
    """`num_steps` batches as `training_batches` makes them, of which `num_drawings` places go to a person's own `images`
    (n, 28, 28) uint8 with their `digits` (n,), each as often as the others, and the rest to the training part.
    """
    rest = recipe.batch_size - num_drawings
    rehearsal = _repeated(split.x_train, split.y_train, math.ceil(num_steps * rest / (1 + recipe.styles)), recipe.seed)
    own = _repeated(images, digits, num_steps * num_drawings, recipe.seed)
    streams = (
        training_batches(recipe.changed(batch_size=rest, epochs=1), rehearsal).take(num_steps),
        training_batches(recipe.changed(batch_size=num_drawings, epochs=1, styles=0.0), own),
    )

    def joined(one: tuple[tf.Tensor, tf.Tensor], other: tuple[tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.concat([one[0], other[0]], axis=0), tf.concat([one[1], other[1]], axis=0)

    return tf.data.Dataset.zip(streams).map(joined)


def _repeated(images: np.ndarray, digits: np.ndarray, num_images: int, seed: int) -> Split:
    """A split whose training part is `num_images` of the images, each as often as the others, and whose other part is empty."""
    rows = np.resize(np.random.default_rng(seed).permutation(len(digits)), num_images)
    return Split(images[rows], digits[rows], images[:0], digits[:0], rows[:0])


def as_input(images: np.ndarray) -> np.ndarray:
    """(n, 28, 28) uint8 -> (n, 28, 28, 1) float32 in [0, 1], as networks take them."""
    return images[..., None].astype(np.float32) / 255
