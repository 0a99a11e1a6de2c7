"""A network's activations and the decay of its weights; its weights on disk: whose they are, and whether they are numbers."""

import math

import numpy as np
import pytest
import tensorflow as tf

from core.errors import RunMissing
from core.network import model
from core.recipe import ACTIVATIONS, OPTIMIZERS, Recipe, architectures
from core.recipe.recipe import ARCHITECTURES
from core.system import files


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("kernels", [{}, {"kernel_size": 4, "extra_convolutions": 2}], ids=["designed", "own"])
def test_the_shapes_of_the_weights_are_known_without_keras(architecture, batch_norm, kernels):
    filters = {"filters_1": 3, "filters_2": 5, "filters_3": 7, "filters_4": 4}
    recipe = Recipe(architecture=architecture, batch_norm=batch_norm, dense_units=6, **filters, **kernels)
    assert architectures.weight_shapes(recipe) == [each.shape for each in model.build(recipe).get_weights()]


@pytest.mark.parametrize(
    ("architecture", "sums"),
    [
        ("recipe", [20.98, 763.428, 1328.55, 1328.123, 8980.455, 189.933]),
        ("compact", [20.98, 765.435, 1328.55, 1328.123, 92.892]),
        ("strided", [33.7, 763.428, 1329.995, 8964.734, 191.979]),
    ],
)
def test_a_recipe_without_wishes_begins_with_the_weights_that_it_always_had(architecture, sums):
    weights = model.build(Recipe(architecture=architecture)).get_weights()
    assert [np.abs(each).sum(dtype=float) for each in weights if each.ndim > 1] == pytest.approx(sums, rel=1e-4)


def test_weights_of_another_network_and_such_as_are_no_numbers_are_refused(tmp_path):
    recipe = Recipe(architecture="compact", filters_1=2, filters_2=2, filters_3=2, filters_4=2)
    weights = model.build(recipe).get_weights()
    model.save_weights(weights, tmp_path / "good.npz")
    assert len(model.load_weights(tmp_path / "good.npz", recipe)) == len(weights)
    with pytest.raises(RunMissing, match="belong to another network"):
        model.load_weights(tmp_path / "good.npz", recipe.changed(filters_2=3))
    weights[0] = weights[0] * np.nan
    model.save_weights(weights, tmp_path / "nan.npz")
    with pytest.raises(RunMissing, match="hold values that are no numbers"):
        model.load_weights(tmp_path / "nan.npz", recipe)
    files.save_arrays(tmp_path / "text.npz", weight_000=np.array("x"))
    with pytest.raises(RunMissing):
        model.load_weights(tmp_path / "text.npz", recipe)


FORMULAS = {
    "relu": lambda x: max(x, 0.0),
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "elu": lambda x: x if x > 0 else math.exp(x) - 1,
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "linear": lambda x: x,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation_follows_every_convolution_and_dense_layer_but_the_output(activation):
    recipe = Recipe(filters_1=2, filters_2=2, filters_3=2, filters_4=2, dense_units=3, activation=activation, precision="float32")
    network, x = model.build(recipe), np.linspace(-3, 3, 25, dtype=np.float32)
    functions = [layer.activation for layer in network.layers if hasattr(layer, "activation")]
    assert len(functions) == 6
    for function in functions[:-1]:
        np.testing.assert_allclose(function(x), [FORMULAS[activation](float(each)) for each in x], atol=1e-6)
    assert functions[-1](x[None]).numpy().sum() == pytest.approx(1)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_with_weight_decay_first_takes_rate_times_decay_of_each_kernel(optimizer):
    rate, decay = 0.01, 0.5
    recipe = Recipe(architecture="strided", filters_1=3, filters_2=3, filters_3=3, dense_units=4, precision="float32")
    recipe = recipe.changed(optimizer=optimizer, learning_rate=rate)
    network = model.build(recipe)
    weights = network.trainable_variables
    random = np.random.default_rng(0)
    starts = [random.normal(size=each.shape).astype(np.float32) for each in weights]
    gradients = [tf.constant(random.normal(size=each.shape).astype(np.float32)) for each in weights]

    def after_a_step(of, starts):
        for weight, start in zip(weights, starts, strict=True):
            weight.assign(start)
        made = model.optimizer(of)
        if not of.weight_decay and optimizer == "adamw":
            made.weight_decay = None  # its own, of which the test below speaks
        made.build(weights)
        made.apply_gradients(zip(gradients, weights, strict=True))
        return [each.numpy() for each in weights]

    shrunk = [start * (1 - rate * decay) if start.ndim > 1 else start for start in starts]
    expected = after_a_step(recipe, shrunk)
    found = after_a_step(recipe.changed(weight_decay=decay), starts)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert not np.allclose(found[0], after_a_step(recipe, starts)[0], atol=1e-3)


def test_without_a_weight_decay_of_its_own_a_recipe_has_the_optimisers():
    decays = {name: model.optimizer(Recipe(optimizer=name)).weight_decay for name in OPTIMIZERS}
    assert decays.pop("adamw") == 0.004 and set(decays.values()) == {None}
