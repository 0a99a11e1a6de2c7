"""Muon, the optimiser that learns most from each image: momentum for the kernels, made orthogonal before each step.

K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024. Keras' own leaves convolutions to Adam; here
they are matrices of (inputs, filters) like the others. TensorFlow backend only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

# Of the quintic iteration, from the same source, with three of its usual five steps: each costs time.
_A, _B, _C = 3.4445, -4.7750, 2.0315
NUM_STEPS = 3
_ADAM_SHARE = 0.1  # of the learning rate: for what is no matrix, and for the output layer
_BETA_1, _BETA_2 = 0.9, 0.99
_TINY = 1e-7


class Muon(keras.optimizers.Optimizer):
    """Orthogonalised momentum for every kernel but the output layer's; Adam at a tenth of the rate for the rest.

    The output layer's kernel is the last matrix among the variables. A step of an (r, c) kernel has singular values of about 1,
    times the learning rate and sqrt(max(1, r / c)).
    """

    def __init__(self, learning_rate: float, *, momentum: float = 0.95, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum

    def build(self, variables: Sequence[keras.Variable]) -> None:
        if self.built:
            return
        super().build(variables)
        matrices = [each.path for each in variables if len(each.shape) > 1][:-1]
        self._momenta = [self.add_variable_from_reference(each, "momentum") for each in variables]
        self._velocities = [
            None if each.path in matrices else self.add_variable_from_reference(each, "velocity") for each in variables
        ]

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor) -> None:
        index = self._get_variable_index(variable)
        momentum, velocity = self._momenta[index], self._velocities[index]
        if velocity is None:
            self.assign(momentum, momentum * self.momentum + gradient)
            ahead = gradient + momentum * self.momentum  # Nesterov's
            rows, columns = math.prod(variable.shape[:-1]), variable.shape[-1]
            step = orthogonalised(tf.reshape(ahead, (rows, columns)))
            scale = learning_rate * math.sqrt(max(1.0, rows / columns))
            self.assign_sub(variable, scale * tf.reshape(step, variable.shape))
        else:
            count = tf.cast(self.iterations.value + 1, tf.float32)
            rate = _ADAM_SHARE * learning_rate * tf.sqrt(1 - tf.pow(_BETA_2, count)) / (1 - tf.pow(_BETA_1, count))
            self.assign_add(momentum, (gradient - momentum) * (1 - _BETA_1))
            self.assign_add(velocity, (tf.square(gradient) - velocity) * (1 - _BETA_2))
            self.assign_sub(variable, rate * momentum / (tf.sqrt(tf.convert_to_tensor(velocity)) + _TINY))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "momentum": self.momentum}


def orthogonalised(matrix: tf.Tensor) -> tf.Tensor:
    """(r, c) float32 -> (r, c) with the same singular vectors and with singular values near 1.

    Each step of the iteration is X <- (a + b XX' + c (XX')^2) X. The powers of XX' are small and commute, so that only the
    first product and the last one have the matrix' longer side.
    """
    rows, columns = matrix.shape
    tall = rows > columns  # then the smaller product is X'X, and its powers come last
    gram = tf.matmul(matrix, matrix, transpose_a=tall, transpose_b=not tall)
    scale = 1 / (tf.sqrt(tf.linalg.trace(gram)) + _TINY)  # of the Frobenius norm
    gram *= scale * scale
    unit = tf.eye(min(rows, columns))
    product = None
    for number in range(NUM_STEPS):
        power = _A * unit + tf.matmul(_B * unit + _C * gram, gram)
        product = power if product is None else tf.matmul(power, product)
        if number < NUM_STEPS - 1:
            gram = tf.matmul(tf.matmul(power, gram), power)
    product *= scale
    return tf.matmul(matrix, product) if tall else tf.matmul(product, matrix)
