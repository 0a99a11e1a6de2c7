"""When to say that a drawing is no digit: four scores, measured on held-out drawings, and a threshold on the best of them.

Each score is high for what does not look like a digit. The threshold belongs to one epoch's weights and rejects 2 % of held-out
digits. Measured by bench/rejection.py. Knows nothing of runs or pages.

- probability: D. Hendrycks, K. Gimpel, arXiv:1610.02136, at a temperature fitted as in C. Guo et al., arXiv:1706.04599
- energy: W. Liu et al., arXiv:2010.03759
- distance: the smallest Mahalanobis distance to a digit's mean, K. Lee et al., arXiv:1807.03888; covariance by Ledoit and Wolf
- boundary: a support vector machine (C. Cortes, V. Vapnik, 1995) between synthetic digits and non-digits, on the network's
  features, the ink's extent and the directions of its edges; training on non-digits: D. Hendrycks et al., arXiv:1812.04606
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.constants import SIDE_PX
from core.errors import InvalidAnswers
from core.evaluation.calibration import fit_temperature
from core.metrics import Interval, wilson
from core.network.predictor import Answers

REJECTED_DIGITS = 0.02
_VISIBLE = 0.2  # ink from which a pixel counts for the extent
_NUM_DIRECTIONS, _NUM_PARTS = 8, 4
_SVM_C = 5.0  # with 1, three more of a hundred non-digits are accepted; with 20, one more

Score = Callable[[Answers], np.ndarray]  # n answers -> (n,)


@dataclass(frozen=True, eq=False)
class Sample:
    """A network's answers for drawings of known kind: `digits` with their `labels` (m,), and `non_digits`."""

    labels: np.ndarray
    digits: Answers
    non_digits: Answers


@dataclass(frozen=True, eq=False)
class Curve:
    """What each threshold costs, the strictest first, as shares (m,) from 0 to 1: `coverage` of held-out digits accepted,
    `error_rate` among them, and `accepted_non_digits` of non-digits accepted.

    Y. Geifman, R. El-Yaniv, "Selective classification for deep neural networks", arXiv:1705.08500.
    """

    coverage: np.ndarray
    error_rate: np.ndarray
    accepted_non_digits: np.ndarray


@dataclass(frozen=True, eq=False)
class Rejection:
    """`name` is the chosen score; whatever lies above `threshold` is rejected.

    `rejected_non_digits` is the share of `num_non_digits` held-out non-digits that each score rejects where it rejects 2 % of
    the digits; `rejected_digits` the share of `num_digits` held-out digits that the chosen one rejects.
    """

    name: str
    score: Score
    threshold: float
    rejected_non_digits: dict[str, Interval]
    rejected_digits: Interval
    num_digits: int
    num_non_digits: int
    curve: Curve

    def rejects(self, answers: Answers) -> np.ndarray:
        """(n,) True for the drawings that are taken for non-digits."""
        return np.asarray(self.score(answers) > self.threshold)


def fit_rejection(fitted: Sample, held_out: Sample) -> Rejection:
    """The best of the four scores for a network, with its threshold.

    Raises InvalidAnswers.
    """
    for sample in (fitted, held_out):
        for answers in (sample.digits, sample.non_digits):
            if not (np.isfinite(answers.logits).all() and np.isfinite(answers.features).all()):
                raise InvalidAnswers
    scores = fit_scores(fitted, held_out)
    rejected = {}
    for name, score in scores.items():
        rejected[name] = _share_above(score(held_out.non_digits), threshold_for(score(held_out.digits)))
    best = max(rejected, key=lambda name: rejected[name].share)
    digits, non_digits = scores[best](held_out.digits), scores[best](held_out.non_digits)
    threshold = threshold_for(digits)
    return Rejection(
        name=best,
        score=scores[best],
        threshold=threshold,
        rejected_non_digits=rejected,
        rejected_digits=_share_above(digits, threshold),
        num_digits=len(digits),
        num_non_digits=len(non_digits),
        curve=risk_coverage(digits, held_out.digits.logits.argmax(axis=1) == held_out.labels, non_digits),
    )


def fit_scores(fitted: Sample, held_out: Sample) -> dict[str, Score]:
    """The four scores by name, fitted on `fitted`; the temperature on `held_out`, where the network makes more mistakes."""
    return {
        "probability": _probability(held_out.labels, held_out.digits.logits),
        "energy": _energy,
        "distance": _distance(fitted.digits.features, fitted.labels),
        "boundary": _boundary(fitted.digits, fitted.non_digits),
    }


def threshold_for(scores: np.ndarray) -> float:
    """The score that 2 % of these digits' `scores` exceed."""
    return float(np.quantile(scores, 1 - REJECTED_DIGITS))


def risk_coverage(digits: np.ndarray, right: np.ndarray, non_digits: np.ndarray) -> Curve:
    """The curve over all thresholds for the scores of `digits` (m,), whose answers are `right` (m,) or not, and of `non_digits`
    (n,).
    """
    order = np.argsort(digits)
    num_accepted = np.arange(1, len(digits) + 1)
    accepted = np.searchsorted(np.sort(non_digits), digits[order], side="right") / max(len(non_digits), 1)
    return Curve(num_accepted / len(digits), np.cumsum(~right[order]) / num_accepted, accepted)


def extents(images: np.ndarray) -> np.ndarray:
    """(n, 4) for images (n, 28, 28): ink, the height and width of its box in pixels, and ink per pixel of the box."""
    visible = np.asarray(images > _VISIBLE)
    heights, widths = (_length(np.asarray(visible.any(axis=axis))) for axis in (2, 1))
    ink = images.sum(axis=(1, 2))
    return np.stack([ink, heights, widths, ink / np.maximum(heights * widths, 1)], axis=1)


def directions(images: np.ndarray) -> np.ndarray:
    """(n, 128) for images (n, 28, 28): the root of the gradient's sum in each of eight directions, in each of 4 x 4 parts.

    After N. Dalal, B. Triggs, "Histograms of oriented gradients", CVPR 2005. The root keeps long edges from outweighing short
    ones. skimage.feature.hog, in five settings, rejected 95.1 to 96.4 % of the non-digits where this rejects 97.6 %.
    """
    down, across = np.gradient(images, axis=(1, 2))
    angle = np.arctan2(down, across) / np.pi % 1 * _NUM_DIRECTIONS
    apart = np.abs(angle[:, None] - np.arange(_NUM_DIRECTIONS)[:, None, None])
    shares = np.maximum(1 - np.minimum(apart, _NUM_DIRECTIONS - apart), 0) * np.hypot(down, across)[:, None]
    parts = shares.reshape(len(images), _NUM_DIRECTIONS, _NUM_PARTS, SIDE_PX // _NUM_PARTS, _NUM_PARTS, SIDE_PX // _NUM_PARTS)
    return np.asarray(np.sqrt(parts.sum(axis=(3, 5))).reshape(len(images), -1))


def _length(present: np.ndarray) -> np.ndarray:
    """(n,) pixels from the first to the last True in each row of (n, 28); 0 where there is none."""
    span = present.shape[1] - present.argmax(axis=1) - present[:, ::-1].argmax(axis=1)
    return np.where(present.any(axis=1), span, 0)


def _share_above(scores: np.ndarray, threshold: float) -> Interval:
    return wilson(int((scores > threshold).sum()), len(scores))


def _probability(labels: np.ndarray, logits: np.ndarray) -> Score:
    from scipy import special

    temperature = fit_temperature(labels, special.softmax(logits.astype(float), axis=1)) or 1.0
    return lambda answers: np.asarray(-special.log_softmax(answers.logits / temperature, axis=1).max(axis=1))


def _energy(answers: Answers) -> np.ndarray:
    from scipy import special

    return np.asarray(-special.logsumexp(answers.logits, axis=1))


def _distance(features: np.ndarray, labels: np.ndarray) -> Score:
    from sklearn.covariance import LedoitWolf

    present = np.unique(labels)
    means = np.stack([features[labels == digit].mean(axis=0) for digit in present])
    precision = LedoitWolf().fit(features - means[np.searchsorted(present, labels)]).precision_

    def distance(answers: Answers) -> np.ndarray:
        offsets = answers.features[:, None] - means
        return np.asarray(np.einsum("nki,nki->nk", offsets @ precision, offsets).min(axis=1))

    return distance


def _boundary(digits: Answers, non_digits: Answers) -> Score:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    machine = make_pipeline(StandardScaler(), SVC(C=_SVM_C))
    inputs = np.concatenate([_boundary_inputs(digits), _boundary_inputs(non_digits)])
    machine.fit(inputs, np.repeat([0, 1], [len(digits.images), len(non_digits.images)]))
    return lambda answers: np.asarray(machine.decision_function(_boundary_inputs(answers)))


def _boundary_inputs(answers: Answers) -> np.ndarray:
    return np.concatenate([answers.features, extents(answers.images), directions(answers.images)], axis=1)
