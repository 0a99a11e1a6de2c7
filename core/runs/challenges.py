"""Challenges: an accuracy to reach with few parameters, in little time or from few images, judged by what the record holds of
each run. Pure.

A run meets one by its best epoch's accuracy as it was scored; the interval is shown beside it. The lower end of the interval
would ask for .2 points more on 8,400 images, and be out of reach on the 360 of the built-in digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.recipe import Recipe, ValidationKey
from core.runs.leaderboards import Leaderboard, ranked
from core.runs.listing import parameters
from core.runs.summary import RunSummary

_ROUNDING = 1e-6  # accuracies come as 32-bit floats
PARAMETERS, SECONDS, IMAGES = "parameters", "seconds of training", "training images"


@dataclass(frozen=True)
class Challenge:
    """`accuracy` or more on the images that `scored` names, with at most `limit` of `unit`: PARAMETERS, SECONDS or
    IMAGES. Synthetic digits are not counted among the images.
    """

    scored: ValidationKey
    accuracy: float
    limit: float
    unit: str

    @property
    def title(self) -> str:
        """ "99% with at most 1,000 parameters"."""
        how = "in" if self.unit == SECONDS else "with"
        return f"{100 * self.accuracy:g}% {how} at most {self.limit:,.0f} {self.unit}"

    def figure_text(self, figure: float) -> str:
        """ "4,851 parameters", "12.3 s", "300 training images"."""
        if figure == math.inf:
            return f"All {self.unit}"
        return f"{figure:,.1f} s" if self.unit == SECONDS else f"{figure:,.0f} {self.unit}"


@dataclass(frozen=True)
class Standing:
    """Whether a recipe keeps to the limit, and that as a sentence."""

    met: bool
    sentence: str


_MNIST, _DIGITS = (
    ValidationKey(dataset, Recipe().validation_share, Recipe().split_seed) for dataset in ("recipe-split", "digits")
)
# Name in a link -> challenge.
CHALLENGES: dict[str, Challenge] = {
    "mnist-small": Challenge(_MNIST, 0.99, 5000, PARAMETERS),
    "mnist-tiny": Challenge(_MNIST, 0.99, 1000, PARAMETERS),
    "mnist-quick": Challenge(_MNIST, 0.994, 10, SECONDS),
    "mnist-few": Challenge(_MNIST, 0.98, 1000, IMAGES),
    "mnist-few-99": Challenge(_MNIST, 0.993, 1000, IMAGES),
    "digits-small": Challenge(_DIGITS, 0.96, 5000, PARAMETERS),
    "digits-tiny": Challenge(_DIGITS, 0.95, 1000, PARAMETERS),
    "digits-quick": Challenge(_DIGITS, 0.98, 10, SECONDS),
    "digits-few": Challenge(_DIGITS, 0.95, 300, IMAGES),
}


def leaderboard(challenge: Challenge, rows: Sequence[RunSummary]) -> Leaderboard:
    """The runs scored on its images that meet the challenge, the one with the fewest parameters, seconds or images first."""
    return ranked(
        [row for row in rows if row.best and row.recipe.validation_key == challenge.scored],
        lambda row: (row.interval(row.best) if _meets(challenge, row) else None, _figure(challenge, row)),
    )


def standing(challenge: Challenge, recipe: Recipe, expected_s: float | None) -> Standing | None:
    """How the recipe stands to the limit, whatever it may score; `expected_s` is its forecast, None if unknown. None where that
    cannot be told.
    """
    figure = expected_s if challenge.unit == SECONDS else _OF_RECIPE[challenge.unit](recipe)
    if figure is None:
        return None
    if figure == math.inf:
        return Standing(False, f"{challenge.figure_text(figure)}: at most {challenge.limit:,.0f} are allowed.")
    over, forecast = figure - challenge.limit, " forecast" if challenge.unit == SECONDS else ""
    said = f"{challenge.figure_text(figure)}{forecast}"
    if over <= 0:
        return Standing(True, f"{said}: within the limit.")
    return Standing(False, f"{said}: {challenge.figure_text(over).removesuffix(f' {challenge.unit}')} too many.")


def _meets(challenge: Challenge, row: RunSummary) -> bool:
    """A branch meets no limit of time or images, for its parent did part of the work, and a run whose time still grows none of
    time.
    """
    if row.best is None or row.best.val_accuracy < challenge.accuracy - _ROUNDING or _figure(challenge, row) > challenge.limit:
        return False
    if challenge.unit == PARAMETERS:
        return True
    return row.parent_id is None and not (challenge.unit == SECONDS and row.active)


# inf: all images that there are.
_OF_RECIPE: dict[str, Callable[[Recipe], float]] = {
    PARAMETERS: lambda recipe: float(parameters(recipe)),
    IMAGES: lambda recipe: recipe.training_images or math.inf,
}


def _figure(challenge: Challenge, row: RunSummary) -> float:
    return row.active_s if challenge.unit == SECONDS else _OF_RECIPE[challenge.unit](row.recipe)
