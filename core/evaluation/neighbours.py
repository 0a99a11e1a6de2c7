"""The training images most similar to another image: those whose features point in nearly the same direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core import datasets
from core.constants import ANSWER_BATCH
from core.datasets import validation
from core.network.predictor import Predictor
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.system.background_jobs import Report

MOST_IMAGES = 10_000  # of 256 features each: 10 MB a run and epoch
NUM_NEAREST = 10


@dataclass(frozen=True, eq=False)
class TrainingFeatures:
    """The features of m training images in a search index. `images` (m, 28, 28) uint8 and `labels` (m,) uint8 are theirs;
    the training part has `num_training` in all.
    """

    search: Any
    images: np.ndarray
    labels: np.ndarray
    num_training: int


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The k nearest, nearest first: `images` (k, 28, 28) uint8, `labels` (k,), and the cosine of each one's angle, -1 to 1."""

    images: np.ndarray
    labels: np.ndarray
    similarity: np.ndarray


def training_rows(
    recipe: Recipe, left_out: tuple[int, ...] = (), *, most: int = MOST_IMAGES, seed: int = 0
) -> tuple[np.ndarray, int]:
    """Ascending rows of the data that a run of this recipe learned from, or of a random sample; and how many there are."""
    rows = validation.training_rows(recipe, left_out)
    chosen = rows if len(rows) <= most else np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return chosen, len(rows)


def training_features(predictor: Predictor, run: RunSnapshot, epoch: int, report: Report) -> TrainingFeatures:
    """Takes seconds for thousands of images. Raises RunMissing, or DataError where the data set is gone."""
    rows, num_training = training_rows(run.recipe, run.left_out)
    data = datasets.load(run.recipe.dataset)
    images, labels, described = data.images[rows], data.labels[rows], []
    for start in range(0, len(images), ANSWER_BATCH):
        report(start / len(images), f"describing {len(images):,} training images")
        described.append(predictor.features(run, images[start : start + ANSWER_BATCH] / np.float32(255), epoch=epoch))
    return TrainingFeatures(search(np.concatenate(described)), images, labels, num_training)


def search(features: np.ndarray) -> Any:
    """scikit-learn's exact search among (m, d) features by their angle."""
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(metric="cosine", algorithm="brute").fit(features)


def nearest(training: TrainingFeatures, features: np.ndarray, *, num_nearest: int = NUM_NEAREST) -> Neighbours:
    """The training images nearest to one of (d,) features."""
    count = min(num_nearest, len(training.labels))
    distance, places = training.search.kneighbors(features[None], n_neighbors=count)
    return Neighbours(training.images[places[0]], training.labels[places[0]], 1 - distance[0])
