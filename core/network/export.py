"""A run's answers as files that others can use."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np

from core.recipe import Recipe
from core.system import priority


def submission(predicted: np.ndarray) -> bytes:
    """Kaggle's Digit Recognizer submission for (n,) digits in the order of `test.csv`: ImageId from 1, Label."""
    text = io.StringIO()
    text.write("ImageId,Label\n")
    for number, digit in enumerate(predicted.tolist(), start=1):
        text.write(f"{number},{digit}\n")
    return text.getvalue().encode()


def keras_file(recipe: Recipe, weights: list[np.ndarray]) -> bytes:
    """A `.keras` file of Keras' own layers: `keras.models.load_model` reads it without this package.

    The model takes (n, 28, 28, 1) floats in [0, 1], ink 1, and gives (n, 10) probabilities.
    """
    priority.lower_workers()
    from core.network.model import build_plain

    model = build_plain(recipe)
    model.set_weights(weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
