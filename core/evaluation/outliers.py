"""Images far from all others, by a network's features: letters, scribbles, digits on their side. Pure functions.

The features are whitened by how those of one digit vary, after which a small deviation counts where digits do not vary. Distance
is the mean to the ten nearest images that the network reads as they are labelled: several odd images do not hide one another.
bench/data_report.py says what it finds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_NUM_NEAREST = 10
_MOST_REFERENCES = 10_000
# Times the median distance. With deviations from the median as the measure, a set that the network knows less well has twice as
# many outliers for the same share of the letters found.
_FAR = 1.65
_AT_ONCE = 2000

Check = Callable[[float], None]  # takes the share that is done, 0 to 1; may wait, and may raise to end the work


def outliers(features: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, check: Check) -> np.ndarray:
    """(k,) rows of images far from all others, the farthest first, by (n, d) `features` and (n, 10) `probabilities` of a network;
    none where it reads too few images as their (n,) `labels` say.
    """
    references = _references(labels, probabilities)
    if len(references) <= 2 * _NUM_NEAREST:
        return np.zeros(0, int)
    distance = _distances(_whitened(features, references, labels), references, check)
    far = np.flatnonzero(distance > _FAR * np.median(distance))
    return far[np.argsort(-distance[far], kind="stable")]


def _references(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """(m,) rows of images that the network reads as labelled and is sure of, of all of them a random sample."""
    certainty = probabilities.max(axis=1)
    sure = certainty >= 0.9 * np.median(certainty)
    read = np.flatnonzero(sure & (probabilities.argmax(axis=1) == labels))
    return np.sort(np.random.default_rng(0).permutation(read)[:_MOST_REFERENCES])


def _whitened(features: np.ndarray, references: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n, d) float32 of length 1: features in which all references of one digit vary alike in all directions.

    Covariance by O. Ledoit, M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004.
    """
    from sklearn.covariance import LedoitWolf

    known, digits = features[references].astype(np.float64), labels[references]
    present, places = np.unique(digits, return_inverse=True)
    offsets = known - np.stack([known[digits == digit].mean(axis=0) for digit in present])[places]
    turn = np.linalg.cholesky(LedoitWolf(assume_centered=True).fit(offsets).precision_).astype(np.float32)
    white = (features - known.mean(axis=0).astype(np.float32)) @ turn
    return np.asarray(white / np.maximum(np.linalg.norm(white, axis=1, keepdims=True), 1e-6), np.float32)


def _distances(points: np.ndarray, references: np.ndarray, check: Check) -> np.ndarray:
    """(n,) mean distance of each of (n, d) points to the nearest references, itself left out."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=_NUM_NEAREST + 1, algorithm="brute").fit(points[references])
    is_reference = np.zeros(len(points), bool)
    is_reference[references] = True
    found = np.empty(len(points), np.float32)
    for start in range(0, len(points), _AT_ONCE):
        check(start / len(points))
        part = slice(start, start + _AT_ONCE)
        nearest = search.kneighbors(points[part])[0]
        found[part] = np.where(is_reference[part], nearest[:, 1:].mean(axis=1), nearest[:, :-1].mean(axis=1))
    return found
