"""A network's weights on disk: whose they are, and whether they are numbers."""

import numpy as np
import pytest

from core.errors import RunMissing
from core.network import model
from core.recipe import Recipe, architectures
from core.recipe.recipe import ARCHITECTURES
from core.system import files


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("batch_norm", [True, False])
def test_the_shapes_of_the_weights_are_known_without_keras(architecture, batch_norm):
    filters = {"filters_1": 3, "filters_2": 5, "filters_3": 7, "filters_4": 4}
    recipe = Recipe(architecture=architecture, batch_norm=batch_norm, dense_units=6, **filters)
    assert architectures.weight_shapes(recipe) == [each.shape for each in model.build(recipe).get_weights()]


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
