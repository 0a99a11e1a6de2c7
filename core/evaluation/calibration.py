"""How far a network's confidence can be trusted, and the temperature that corrects it. Pure functions; formulas by SciPy.

C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural Networks", arXiv:1706.04599: the reliability
diagram and the expected calibration error (section 2), temperature scaling (section 4.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidAnswers, PredictionError
from core.metrics import Interval, mean_interval, wilson

NUM_BINS = 10
_NUM_RESAMPLES = 500
_SMALLEST = float(np.finfo(np.float32).tiny)  # stands for probabilities that the network rounded to 0
_LOG_BOUNDS = (math.log(0.01), math.log(100.0))


@dataclass(frozen=True)
class ReliabilityBin:
    """The images whose highest probability lies in (`low`, `high`]: its mean `confidence`, and the share read `right`."""

    low: float
    high: float
    num_images: int
    confidence: float
    right: Interval


@dataclass(frozen=True)
class Trust:
    """Two figures for some answers: the expected calibration `error` with its interval, and the mean `log_loss` in nats."""

    error: Interval
    log_loss: float
    num_images: int


@dataclass(frozen=True)
class Calibration:
    """`bins` without the empty ones, and `gap`, mean confidence minus share right, are those of all images.

    `temperature` is fitted on the even rows; `before` and `after` are measured on the odd ones. It is None where every even row
    is read right: the likelihood then grows without bound as the temperature falls.
    """

    bins: list[ReliabilityBin]
    confidence: float
    gap: Interval
    before: Trust
    temperature: float | None
    after: Trust | None

    @property
    def verdict(self) -> str:
        """A sentence: over-confident, under-confident, or neither as far as these images show."""
        sure, right = f"{self.confidence:.1%}", f"{self.confidence - self.gap.share:.1%}"
        if self.gap.low > 0:
            return f"The network is over-confident: on average it is {sure} sure, and right {right} of the time."
        if self.gap.high < 0:
            return f"The network is under-confident: on average it is only {sure} sure, and right {right} of the time."
        return f"The network is about as sure as it is right: {sure} sure on average, and right {right} of the time."


def calibration(labels: np.ndarray, probabilities: np.ndarray) -> Calibration:
    """Every figure for `labels` (n,) and `probabilities` (n, 10).

    Raises PredictionError where the probabilities are invalid (NaN, or outside 0 to 1), or there are fewer than two.
    """
    probabilities = _checked(labels, probabilities)
    confidence, right = _top(labels, probabilities)
    even, odd = slice(0, None, 2), slice(1, None, 2)
    temperature = fit_temperature(labels[even], probabilities[even])
    after = None if temperature is None else _trust(labels[odd], scaled(probabilities[odd], temperature))
    return Calibration(
        bins=reliability(confidence, right),
        confidence=float(confidence.mean()),
        gap=mean_interval(confidence - right),
        before=_trust(labels[odd], probabilities[odd]),
        temperature=temperature,
        after=after,
    )


def reliability(confidence: np.ndarray, right: np.ndarray) -> list[ReliabilityBin]:
    """Ten bins of equal width for `confidence` (n,) in [0, 1] and `right` (n,) 0 or 1; the empty ones are left out."""
    places = _places(confidence)
    bins = []
    for place in np.unique(places):
        inside = places == place
        num_images = int(inside.sum())
        share = wilson(int(right[inside].sum()), num_images)
        bins.append(ReliabilityBin(place / NUM_BINS, (place + 1) / NUM_BINS, num_images, float(confidence[inside].mean()), share))
    return bins


def expected_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error, 0 to 1: the bins' mean distance of confidence from share right, weighted by their images.

    Guo et al., arXiv:1706.04599, equation 3.
    """
    return _distance(_places(confidence), confidence - right)


def fit_temperature(labels: np.ndarray, probabilities: np.ndarray) -> float | None:
    """The temperature, .01 to 100, with the lowest log loss on these answers; above 1 makes them less sure.

    None where all are right: no temperature is the best one then. Guo et al., arXiv:1706.04599, section 4.2.
    """
    from scipy import optimize

    if (probabilities.argmax(axis=1) == labels).all():
        return None
    logits = _logits(probabilities)
    found = optimize.minimize_scalar(
        lambda log: _log_loss(labels, logits / math.exp(log)), bounds=_LOG_BOUNDS, method="bounded", options={"xatol": 1e-6}
    )
    return float(math.exp(found.x))


def scaled(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """(n, 10) probabilities as the network would have given them with its logits divided by `temperature`."""
    from scipy import special

    return np.asarray(special.softmax(_logits(probabilities) / temperature, axis=1))


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean of -log(probability of the true digit), in nats; a probability of 0 counts as the smallest 32-bit one."""
    return _log_loss(labels, _logits(probabilities))


def _checked(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """The probabilities in 64 bits, because sums in 32 lose their last digits."""
    if len(labels) < 2 or len(labels) != len(probabilities):
        raise PredictionError(
            f"There are {len(probabilities)} answers for {len(labels)} images. Calibration needs one for each of two or more."
        )
    if not ((probabilities >= 0) & (probabilities <= 1 + 1e-6)).all():  # false for NaN as well
        raise InvalidAnswers
    return np.minimum(probabilities.astype(np.float64), 1.0)


def _top(labels: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return probabilities.max(axis=1), (probabilities.argmax(axis=1) == labels).astype(np.float64)


def _places(confidence: np.ndarray) -> np.ndarray:
    """(n,) the bin of each: (0, .1] is 0, (.9, 1] is 9."""
    return np.asarray(np.clip(np.ceil(confidence * NUM_BINS).astype(int) - 1, 0, NUM_BINS - 1))


def _distance(places: np.ndarray, gaps: np.ndarray) -> float:
    return float(np.abs(np.bincount(places, gaps, NUM_BINS)).sum() / len(gaps))


def _logits(probabilities: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(probabilities, _SMALLEST)))


def _log_loss(labels: np.ndarray, logits: np.ndarray) -> float:
    from scipy import special

    return float(-special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean())


def _trust(labels: np.ndarray, probabilities: np.ndarray) -> Trust:
    confidence, right = _top(labels, probabilities)
    return Trust(_error_interval(confidence, right), log_loss(labels, probabilities), len(labels))


def _error_interval(confidence: np.ndarray, right: np.ndarray) -> Interval:
    """The error with its basic bootstrap interval, which corrects the upward bias of a resampled error that cannot be negative.
    The same images give the same interval.
    """
    from scipy import stats

    places, gaps = _places(confidence), confidence - right
    error = expected_error(confidence, right)
    if len(gaps) < 2:
        return Interval(error, 0.0, 1.0)
    found = stats.bootstrap(
        (np.arange(len(gaps)),),
        lambda rows: _distance(places[rows], gaps[rows]),
        vectorized=False,
        method="basic",
        n_resamples=_NUM_RESAMPLES,
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Interval(error, max(float(found.low), 0.0), min(float(found.high), 1.0))
