"""How rows of the tables `runs` and `epochs` become records, and records become values to write. Pure.

The columns are written out once, in `tables`. A column and a field of `RunSnapshot` or `RunSummary` with one name hold one thing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from core.recipe import Recipe
from core.runs.epoch import Epoch, best_epoch
from core.runs.snapshot import RunSnapshot
from core.runs.summary import TARGET, Reached, RunSummary
from core.store import tables

_MOST_ACCURACIES = 40  # a small curve is some ninety pixels wide
_ROUNDING = 1e-6  # accuracies come as 32-bit floats
_EPOCH = tuple(Epoch.__dataclass_fields__)
_SNAPSHOT = tuple(name for name in RunSnapshot.__dataclass_fields__ if name in tables.runs.c)
_SUMMARY = tuple(name for name in RunSummary.__dataclass_fields__ if name in tables.runs.c)
PROGRESS = frozenset(column.name for column in tables.runs.c if column.info.get("progress"))  # changes while a run trains
NEW = frozenset(_SNAPSHOT)


@lru_cache(maxsize=4096)
def _recipe(text: str) -> Recipe:
    return Recipe.from_json(text)


def _rate_changes(text: str) -> tuple[tuple[int, float], ...]:
    return tuple((step, factor) for step, factor in json.loads(text))


# Of columns that do not hold what the record holds.
_READ: dict[str, Callable[[str], Any]] = {
    "recipe": _recipe,
    "rate_changes": _rate_changes,
    "tags": lambda text: tuple(text.split(", ")) if text else (),
}
_WRITE: dict[str, Callable[[Any], Any]] = {"recipe": Recipe.to_json, "rate_changes": json.dumps}


@dataclass(frozen=True)
class Figures:
    """What the table of runs says of a run's epochs."""

    num_epochs: int = 0
    best: Epoch | None = None
    reached: Reached | None = None
    accuracies: tuple[float, ...] = ()


def values(run: RunSnapshot, names: Collection[str]) -> dict[str, Any]:
    """Column -> value, for those of a run's columns that `names` lists."""
    return {
        name: (_WRITE[name](getattr(run, name)) if name in _WRITE else getattr(run, name)) for name in _SNAPSHOT if name in names
    }


def snapshot(row: Any, **rest: Any) -> RunSnapshot:
    """The run in a row of the table `runs`; `rest` is what other tables and files hold of it."""
    return RunSnapshot(**_fields(row, _SNAPSHOT), **rest)


def summary(row: Any, figures: Figures | None = None) -> RunSummary:
    """One line about the run in a row of the table `runs`."""
    figures = figures or Figures()
    hand = _of_hand(row.num_hand, figures.best)
    return RunSummary(
        **_fields(row, _SUMMARY),
        num_epochs=figures.num_epochs,
        best=figures.best,
        reached=figures.reached,
        hand=hand,
        accuracies=figures.accuracies,
    )


def epoch(row: Any) -> Epoch:
    """The record in a row of the table `epochs`."""
    return Epoch(**{name: getattr(row, name) for name in _EPOCH})


def figures(epochs: Sequence[Any]) -> dict[str, Figures]:
    """Run id -> figures, from rows of the table `epochs` with the run's `num_validation`, by run and epoch, ascending."""
    return {run_id: _figures(list(rows)) for run_id, rows in groupby(epochs, key=lambda row: row.run_id)}


def _figures(rows: list[Any]) -> Figures:
    best, reached = best_epoch(rows, rows[0].num_validation), None
    place = next((place for place, row in enumerate(rows) if row.val_accuracy >= TARGET - _ROUNDING), None)
    if place is not None:
        seconds = sum(row.seconds for row in rows[: place + 1])
        reached = Reached(rows[place].epoch, seconds, rows[place].val_accuracy)
    return Figures(len(rows), epoch(best), reached, _thinned([row.val_accuracy for row in rows]))


def _thinned(values: list[float]) -> tuple[float, ...]:
    """At most _MOST_ACCURACIES of the values, evenly, the first and the last among them."""
    last = min(len(values), _MOST_ACCURACIES) - 1
    return tuple(values[round(place * (len(values) - 1) / max(last, 1))] for place in range(last + 1))


def _of_hand(num_hand: int, best: Epoch | None) -> tuple[int, int] | None:
    share = best.hand_accuracy if best else None
    return None if share is None else (round(share * num_hand), num_hand)


def _fields(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: (_READ[name](getattr(row, name)) if name in _READ else getattr(row, name)) for name in names}
