"""Layers with Keras' numerics and less work: what the 2018 network spends a third of a step on, done by fused or
cheaper operations. TensorFlow backend only. Measured by bench/step.py.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

_CHANNEL_MULTIPLE = 16  # oneDNN has fast kernels for 16-bit batch normalisation only for such multiples


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras' BatchNormalization over the last axis of (n, h, w, c) or (n, c), computed by TensorFlow's fused operation.

    Same weights, same configuration, same results; Keras 3 spells the operation out on CPU, which takes longer.
    """

    def call(self, inputs: tf.Tensor, training: bool | None = None, mask: Any = None) -> tf.Tensor:
        learning = bool(training and self.trainable)
        flat = len(inputs.shape) == 2
        pictures = inputs[:, None, None, :] if flat else inputs
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            tf.cast(pictures, tf.float32) if inputs.shape[-1] % _CHANNEL_MULTIPLE else pictures,
            scale=self.gamma.value,
            offset=self.beta.value,
            mean=None if learning else self.moving_mean.value,
            variance=None if learning else self.moving_variance.value,
            epsilon=self.epsilon,
            is_training=learning,
        )
        if learning:
            # The fused operation reports the sample variance (divided by n - 1); Keras averages the population's.
            count = tf.cast(tf.size(inputs) / tf.shape(inputs)[-1], tf.float32)
            variance *= (count - 1) / count
            for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving.assign(moving * self.momentum + batch * (1 - self.momentum))
        outputs = tf.cast(outputs, inputs.dtype)
        return outputs[:, 0, 0, :] if flat else outputs


class ByteDropout(keras.layers.Layer):
    """Dropout that draws one random byte per activation instead of one float.

    The share kept is rounded to 256ths (at most .002 off) and survivors are scaled by its exact inverse, so the mean is
    kept. The mask depends on (seed, steps so far) alone: `rewind(step)` makes a resumed run draw what it would have drawn.
    """

    def __init__(self, rate: float, *, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate, self.seed = rate, seed
        self.num_kept = round((1 - rate) * 256)
        self.seeds = keras.random.SeedGenerator(seed)

    def rewind(self, step: int) -> None:
        """The next mask is that of training step `step`, counted from 0."""
        self.seeds.state.assign([self.seed, step])

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training:
            return inputs
        size = tf.size(inputs)
        words = tf.random.stateless_uniform(
            [(size + 3) // 4], seed=tf.cast(self.seeds.next(), tf.int32), minval=None, maxval=None, dtype=tf.int32
        )
        drawn = tf.reshape(tf.reshape(tf.bitcast(words, tf.uint8), [-1])[:size], tf.shape(inputs))
        mask = tf.cast(drawn < tf.constant(self.num_kept, tf.uint8), inputs.dtype)
        return inputs * (mask * tf.cast(256 / self.num_kept, inputs.dtype))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
