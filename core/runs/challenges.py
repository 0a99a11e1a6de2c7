"""Challenges: an accuracy to reach with few parameters or in little time, judged by what the record holds of each run. Pure.

A run meets one by its best epoch's accuracy as it was scored; the interval is shown beside it. The lower end of the interval
would ask for .2 points more on 8,400 images, and be out of reach on the 360 of the built-in digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.recipe import Recipe, ValidationKey
from core.runs.leaderboards import Leaderboard, ranked
from core.runs.listing import parameters
from core.runs.summary import RunSummary

_ROUNDING = 1e-6  # accuracies come as 32-bit floats
PARAMETERS, SECONDS = "parameters", "seconds of training"


@dataclass(frozen=True)
class Challenge:
    """`accuracy` or more on the images that `scored` names, with at most `limit` of `unit`, PARAMETERS or SECONDS."""

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
        """ "4,851 parameters", "12.3 s"."""
        return f"{figure:,.0f} parameters" if self.unit == PARAMETERS else f"{figure:,.1f} s"


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
    "digits-small": Challenge(_DIGITS, 0.96, 5000, PARAMETERS),
    "digits-tiny": Challenge(_DIGITS, 0.95, 1000, PARAMETERS),
    "digits-quick": Challenge(_DIGITS, 0.98, 10, SECONDS),
}


def leaderboard(challenge: Challenge, rows: Sequence[RunSummary]) -> Leaderboard:
    """The runs that meet the challenge, the one with the fewest parameters or seconds first, among those scored on its images."""
    return ranked(
        [row for row in rows if row.best and row.recipe.validation_key == challenge.scored],
        lambda row: (row.interval(row.best) if _meets(challenge, row) else None, _figure(challenge, row)),
    )


def standing(challenge: Challenge, recipe: Recipe, expected_s: float | None) -> Standing | None:
    """How the recipe stands to the limit, whatever it may score; `expected_s` is its forecast, None if unknown. None where that
    cannot be told.
    """
    figure = parameters(recipe) if challenge.unit == PARAMETERS else expected_s
    if figure is None:
        return None
    over, forecast = figure - challenge.limit, " forecast" if challenge.unit == SECONDS else ""
    said = f"{challenge.figure_text(figure)}{forecast}"
    if over <= 0:
        return Standing(True, f"{said}: within the limit.")
    return Standing(False, f"{said}: {challenge.figure_text(over).removesuffix(' parameters')} too many.")


def _meets(challenge: Challenge, row: RunSummary) -> bool:
    """A branch does not meet a limit of time, for its parent did part of the work; nor does a run whose time still grows."""
    if row.best is None or row.best.val_accuracy < challenge.accuracy - _ROUNDING or _figure(challenge, row) > challenge.limit:
        return False
    return challenge.unit == PARAMETERS or (row.parent_id is None and not row.active)


_FIGURES: dict[str, Callable[[RunSummary], float]] = {
    PARAMETERS: lambda row: float(parameters(row.recipe)),
    SECONDS: lambda row: row.active_s,
}


def _figure(challenge: Challenge, row: RunSummary) -> float:
    return _FIGURES[challenge.unit](row)
