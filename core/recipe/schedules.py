"""Learning rates as plain functions, so that a chart shows exactly the values that training uses. No TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from core.recipe import Recipe

# One cycle: the rate starts at peak / 25, peaks after 30 % of the run and ends near zero. Shares and divisors are
# fastai's and PyTorch's OneCycleLR defaults; L. N. Smith, "Super-convergence", arXiv:1708.07120.
_WARM_SHARE, _START_DIVISOR, _END_DIVISOR = 0.3, 25.0, 1e4

# (step, factor), in the order of the steps: from `step` on, a person has the schedule's rate multiplied by `factor`.
Changes = Sequence[tuple[int, float]]


def num_added(recipe: Recipe, num_images: int) -> int:
    """How many synthetic digits are added to `num_images` real ones in an epoch."""
    return round(recipe.styles * num_images)


def steps_per_epoch(recipe: Recipe, num_images: int) -> int:
    """Batches that cover `num_images` real training images and their synthetic digits once; the last may be smaller."""
    return math.ceil((num_images + num_added(recipe, num_images)) / recipe.batch_size)


def learning_rate(
    recipe: Recipe, *, step: int, steps_per_epoch: int, val_losses: Sequence[float] = (), changes: Changes = ()
) -> float:
    """The rate at the optimiser's step `step`, from 0, given the validation losses of the epochs before it and the changes that
    were made during training.
    """
    return factor_at(changes, step) * _SCHEDULES[recipe.schedule](recipe, step, steps_per_epoch, val_losses)


def factor_at(changes: Changes, step: int) -> float:
    """The factor in force at the optimiser's step `step`; 1 before the first change."""
    return next((factor for since, factor in reversed(changes) if since <= step), 1.0)


def with_change(changes: Changes, step: int, factor: float) -> tuple[tuple[int, float], ...]:
    """The changes with one more, which replaces those at that step and after it."""
    return *(each for each in changes if each[0] < step), (step, factor)


def _constant(recipe: Recipe, step: int, steps_per_epoch: int, val_losses: Sequence[float]) -> float:
    return recipe.learning_rate


def _exponential(recipe: Recipe, step: int, steps_per_epoch: int, val_losses: Sequence[float]) -> float:
    return float(recipe.learning_rate * recipe.decay ** (step // steps_per_epoch))


def _one_cycle(recipe: Recipe, step: int, steps_per_epoch: int, val_losses: Sequence[float]) -> float:
    peak, last = recipe.learning_rate, max(1, recipe.epochs * steps_per_epoch - 1)
    top = _WARM_SHARE * last
    start, end = peak / _START_DIVISOR, peak / _START_DIVISOR / _END_DIVISOR
    if step <= top:
        return _cosine(start, peak, step / top)
    return _cosine(peak, end, min(1.0, (step - top) / (last - top)))


def _cosine(begin: float, end: float, share: float) -> float:
    return end + (begin - end) * (1 + math.cos(math.pi * share)) / 2


def _plateau(recipe: Recipe, step: int, steps_per_epoch: int, val_losses: Sequence[float]) -> float:
    """Keras' ReduceLROnPlateau with min_delta 1e-4 and no cool-down, as a function of the history."""
    rate, best, waited = recipe.learning_rate, math.inf, 0
    for loss in val_losses:
        if loss < best - 1e-4:
            best, waited = loss, 0
            continue
        waited += 1
        if waited >= recipe.plateau_patience:
            rate, waited = rate * recipe.plateau_factor, 0
    return rate


_SCHEDULES: dict[str, Callable[[Recipe, int, int, Sequence[float]], float]] = {
    "constant": _constant,
    "exponential": _exponential,
    "one-cycle": _one_cycle,
    "plateau": _plateau,
}
