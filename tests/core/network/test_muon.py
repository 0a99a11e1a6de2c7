import keras
import numpy as np
import pytest
import tensorflow as tf

from core.network.model import build
from core.network.muon import Muon, orthogonalised
from core.recipe import Recipe

SHAPES = ((25, 32), (288, 64), (1024, 128), (32, 500))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_matrix_keeps_its_singular_vectors_and_gets_singular_values_near_one(shape):
    matrix = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    made = orthogonalised(tf.constant(matrix)).numpy()
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    inside = left.T @ made @ right.T
    values = np.diagonal(inside)
    assert inside - np.diag(values) == pytest.approx(0, abs=1e-4)
    assert values.min() > 0.6 and values.max() < 1.25


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_the_same_iteration_as_keras(shape):
    matrix = tf.constant(np.random.default_rng(1).normal(size=shape).astype(np.float32))
    theirs = keras.optimizers.Muon().zeropower_via_newtonschulz5(matrix, steps=3)
    assert orthogonalised(matrix).numpy() == pytest.approx(theirs.numpy(), abs=1e-5)


def test_a_step_is_that_of_keras_but_for_the_scale():
    random = np.random.default_rng(2)
    start = random.normal(size=(60, 15)).astype(np.float32)
    ours, theirs, last = (keras.Variable(start[:, :10] if name == "last" else start, name=name) for name in ("a", "b", "last"))
    muon = Muon(0.05)
    muon.build([ours, last])
    keras_muon = keras.optimizers.Muon(0.05, ns_steps=3, rms_rate=None, weight_decay=None, adam_weight_decay=None)
    keras_muon.build([theirs])
    for _ in range(3):
        gradient = tf.constant(random.normal(size=start.shape).astype(np.float32))
        muon.apply_gradients([(gradient, ours), (gradient[:, :10], last)])
        keras_muon.apply_gradients([(gradient, theirs)])
    moved = ours.numpy() - start
    assert np.abs(moved).max() > 0.01
    assert moved == pytest.approx(2 * (theirs.numpy() - start), abs=1e-5), "sqrt(60 / 15)"


def test_the_output_layer_biases_and_norms_learn_by_adam_at_a_tenth_of_the_rate():
    model = build(Recipe(architecture="strided", precision="float32", optimizer="muon"))
    muon = Muon(0.05)
    variables = model.trainable_variables
    muon.build(variables)
    adam = keras.optimizers.Adam(0.005, beta_2=0.99)
    before = [each.numpy() for each in variables]
    gradients = [tf.constant(np.random.default_rng(3).normal(size=each.shape).astype(np.float32)) for each in variables]
    muon.apply_gradients(zip(gradients, variables, strict=True))
    by_muon = [each.numpy() - start for each, start in zip(variables, before, strict=True)]
    for each, start in zip(variables, before, strict=True):
        each.assign(start)
    adam.build(variables)
    adam.apply_gradients(zip(gradients, variables, strict=True))
    by_adam = [each.numpy() - start for each, start in zip(variables, before, strict=True)]
    alike = [np.allclose(one, other, atol=1e-6) for one, other in zip(by_muon, by_adam, strict=True)]
    kernels = [len(each.shape) > 1 for each in variables]
    assert kernels.count(True) == 5
    assert alike == [not kernel or number == len(kernels) - 2 for number, kernel in enumerate(kernels)]
