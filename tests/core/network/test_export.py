import io
import subprocess
import sys

import keras
import numpy as np
import pandas as pd
import pytest

from core.network.export import keras_file, submission
from core.network.model import build
from core.recipe import ACTIVATIONS, ARCHITECTURES, Recipe

# Run outside the project, so that nothing of it can be imported.
PLAIN_KERAS = """
import keras, numpy, sys
model = keras.models.load_model("model.keras")
numpy.save("answers.npy", model.predict(numpy.load("images.npy"), verbose=0))
assert not [name for name in sys.modules if name.split(".")[0] == "core"]
"""


def test_a_submission_has_kaggles_columns_and_counts_from_one():
    table = pd.read_csv(io.BytesIO(submission(np.array([7, 2, 1]))))
    assert list(table.columns) == ["ImageId", "Label"]
    assert table.values.tolist() == [[1, 7], [2, 2], [3, 1]]


SMALL = Recipe(filters_1=4, filters_2=5, filters_3=6, filters_4=7, dense_units=8)


def as_trained(recipe):
    """A network whose kernels are not as at the start and whose moving statistics are away from 0 and 1; and images for it."""
    model, draw = build(recipe), np.random.default_rng(0)
    factors = [draw.uniform(0.5, 1.5, weight.shape).astype(np.float32) for weight in model.get_weights()]
    weights = zip(model.get_weights(), factors, strict=True)
    model.set_weights([weight * factor if weight.ndim > 1 else factor for weight, factor in weights])
    return model, draw.random((20, 28, 28, 1), np.float32)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_file_has_the_activation_the_kernels_and_the_depth_of_the_recipe(activation, tmp_path):
    recipe = SMALL.changed(activation=activation, kernel_size=4, extra_convolutions=1)
    model, images = as_trained(recipe)
    (tmp_path / "model.keras").write_bytes(keras_file(recipe, model.get_weights()))
    read = keras.models.load_model(tmp_path / "model.keras")
    found, expected = read(images, training=False).numpy(), model(images, training=False).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert np.ptp(expected, axis=0).max() > 1e-6, "the answer depends on the image"
    convolutions = [layer for layer in read.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.kernel_size for layer in convolutions] == 5 * [(4, 4)]
    assert {layer.activation.__name__ for layer in convolutions} == {activation}


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "changes", [{}, {"activation": "leaky_relu", "kernel_size": 7, "extra_convolutions": 2}], ids=["designed", "own"]
)
def test_plain_keras_reads_the_file_and_answers_alike(architecture, changes, tmp_path):
    recipe = SMALL.changed(architecture=architecture, **changes)
    model, images = as_trained(recipe)
    (tmp_path / "model.keras").write_bytes(keras_file(recipe, model.get_weights()))
    np.save(tmp_path / "images.npy", images)
    subprocess.run([sys.executable, "-c", PLAIN_KERAS], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    np.testing.assert_allclose(np.load(tmp_path / "answers.npy"), model(images, training=False), atol=1e-5)
