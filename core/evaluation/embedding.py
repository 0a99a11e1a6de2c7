"""Maps images by their features, the inputs of the last layer: similar images lie close together. Pure functions.

`points` chooses the images, `principal` takes milliseconds, `neighbourly` takes seconds and reports its progress.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import DataError, InvalidAnswers
from core.system.background_jobs import Report

MOST_POINTS = 3000  # a browser draws as many in a fifth of a second
FEWEST_POINTS = 10
_PERPLEXITY = 30.0
_EARLY_STEPS, _LATE_STEPS, _STEPS_PER_REPORT = 250, 500, 10


@dataclass(frozen=True, eq=False)
class Map:
    """`places` (n, 2) float32 of n images, and the `share` of the features' variance that they keep (None for t-SNE)."""

    places: np.ndarray
    share: float | None = None


def points(labels: np.ndarray, predicted: np.ndarray, *, most: int = MOST_POINTS, seed: int = 0) -> np.ndarray:
    """Ascending rows of at most `most` images: all that are read wrong and a random sample of the others.

    At least a quarter are the others, where there are that many. The same seed prefers the same images,
    so that most of them stay from one epoch to the next.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    wrong = (labels != predicted)[order]
    errors, right = order[wrong], order[~wrong]
    num_errors = min(len(errors), most - min(len(right), most // 4))
    return np.sort(np.concatenate([errors[:num_errors], right[: most - num_errors]]))


def principal(features: np.ndarray) -> Map:
    """The two directions in which (n, d) `features` differ most, by scikit-learn's PCA.

    K. Pearson, "On lines and planes of closest fit to systems of points in space", Phil. Mag. 2 (1901). Raises DataError or
    InvalidAnswers.
    """
    from sklearn.decomposition import PCA

    checked = _checked(features)
    pca = PCA(min(2, checked.shape[1]))
    places = pca.fit_transform(checked)
    if places.shape[1] == 1:  # a network of one feature
        places = np.concatenate([places, np.zeros_like(places)], axis=1)
    return Map(places.astype(np.float32), float(pca.explained_variance_ratio_.sum()))


def neighbourly(features: np.ndarray, report: Report, *, seed: int = 0) -> Map:
    """A map that keeps neighbours together, by openTSNE, started from `principal` so that the clusters stay where they were.

    L. van der Maaten and G. Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008); in n log n steps: L. van der Maaten,
    "Accelerating t-SNE using Tree-Based Algorithms", JMLR 15 (2014); the start and the learning rate: D. Kobak and P. Berens,
    Nature Communications 10:5416 (2019), A. Belkina et al., ibid. 10:5415; the library: P. Poličar, M. Stražar and B. Zupan,
    JSS 109 (2024). Raises DataError or InvalidAnswers.
    """
    from openTSNE import TSNEEmbedding, affinity, initialization

    report(0.0, "looking for each image's neighbours")
    checked = _checked(features)
    perplexity = min(_PERPLEXITY, (len(checked) - 1) / 3)
    # Exact neighbours: for so few points approximate ones save nothing, and they would differ from call to call.
    alike = affinity.PerplexityBasedNN(checked, perplexity=perplexity, method="exact", n_jobs=1, random_state=seed)
    begin = initialization.rescale(principal(checked).places.astype(np.float64))
    places = TSNEEmbedding(
        initialization.jitter(begin, random_state=seed), alike, negative_gradient_method="bh", n_jobs=1, random_state=seed
    )
    num_steps = _EARLY_STEPS + _LATE_STEPS
    for first, steps, settings in (
        (0, _EARLY_STEPS, {"exaggeration": 12, "momentum": 0.5}),
        (_EARLY_STEPS, _LATE_STEPS, {"exaggeration": 1, "momentum": 0.8}),
    ):
        doing = "pulling neighbours together" if first == 0 else "giving the groups their room"

        def step(number: int, loss: float, now: np.ndarray, first: int = first, doing: str = doing) -> None:
            report((first + number) / num_steps, doing)

        places = places.optimize(steps, callbacks=step, callbacks_every_iters=_STEPS_PER_REPORT, **settings)
    return Map(np.asarray(places, np.float32))


def _checked(features: np.ndarray) -> np.ndarray:
    if len(features) < FEWEST_POINTS:
        raise DataError(f"A map takes at least {FEWEST_POINTS} images, and there are {len(features)}. Keep more for validation.")
    if not np.isfinite(features).all():
        raise InvalidAnswers
    if not np.ptp(features, axis=0).any():
        raise DataError("The features of all images are equal in this epoch, so there is nothing to map. Choose another epoch.")
    return features
