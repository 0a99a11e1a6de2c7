"""When a network should say that a drawing is no digit: four scores, measured on held-out drawings, and the best one's cut-off.

Each score is high for what is not like a digit. The cut-off belongs to one epoch's weights: it refuses 2 % of held-out digits,
drawn like a person's. Measured by bench/refusal.py; knows nothing of runs or pages.

- probability: D. Hendrycks, K. Gimpel, arXiv:1610.02136, at a temperature fitted as C. Guo et al., arXiv:1706.04599
- energy: W. Liu et al., arXiv:2010.03759
- distance: the least Mahalanobis distance to a digit's mean, K. Lee et al., arXiv:1807.03888; covariance by Ledoit and Wolf
- boundary: a support vector machine (C. Cortes, V. Vapnik, 1995) between drawn digits and things that are none, on the network's
  features, the ink's extent and its edges' directions; learning from examples of what is none: D. Hendrycks et al.,
  arXiv:1812.04606
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.constants import SIDE_PX
from core.datasets.synthetic.redrawn import Drawings
from core.errors import InvalidAnswers
from core.evaluation.calibration import fit_temperature
from core.metrics import Interval, wilson

REFUSED_DIGITS = 0.02
_VISIBLE = 0.2  # ink from which a pixel counts for the extent
_NUM_DIRECTIONS, _NUM_PARTS = 8, 4
_SOFTNESS = 5.0  # the machine's C: with 1 three of a hundred non-digits more get through, with 20 one

Score = Callable[["Seen"], np.ndarray]


@dataclass(frozen=True, eq=False)
class Seen:
    """Drawings as a network saw them: `images` (n, 28, 28), its last layer's inputs `features` (n, d) and outputs before the
    softmax, `logits` (n, 10).
    """

    images: np.ndarray
    features: np.ndarray
    logits: np.ndarray


@dataclass(frozen=True, eq=False)
class Curve:
    """What each cut-off costs, from refusing nothing on: `coverage` (m,) is the share of held-out digits that get an answer,
    `misread` (m,) the share of wrong ones among those answers, `taken` (m,) the share of non-digits that get an answer too.

    Y. Geifman, R. El-Yaniv, "Selective classification for deep neural networks", arXiv:1705.08500.
    """

    coverage: np.ndarray
    misread: np.ndarray
    taken: np.ndarray


@dataclass(frozen=True, eq=False)
class Refusal:
    """`name` is the chosen score; whatever lies above `cutoff` is refused. `caught` says of every score which share of the
    held-out non-digits it refuses at a cut-off that costs 2 % of the digits; `lost` which share of the digits the chosen one
    refuses, of `num_digits` and `num_others`."""

    name: str
    score: Score
    cutoff: float
    caught: dict[str, Interval]
    lost: Interval
    num_digits: int
    num_others: int
    curve: Curve

    def refuses(self, seen: Seen) -> np.ndarray:
        """(n,) True for what should get no answer."""
        return np.asarray(self.score(seen) > self.cutoff)


def measured(fitted: tuple[Drawings, Seen, Seen], held_out: tuple[Drawings, Seen, Seen]) -> Refusal:
    """The best of the four scores for a network. Both arguments hold drawings, the digits as seen, and the non-digits as seen.

    Raises InvalidAnswers.
    """
    for _, digits, others in (fitted, held_out):
        if not all(np.isfinite(part).all() for part in (digits.logits, digits.features, others.logits, others.features)):
            raise InvalidAnswers
    drawings, digits, others = held_out
    found = scores(*fitted, temperature_from=held_out)
    caught = {}
    for name, score in found.items():
        caught[name] = _caught(score(others), cutoff_of(score(digits)))
    best = max(caught, key=lambda name: caught[name].share)
    values, cutoff = found[best](digits), cutoff_of(found[best](digits))
    right = digits.logits.argmax(axis=1) == drawings.labels
    lost = wilson(int((values > cutoff).sum()), len(values))
    prices = curve(values, right, found[best](others))
    return Refusal(best, found[best], cutoff, caught, lost, len(values), len(others.images), prices)


def scores(drawings: Drawings, digits: Seen, others: Seen, *, temperature_from: tuple[Drawings, Seen, Seen]) -> dict[str, Score]:
    """The four scores by name, fitted on these drawings; the temperature on others, which the network answers less well."""
    return {
        "probability": _probability(temperature_from[0].labels, temperature_from[1].logits),
        "energy": _energy,
        "distance": _distance(digits.features, drawings.labels),
        "boundary": _boundary(digits, others),
    }


def cutoff_of(values: np.ndarray) -> float:
    """The score that 2 % of these digits lie above."""
    return float(np.quantile(values, 1 - REFUSED_DIGITS))


def curve(digits: np.ndarray, right: np.ndarray, others: np.ndarray) -> Curve:
    """Every cut-off that changes anything for `digits` (m,), whose answers are `right` (m,) or not, and for `others` (n,)."""
    order = np.argsort(digits)
    answered = np.arange(1, len(digits) + 1)
    taken = np.searchsorted(np.sort(others), digits[order], side="right") / max(len(others), 1)
    return Curve(answered / len(digits), np.cumsum(~right[order]) / answered, taken)


def extents(images: np.ndarray) -> np.ndarray:
    """(n, 4): how much ink, how high, how wide, and how full of ink its box, of (n, 28, 28). A dot is full, a dash is flat."""
    visible = np.asarray(images > _VISIBLE)
    heights, widths = (_length(np.asarray(visible.any(axis=axis))) for axis in (2, 1))
    ink = images.sum(axis=(1, 2))
    return np.stack([ink, heights, widths, ink / np.maximum(heights * widths, 1)], axis=1)


def directions(images: np.ndarray) -> np.ndarray:
    """(n, 128): how much of the ink's edge runs in each of eight directions, in each of 4 x 4 parts of (n, 28, 28).

    After N. Dalal, B. Triggs, "Histograms of oriented gradients", CVPR 2005; the root keeps long edges from drowning short ones.
    """
    down, across = np.gradient(images, axis=(1, 2))
    turn = np.arctan2(down, across) / np.pi % 1 * _NUM_DIRECTIONS
    away = np.abs(turn[:, None] - np.arange(_NUM_DIRECTIONS)[:, None, None])
    shares = np.maximum(1 - np.minimum(away, _NUM_DIRECTIONS - away), 0) * np.hypot(down, across)[:, None]
    parts = shares.reshape(len(images), _NUM_DIRECTIONS, _NUM_PARTS, SIDE_PX // _NUM_PARTS, _NUM_PARTS, SIDE_PX // _NUM_PARTS)
    return np.asarray(np.sqrt(parts.sum(axis=(3, 5))).reshape(len(images), -1))


def _length(present: np.ndarray) -> np.ndarray:
    """(n,) from the first to the last True of (n, 28); 0 for none."""
    span = present.shape[1] - present.argmax(axis=1) - present[:, ::-1].argmax(axis=1)
    return np.where(present.any(axis=1), span, 0)


def _caught(others: np.ndarray, cutoff: float) -> Interval:
    return wilson(int((others > cutoff).sum()), len(others))


def _probability(labels: np.ndarray, logits: np.ndarray) -> Score:
    from scipy import special

    temperature = fit_temperature(labels, special.softmax(logits.astype(float), axis=1)) or 1.0
    return lambda seen: np.asarray(-special.log_softmax(seen.logits / temperature, axis=1).max(axis=1))


def _energy(seen: Seen) -> np.ndarray:
    from scipy import special

    return np.asarray(-special.logsumexp(seen.logits, axis=1))


def _distance(features: np.ndarray, labels: np.ndarray) -> Score:
    from sklearn.covariance import LedoitWolf

    present = np.unique(labels)
    means = np.stack([features[labels == digit].mean(axis=0) for digit in present])
    precision = LedoitWolf().fit(features - means[np.searchsorted(present, labels)]).precision_

    def distance(seen: Seen) -> np.ndarray:
        away = seen.features[:, None] - means
        return np.asarray(np.einsum("nki,nki->nk", away @ precision, away).min(axis=1))

    return distance


def _boundary(digits: Seen, others: Seen) -> Score:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    examples = np.concatenate([_told(digits), _told(others)])
    machine = make_pipeline(StandardScaler(), SVC(C=_SOFTNESS))
    machine.fit(examples, np.repeat([0, 1], [len(digits.images), len(others.images)]))
    return lambda seen: np.asarray(machine.decision_function(_told(seen)))


def _told(seen: Seen) -> np.ndarray:
    return np.concatenate([seen.features, extents(seen.images), directions(seen.images)], axis=1)
