"""A recipe's network as a Keras model, and its weights on disk. A model belongs to the thread that built it: Keras on
TensorFlow is not thread-safe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.constants import SIDE_PX
from core.errors import RunMissing
from core.network import precision
from core.network.keras_internals import sum_no_replicas
from core.network.layers import ByteDropout, FusedBatchNormalization
from core.network.muon import Muon
from core.recipe import Recipe, architectures
from core.recipe.architectures import Layer
from core.system import files

_Maker = Callable[[Layer, int, str], keras.layers.Layer]


def build(recipe: Recipe) -> keras.Model:
    """An untrained model: (n, 28, 28, 1) floats in [0, 1] -> (n, 10) float32 probabilities.

    Initial weights and dropout masks depend on `recipe.seed` alone.
    """
    return _stacked(recipe, _MAKERS, precision.resolve(recipe))


def build_plain(recipe: Recipe) -> keras.Model:
    """The same network of Keras' own layers, in 32 bits: it takes the same weights, and needs nothing of this package."""
    return _stacked(recipe, {**_MAKERS, **_PLAIN_MAKERS}, "float32")


def answering(model: keras.Model) -> Callable[[np.ndarray], tf.Tensor]:
    """`model` as a function of (n, 28, 28, 1) float32, for answers only."""
    return traced(lambda images: model(images, training=False))


def traced(forward: Callable[[tf.Tensor], Any]) -> Callable[[np.ndarray], Any]:
    """`forward`, of images (n, 28, 28, 1) float32, as one graph for any n: else each last batch would wait for one of its own.

    It is traced here and never again. TensorFlow's own look for what was traced before takes the same code of several networks
    for one that is traced again and again, and warns.
    """
    signature = [tf.TensorSpec((None, SIDE_PX, SIDE_PX, 1), tf.float32)]
    graph = tf.function(forward, input_signature=signature).get_concrete_function()
    return lambda images: graph(tf.constant(images, tf.float32))


def optimizer(recipe: Recipe) -> keras.optimizers.Optimizer:
    """The recipe's optimiser with Keras' defaults, at the recipe's learning rate and, if it has one, with its weight decay.

    The decay is decoupled from the gradient, as in I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
    arXiv:1711.05101: before each step a kernel loses rate x decay x itself.
    """
    if not recipe.weight_decay:
        return sum_no_replicas(_OPTIMIZERS[recipe.optimizer](recipe.learning_rate))
    made = _OPTIMIZERS[recipe.optimizer](recipe.learning_rate, weight_decay=recipe.weight_decay)
    made.exclude_from_weight_decay(var_names=_NOT_DECAYED)
    return sum_no_replicas(made)


def _stacked(recipe: Recipe, makers: Mapping[str, _Maker], policy: str) -> keras.Model:
    stack: list[Any] = [keras.Input((SIDE_PX, SIDE_PX, 1))]
    for number, layer in enumerate(architectures.layers(recipe)):
        stack.append(makers[layer.kind](layer, recipe.seed + number, policy))
    return keras.Sequential(stack)


def save_weights(weights: Sequence[np.ndarray], path: Path) -> None:
    """Writes weights in the model's order, atomically, without pickles."""
    files.save_arrays(path, **{f"weight_{number:03}": array for number, array in enumerate(weights)})


def load_weights(path: Path, recipe: Recipe | None = None) -> list[np.ndarray]:
    """The weights that `save_weights` wrote. Raises RunMissing where they are gone or damaged, not those of `recipe`'s network,
    or no numbers.
    """
    try:
        arrays = files.load_arrays(path)
    except FileNotFoundError:
        raise RunMissing(f"The weights {path.name} of this run are gone. Choose another epoch or run.") from None
    except files.DamagedFile:
        raise RunMissing(f"The weights {path.name} of this run are damaged. Choose another epoch or run.") from None
    weights = [arrays[name] for name in sorted(arrays)]
    if recipe and [each.shape for each in weights] != architectures.weight_shapes(recipe):
        raise RunMissing(f"The weights {path.name} of this run belong to another network. Choose another epoch or run.")
    if not all(each.dtype.kind == "f" and np.isfinite(each).all() for each in weights):
        raise RunMissing(f"The weights {path.name} of this run hold values that are no numbers. Choose another epoch or run.")
    return weights


def _dense(layer: Layer, seed: int, policy: str) -> keras.layers.Layer:
    start = keras.initializers.GlorotUniform(seed)
    return keras.layers.Dense(layer.units, activation=layer.activation, kernel_initializer=start, dtype=policy)


def _convolution(layer: Layer, seed: int, policy: str) -> keras.layers.Layer:
    start = keras.initializers.GlorotUniform(seed)
    size = {"kernel_size": layer.kernel, "strides": layer.stride}
    return keras.layers.Conv2D(layer.units, **size, activation=layer.activation, kernel_initializer=start, dtype=policy)


def _zero_padding(layer: Layer, seed: int, policy: str) -> keras.layers.Layer:
    before = layer.added // 2
    return keras.layers.ZeroPadding2D(2 * [(before, layer.added - before)], dtype=policy)


_MAKERS: dict[str, _Maker] = {
    "convolution": _convolution,
    "zero_padding": _zero_padding,
    "batch_norm": lambda layer, seed, policy: FusedBatchNormalization(momentum=layer.rate, dtype=policy),
    "max_pool": lambda layer, seed, policy: keras.layers.MaxPooling2D(2, dtype=policy),
    "dropout": lambda layer, seed, policy: ByteDropout(layer.rate, seed=seed, dtype=policy),
    "flatten": lambda layer, seed, policy: keras.layers.Flatten(dtype=policy),
    "global_max": lambda layer, seed, policy: keras.layers.GlobalMaxPooling2D(dtype=policy),
    "dense": _dense,
    # Probabilities stay in 32 bits: with 8 bits of mantissa, .998 and .996 would be the same number.
    "output": lambda layer, seed, policy: _dense(layer, seed, "float32"),
}
_PLAIN_MAKERS: dict[str, _Maker] = {
    "batch_norm": lambda layer, seed, policy: keras.layers.BatchNormalization(momentum=layer.rate, dtype=policy),
    "dropout": lambda layer, seed, policy: keras.layers.Dropout(layer.rate, seed=seed, dtype=policy),
}
_NOT_DECAYED = ["bias", "beta", "gamma"]  # Keras' names of all trainable weights that are no kernels
_OPTIMIZERS: dict[str, Callable[..., keras.optimizers.Optimizer]] = {
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "sgd": partial(keras.optimizers.SGD, momentum=0.9),
    "muon": Muon,
}
