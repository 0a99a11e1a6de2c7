"""Trains a recipe in this process and gives what came of it, for the benchmarks that judge accuracy."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import keras

from core import network
from core.recipe import Recipe
from core.training import events
from core.training.control import Control
from core.training.run import Run, weights_path
from core.training.trainer import train


@dataclass(frozen=True)
class Trained:
    """The epochs' figures, and the model with the last epoch's weights."""

    epochs: tuple[events.EpochEnded, ...]
    model: keras.Model


def trained(recipe: Recipe) -> Trained:
    """Trains `recipe` to its last epoch."""
    seen: list[events.EpochEnded] = []

    def publish(event: events.RunEvent) -> None:
        if isinstance(event, events.EpochEnded):
            seen.append(event)

    with tempfile.TemporaryDirectory() as folder:
        train(Run("bench", "bench", recipe, Path(folder)), Control(), publish)
        model = network.build(recipe)
        model.set_weights(network.load_weights(weights_path(Path(folder), recipe.epochs)))
    return Trained(tuple(seen), model)
