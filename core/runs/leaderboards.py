"""Leaderboards of the best runs. A leaderboard compares only runs that were scored on the same images. Pure."""

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
    """A run on a leaderboard: `figure` is what it is sorted by, `accuracy` the validation accuracy that goes with it."""

    row: RunSummary
    figure: float
    accuracy: Interval


@dataclass(frozen=True)
class Leaderboard:
    """The first places, and how many of the runs qualify."""

    places: list[Place]
    num_qualified: int
    num_runs: int


def groups(rows: Sequence[RunSummary]) -> dict[ValidationKey, list[RunSummary]]:
    """The runs that have a score, by the images they were scored on; the largest group first."""
    found: dict[ValidationKey, list[RunSummary]] = {}
    for row in rows:
        if row.best:
            found.setdefault(row.recipe.validation_key, []).append(row)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def best_accuracy(rows: Sequence[RunSummary]) -> Leaderboard:
    """The highest validation accuracy, by each run's best epoch."""
    return ranked(rows, lambda row: (row.interval(row.best), -row.best.val_accuracy if row.best else 0.0))


def seconds_to_target(rows: Sequence[RunSummary]) -> Leaderboard:
    """The fewest seconds of training until TARGET was reached. Branches do not qualify: their parents did part of the work."""
    return ranked(
        rows,
        lambda row: (
            row.interval(row.reached) if row.reached and row.parent_id is None else None,
            row.reached.seconds if row.reached else 0.0,
        ),
    )


def parameters_for_target(rows: Sequence[RunSummary]) -> Leaderboard:
    """The fewest parameters with which TARGET was reached."""
    return ranked(rows, lambda row: (row.interval(row.reached), float(parameters(row.recipe))))


def ranked(rows: Sequence[RunSummary], judged: Callable[[RunSummary], tuple[Interval | None, float]]) -> Leaderboard:
    """`judged` gives the accuracy to show, None for a run that does not qualify, and the figure, the lowest of which wins."""
    places = [Place(row, figure, accuracy) for row in rows for accuracy, figure in (judged(row),) if accuracy]
    places.sort(key=lambda place: (place.figure, -place.accuracy.share, place.row.number))
    return Leaderboard(places[:NUM_PLACES], len(places), len(rows))
