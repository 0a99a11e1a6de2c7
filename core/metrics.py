"""Figures about predictions: pure functions of labels and probabilities, most of them by scikit-learn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.constants import NUM_CLASSES

_Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point
_DIGITS = np.arange(NUM_CLASSES)
_NUM_TIED_NAMED = 3


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % confidence interval, all in [0, 1]."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class DigitScore:
    """One digit's figures: `support` images show it, `errors` of them were misread."""

    digit: int
    support: int
    errors: int
    precision: float
    recall: Interval
    f1: float


@dataclass(frozen=True, eq=False)
class Scores:
    """The figures of one set of answers: `table` is `confusion`'s (10, 10), `worst` one or two sentences."""

    accuracy: Interval
    table: np.ndarray
    digits: list[DigitScore]
    worst: str


def scores(labels: np.ndarray, predicted: np.ndarray) -> Scores:
    """Every figure for (n,) true `labels` and `predicted` digits."""
    return Scores(
        accuracy=accuracy(labels, predicted),
        table=confusion(labels, predicted),
        digits=per_digit(labels, predicted),
        worst=worst(labels, predicted),
    )


def wilson(num_right: int, num_images: int) -> Interval:
    """The share of correct answers with its 95 % Wilson score interval; (0, 0, 1) for no images.

    E. B. Wilson, "Probable inference", JASA 22 (1927). Not SciPy's, with which a test compares it: the first page shows an
    interval, and SciPy's statistics take most of a second to import.
    """
    if num_images == 0:
        return Interval(0.0, 0.0, 1.0)
    share, z2 = num_right / num_images, _Z_95**2
    middle = share + z2 / (2 * num_images)
    spread = _Z_95 * math.sqrt(share * (1 - share) / num_images + z2 / (4 * num_images**2))
    low, high = ((middle + sign * spread) / (1 + z2 / num_images) for sign in (-1, 1))
    return Interval(share, max(0.0, low), min(1.0, high))


def accuracy_interval(share: float, num_images: int) -> Interval:
    """An accuracy `share` in [0, 1], measured on `num_images`, with its Wilson interval; (0, 0, 1) for no images."""
    return wilson(round(share * num_images), num_images)


def accuracy(labels: np.ndarray, predicted: np.ndarray) -> Interval:
    """The share of (n,) `predicted` digits that equal `labels`, with its Wilson interval."""
    return wilson(int(np.sum(labels == predicted)), len(labels))


def confusion(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Counts (10, 10): rows are true digits, columns predicted ones."""
    from sklearn.metrics import confusion_matrix

    return np.asarray(confusion_matrix(labels, predicted, labels=_DIGITS))


def confusions(table: np.ndarray) -> list[tuple[int, int]]:
    """True and predicted digit of each wrong cell of a confusion matrix (10, 10) that is not empty, most frequent first."""
    wrong = table.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")
    return [(int(place) // len(table), int(place) % len(table)) for place in order if wrong.flat[place]]


def mean_interval(values: np.ndarray) -> Interval:
    """The mean of (n,) values with its 95 % interval by Student's t, not clipped; (0, 1) for a single value.

    The interval of n equal values has no width.
    """
    from scipy import stats

    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, 0.0, 1.0)
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    if error < 1e-12:  # rounding errors only
        return Interval(mean, mean, mean)
    low, high = stats.t.interval(0.95, len(values) - 1, loc=mean, scale=error)
    return Interval(mean, float(low), float(high))


def per_digit(labels: np.ndarray, predicted: np.ndarray) -> list[DigitScore]:
    """One score per digit; a figure that would divide by zero is 0."""
    from sklearn.metrics import precision_recall_fscore_support

    precision, _, f1, support = precision_recall_fscore_support(labels, predicted, labels=_DIGITS, zero_division=0)
    right = np.diag(confusion(labels, predicted))
    return [
        DigitScore(
            digit=int(digit),
            support=int(support[digit]),
            errors=int(support[digit] - right[digit]),
            precision=float(precision[digit]),
            recall=wilson(int(right[digit]), int(support[digit])),
            f1=float(f1[digit]),
        )
        for digit in _DIGITS
    ]


def log_losses(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """(n,) cross-entropy in nats of each image's (n, 10) `probabilities`; a probability of 0 counts as the smallest float32."""
    true = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return np.asarray(-np.log(np.maximum(true, np.finfo(np.float32).tiny)))


def worst(labels: np.ndarray, predicted: np.ndarray) -> str:
    """One or two sentences that name the digit with the lowest recall and the most frequent confusion.

    They name the second digit as well where the intervals of the two lowest recalls overlap, and all of the most frequent
    confusions where several come equally often.
    """
    scores = sorted((score for score in per_digit(labels, predicted) if score.support), key=_badness)
    if not scores or not scores[0].errors:
        return "All images were read right."
    first, second = scores[0], scores[1] if len(scores) > 1 else None
    text = f"Worst: {first.digit} ({_errors(first.errors)} of {first.support:,})"
    if second and second.errors and second.recall.low <= first.recall.high:
        text += f", closely followed by {second.digit} ({second.errors} of {second.support:,})"
    return f"{text}. {_most_frequent(confusion(labels, predicted))}"


def _most_frequent(table: np.ndarray) -> str:
    """The confusions that come most often, all of them where several do."""
    cells = confusions(table)
    most = int(table[cells[0]])
    tied = [f"{true} read as {read}" for true, read in cells if table[true, read] == most]
    if len(tied) == 1:
        return f"Most frequent confusion: {tied[0]} ({most})."
    if most == 1:
        return "No two errors are of one kind."
    named, more = tied[:_NUM_TIED_NAMED], len(tied) - _NUM_TIED_NAMED
    listed = f"{', '.join(named)} and {more} more" if more > 0 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"Most frequent confusions: {listed} ({most} each)."


def _badness(score: DigitScore) -> tuple[float, int]:
    return score.recall.share, score.digit


def _errors(count: int) -> str:
    return "1 error" if count == 1 else f"{count} errors"


def share_text(interval: Interval) -> str:
    """ "99.24%", with one decimal where the interval is wider than a percentage point."""
    return interval_text(interval).partition(" (")[0]


def range_text(interval: Interval) -> str:
    """ "99.03-99.41%": the interval alone, to the decimals of `share_text`."""
    return f"{interval_text(interval).partition('(')[2].rstrip(')')}%"


def interval_text(interval: Interval) -> str:
    """ "99.24% (99.03-99.41)", with one decimal where the interval is wider than a percentage point."""
    digits = 1 if interval.high - interval.low > 0.01 else 2
    share, low, high = (f"{100 * value:.{digits}f}" for value in (interval.share, interval.low, interval.high))
    return f"{share}% ({low}\N{EN DASH}{high})"
