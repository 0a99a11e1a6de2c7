"""Whether two runs really differ. Pure functions; formulas by SciPy.

Two runs that answered for the same images are compared image by image: Q. McNemar, "Note on the sampling error of the difference
between correlated proportions or percentages", Psychometrika 12 (1947), in its exact form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import PredictionError
from core.metrics import confusion, wilson

SIGNIFICANT = 0.05


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two runs' answers for the same n images. `only_first` and `only_second` are the rows that one alone reads right.

    `p` is the chance of so uneven a count among them if both were equally good. `difference` (10, 10) is the first run's
    confusion matrix minus the second's.
    """

    num_images: int
    right: tuple[int, int]
    only_first: np.ndarray
    only_second: np.ndarray
    difference: np.ndarray
    p: float

    @property
    def num_both(self) -> int:
        """Images that both read right."""
        return self.right[0] - len(self.only_first)

    @property
    def num_neither(self) -> int:
        """Images that both read wrong."""
        return self.num_images - self.right[1] - len(self.only_first)

    @property
    def differ(self) -> bool:
        """Whether the two differ significantly at the 5 % level."""
        return self.p < SIGNIFICANT

    def verdict(self, first: str, second: str) -> str:
        """ "99.31% and 99.43% on 8,400 images cannot be told apart (p = .29): a alone reads 31 of them, b alone 41." """
        scores = [wilson(count, self.num_images) for count in self.right]
        digits = 2 if max(score.high - score.low for score in scores) < 0.01 else 1
        shares = " and ".join(f"{100 * score.share:.{digits}f}%" for score in scores)
        better, worse = (first, second) if self.right[0] > self.right[1] else (second, first)
        what = f"really differ, {better} is better than {worse}" if self.differ else "cannot be told apart"
        counts = f"{first} alone reads {len(self.only_first):,} of them, {second} alone {len(self.only_second):,}"
        return f"{shares} on {self.num_images:,} images {what} ({p_text(self.p)}): {counts}."


def compare(labels: np.ndarray, first: np.ndarray, second: np.ndarray) -> Comparison:
    """Two sets of digits read, each (n,), for images that show `labels` (n,). Raises PredictionError where they do not pair."""
    if not len(labels) == len(first) == len(second):
        raise PredictionError(
            f"One run answered for {len(first)} images and the other for {len(second)}, of {len(labels)}. "
            "Choose a run that was scored on the same images."
        )
    right_first, right_second = first == labels, second == labels
    only_first, only_second = np.flatnonzero(right_first & ~right_second), np.flatnonzero(right_second & ~right_first)
    return Comparison(
        num_images=len(labels),
        right=(int(right_first.sum()), int(right_second.sum())),
        only_first=only_first,
        only_second=only_second,
        difference=confusion(labels, first) - confusion(labels, second),
        p=mcnemar(len(only_first), len(only_second)),
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p-value: a fair coin for each image that one run alone reads. 1 where there is none."""
    from scipy import stats

    discordant = only_first + only_second
    return float(stats.binomtest(only_first, discordant, 0.5).pvalue) if discordant else 1.0


def p_text(p: float) -> str:
    """ "p = .29", "p = .048", "p < .001"."""
    if p < 0.001:
        return "p < .001"
    return f"p = {_point(p, 2 if p >= 0.1 else 3)}"


def _point(value: float, digits: int) -> str:
    """ ".9931": a share without its leading zero."""
    return f"{value:.{digits}f}".removeprefix("0")
