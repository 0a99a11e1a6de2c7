"""Boards of the best runs. Only runs that were scored on the very same images stand on one board. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.metrics import Interval
from core.recipe import ValidationKey
from core.runs.listing import parameters
from core.runs.summary import RunSummary

NUM_PLACES = 5


@dataclass(frozen=True)
class Place:
    """A line of a board: `figure` is what it is sorted by, `accuracy` what the run reached there."""

    row: RunSummary
    figure: float
    accuracy: Interval


@dataclass(frozen=True)
class Leaderboard:
    """The first few, and how many of how many runs qualify."""

    places: list[Place]
    num_qualified: int
    num_runs: int


def groups(rows: Sequence[RunSummary]) -> dict[ValidationKey, list[RunSummary]]:
    """The runs that have a score, by the images that gave it; the group with the most runs first."""
    found: dict[ValidationKey, list[RunSummary]] = {}
    for row in rows:
        if row.best:
            found.setdefault(row.recipe.validation_key, []).append(row)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def best_accuracy(rows: Sequence[RunSummary]) -> Leaderboard:
    """The highest validation accuracy, each run with its best epoch."""
    return _leaderboard(rows, lambda row: (row.interval(row.best), -row.best.val_accuracy if row.best else 0.0))


def seconds_to_target(rows: Sequence[RunSummary]) -> Leaderboard:
    """The fewest seconds of training until TARGET was reached. A branch does not count: another run did a part of its work."""
    return _leaderboard(
        rows,
        lambda row: (
            row.interval(row.reached) if row.reached and row.parent_id is None else None,
            row.reached.seconds if row.reached else 0.0,
        ),
    )


def parameters_for_target(rows: Sequence[RunSummary]) -> Leaderboard:
    """The fewest parameters with which TARGET was reached."""
    return _leaderboard(rows, lambda row: (row.interval(row.reached), float(parameters(row.recipe))))


def _leaderboard(rows: Sequence[RunSummary], judged: Callable[[RunSummary], tuple[Interval | None, float]]) -> Leaderboard:
    """`judged` gives the accuracy to show, None for a run that does not qualify, and the figure to sort by, ascending."""
    places = [Place(row, figure, accuracy) for row in rows for accuracy, figure in (judged(row),) if accuracy]
    places.sort(key=lambda place: (place.figure, -place.accuracy.share, place.row.number))
    return Leaderboard(places[:NUM_PLACES], len(places), len(rows))
