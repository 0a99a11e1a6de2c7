"""Trains a recipe in this process and returns its results, for the benchmarks of accuracy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import keras

from core.network.model import build, load_weights
from core.recipe import Recipe
from core.runs import events
from core.runs.paths import weights_path
from core.store import Store
from core.training import speed
from core.training.control import Control
from core.training.job import TrainingJob
from core.training.trainer import train


@dataclass(frozen=True)
class Trained:
    """The epochs' figures, the model with the last epoch's weights, and what it scored with each epoch's."""

    epochs: tuple[events.EpochEnded, ...]
    model: keras.Model
    scores: tuple[float, ...] = ()


def trained(recipe: Recipe, score: Callable[[keras.Model], float] | None = None) -> Trained:
    """Trains `recipe` to its last epoch; after it, `score` is called with the weights of each."""
    seen: list[events.EpochEnded] = []

    def publish(event: events.RunEvent) -> None:
        if isinstance(event, events.EpochEnded):
            seen.append(event)

    with tempfile.TemporaryDirectory() as folder:
        job = TrainingJob("bench", "bench", recipe, Path(folder), arithmetic=arithmetic(recipe))
        train(job, Control(), publish)
        model, scores = build(recipe), []
        for epoch in range(1, recipe.epochs + 1) if score else [recipe.epochs]:
            model.set_weights(load_weights(weights_path(Path(folder), epoch)))
            if score:
                scores.append(score(model))
    return Trained(tuple(seen), model, tuple(scores))


def arithmetic(recipe: Recipe) -> str:
    """What the product chooses for the recipe on this machine, once it has measured."""
    return speed.resolved(recipe, _speeds()).precision


@lru_cache(maxsize=1)
def _speeds() -> speed.Speeds:
    with tempfile.TemporaryDirectory() as folder:
        return speed.measure(Store(Path(folder)))
