import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from core.network.export import keras_file, submission
from core.network.model import build
from core.recipe import ARCHITECTURES, Recipe

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


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_plain_keras_reads_the_file_and_answers_alike(architecture, tmp_path):
    recipe = Recipe(architecture=architecture, filters_1=4, filters_2=5, filters_3=6, filters_4=7, dense_units=8)
    model, draw = build(recipe), np.random.default_rng(0)
    # As after training: moving statistics away from their 0 and 1.
    model.set_weights([draw.uniform(0.1, 1, weight.shape).astype(np.float32) for weight in model.get_weights()])
    images = draw.random((20, 28, 28, 1), np.float32)
    (tmp_path / "model.keras").write_bytes(keras_file(recipe, model.get_weights()))
    np.save(tmp_path / "images.npy", images)
    subprocess.run([sys.executable, "-c", PLAIN_KERAS], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    np.testing.assert_allclose(np.load(tmp_path / "answers.npy"), model(images, training=False), atol=1e-5)
