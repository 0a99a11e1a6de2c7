"""What a learning-rate range test says: the loss of each step while the rate rises, and the rate to take from it. Pure. No
TensorFlow.

L. N. Smith, "Cyclical learning rates for training neural networks", arXiv:1506.01186, section 3.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.recipe import FIELDS, Recipe
from core.recipe.rules_of_thumb import RATES
from core.runs.smoothing import smoothed

LOWEST, HIGHEST = 1e-5, 1.0  # nothing moves below in a hundred steps, and nothing learns above
_MEMORY = 0.8  # of the smoothing: at .9 the curve lags behind by a third of a decade
_DIVERGED = 4.0  # times the lowest loss so far: fastai's rule for the end of the test
_FALLS = 0.9  # of the loss at the start must be reached, or nothing was learned
# The suggestion is a tenth of the rate of the lowest loss, fastai's `minimum`. By bench/range_test.py a fourth did worse, also as
# the peak of one cycle, and the rate of steepest descent far worse.
_BELOW_LOWEST = 10.0
_START_SHARE = 0.1  # of the steps, which say what the loss was at the start


@dataclass(frozen=True, eq=False)
class RangeTest:
    """The rates (n,), ascending, and the smoothed losses (n,) of the steps at them, up to where the loss grew without bound.

    `trouble` says in a sentence why no rate can be suggested, empty where one can. `diverged_at` is the rate at which the loss
    grew without bound, None where it never did.
    """

    rates: np.ndarray
    losses: np.ndarray
    trouble: str = ""
    diverged_at: float | None = None

    @property
    def lowest_at(self) -> float:
        """The rate of the lowest smoothed loss. Only where there is no trouble."""
        return float(self.rates[int(self.losses.argmin())])

    def suggestion(self, recipe: Recipe) -> float | None:
        """The rate to take, of one cycle the peak, and no more than the recipe's optimiser can take in a whole run; None where
        there is trouble.
        """
        if self.trouble:
            return None
        rate = float(f"{self.lowest_at / _BELOW_LOWEST:.2g}")
        return max(min(rate, RATES[recipe.optimizer].highest), FIELDS["learning_rate"].low)


def rising(num_steps: int) -> np.ndarray:
    """(n,) rates from LOWEST to HIGHEST, each the same multiple of the one before."""
    return np.geomspace(LOWEST, HIGHEST, num_steps)


def end_of(losses: np.ndarray) -> int | None:
    """The first of the steps with these raw losses (n,) whose loss is no number, or whose smoothed one is four times the lowest
    before it; None where there is none.
    """
    broken = np.flatnonzero(~np.isfinite(losses))
    whole = losses[: broken[0]] if len(broken) else losses
    smooth = smoothed(whole, _MEMORY)
    grown = np.flatnonzero(smooth > _DIVERGED * np.minimum.accumulate(smooth))
    ends = [int(each[0]) for each in (grown, broken) if len(each)]
    return min(ends, default=None)


def judged(rates: np.ndarray, losses: np.ndarray) -> RangeTest:
    """The test whose steps at `rates` (n,) had the raw `losses` (n,)."""
    end = end_of(losses)
    diverged_at = None if end is None else float(rates[end])
    kept = losses[:end]
    curve = smoothed(kept, _MEMORY)
    at = rates[: len(kept)]
    start = float(np.mean(kept[: max(1, round(_START_SHARE * len(losses)))])) if len(kept) else math.nan
    if not len(kept) or not float(curve.min()) <= _FALLS * start:
        return RangeTest(at, curve, _trouble(diverged_at, len(kept)), diverged_at)
    return RangeTest(at, curve, diverged_at=diverged_at)


def _trouble(diverged_at: float | None, num_kept: int) -> str:
    if not num_kept:
        return f"The loss stopped being a number at the first step, at a rate of {LOWEST:g}: no rate can be suggested."
    if diverged_at is not None:
        return f"The loss hardly fell before it grew without bound, at a rate of {diverged_at:.2g}: no rate can be suggested."
    return f"The loss hardly fell at any rate from {LOWEST:g} to {HIGHEST:g}: no rate can be suggested."
