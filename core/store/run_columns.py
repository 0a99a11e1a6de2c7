"""How rows of the tables `runs` and `epochs` become records, and records become values to write. Pure.

The columns are written out once, in `tables`. A column and a field of `RunSnapshot` or `RunSummary` with one name hold one thing.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from core.errors import RecipeError, RunUnreadable, quoted
from core.recipe import Recipe
from core.runs.epoch import Epoch, best_epoch
from core.runs.snapshot import STATES, RunSnapshot
from core.runs.summary import TARGET, Reached, RunSummary
from core.store import tables
from core.text import inert

NAMELESS = "a run without a name"
_MOST_ACCURACIES = 40  # a small curve is some ninety pixels wide
_ROUNDING = 1e-6  # accuracies come as 32-bit floats
_EPOCH = tuple(Epoch.__dataclass_fields__)
_EPOCH_NUMBERS = tuple(name for name in _EPOCH if name not in ("epoch", "partial", "hand_accuracy"))
_NUMBERS = frozenset(each.name for each in tables.runs.c if isinstance(each.type, sa.Integer | sa.Float) and not each.nullable)
_SNAPSHOT = tuple(name for name in RunSnapshot.__dataclass_fields__ if name in tables.runs.c)
_SUMMARY = tuple(name for name in RunSummary.__dataclass_fields__ if name in tables.runs.c)
PROGRESS = frozenset(column.name for column in tables.runs.c if column.info.get("progress"))  # changes while a run trains
NEW = frozenset(_SNAPSHOT)


@lru_cache(maxsize=4096)
def _recipe(text: str) -> Recipe:
    try:
        return Recipe.from_json(text)
    except RecipeError as error:
        raise RunUnreadable(f"Its recipe cannot be used. {error}") from None


@lru_cache(maxsize=4096)
def _rate_changes(text: str) -> tuple[tuple[int, float], ...]:
    try:
        changes = tuple((int(step), float(factor)) for step, factor in json.loads(text))
    except (TypeError, ValueError, OverflowError, RecursionError):
        changes = ((0, math.nan),)
    if not all(step >= 0 and 0 < factor < math.inf for step, factor in changes):
        raise RunUnreadable(f"Its rate changes are {quoted(text)}; they must be pairs of a step and a factor.")
    return changes


# What was written by hand, or before names were checked, is shown as plain text, too.
_inert = lru_cache(maxsize=4096)(inert)


def _state(text: str) -> str:
    if text not in STATES:
        raise RunUnreadable(f"Its state is {quoted(text)}, which this Digit Lab does not know.")
    return text


# Of columns that do not hold what the record holds.
_READ: dict[str, Callable[[str], Any]] = {
    "recipe": _recipe,
    "rate_changes": _rate_changes,
    "state": _state,
    "name": lambda text: _inert(text) or NAMELESS,
    "person": _inert,
    "tags": lambda text: tuple(filter(None, map(_inert, text.split(", ")))),
}
_WRITE: dict[str, Callable[[Any], Any]] = {"recipe": Recipe.to_json, "rate_changes": json.dumps}


@dataclass(frozen=True)
class Figures:
    """What the table of runs says of a run's epochs; `problem` is why they cannot be read, empty if they can."""

    num_epochs: int = 0
    problem: str = ""
    best: Epoch | None = None
    reached: Reached | None = None
    accuracies: tuple[float, ...] = ()
    startup_s: float | None = None


def values(run: RunSnapshot, names: Collection[str]) -> dict[str, Any]:
    """Column -> value, for those of a run's columns that `names` lists."""
    return {
        name: (_WRITE[name](getattr(run, name)) if name in _WRITE else getattr(run, name)) for name in _SNAPSHOT if name in names
    }


def name(row: Any) -> str:
    """The name in a row of the table `runs`, as it is shown."""
    return str(_READ["name"](row.name))


def snapshot(row: Any, **rest: Any) -> RunSnapshot:
    """The run in a row of the table `runs`; `rest` is what other tables and files hold of it. Raises RunUnreadable."""
    return RunSnapshot(**_fields(row, _SNAPSHOT), **rest)


def summary(row: Any, figures: Figures | None = None) -> RunSummary:
    """One line about the run in a row of the table `runs`. Raises RunUnreadable."""
    figures = figures or Figures()
    if figures.problem:
        raise RunUnreadable(figures.problem)
    hand = _of_hand(row.num_hand, figures.best)
    return RunSummary(
        **_fields(row, _SUMMARY),
        num_epochs=figures.num_epochs,
        best=figures.best,
        reached=figures.reached,
        hand=hand,
        accuracies=figures.accuracies,
        startup_s=figures.startup_s,
    )


def checked_epochs(rows: Sequence[Any]) -> tuple[Epoch, ...]:
    """The records in a run's rows of the table `epochs`, in their order. Raises RunUnreadable where one is missing or damaged."""
    if problem := _problem(rows):
        raise RunUnreadable(problem)
    return tuple(map(_epoch, rows))


def _problem(rows: Sequence[Any]) -> str:
    for number, row in enumerate(rows, start=1):
        if row.epoch != number:
            return f"Its epoch {number} is missing."
        if wrong := next((name for name in _EPOCH_NUMBERS if not isinstance(getattr(row, name), int | float)), None):
            return f"Its epoch {number} has {quoted(getattr(row, wrong))} as {wrong}, which must be a number."
    return ""


def _epoch(row: Any) -> Epoch:
    return Epoch(**{name: getattr(row, name) for name in _EPOCH})


def figures(epochs: Sequence[Any]) -> dict[str, Figures]:
    """Run id -> figures, from rows of the table `epochs` with the run's `num_validation`, by run and epoch, ascending."""
    return {run_id: _figures(list(rows)) for run_id, rows in groupby(epochs, key=lambda row: row.run_id)}


def _figures(rows: list[Any]) -> Figures:
    if problem := _problem(rows):
        return Figures(len(rows), problem)
    best, reached = best_epoch(rows, rows[0].num_validation), None
    place = next((place for place, row in enumerate(rows) if row.val_accuracy >= TARGET - _ROUNDING), None)
    if place is not None:
        seconds = sum(row.seconds for row in rows[: place + 1])
        reached = Reached(rows[place].epoch, seconds, rows[place].val_accuracy)
    return Figures(len(rows), "", _epoch(best), reached, _thinned([row.val_accuracy for row in rows]), _startup_s(rows))


def _startup_s(rows: list[Any]) -> float | None:
    """See `RunSummary`."""
    later = [row.seconds for row in rows[1:] if not row.partial]
    return max(rows[0].seconds - statistics.median(later), 0.0) if later else None


def _thinned(values: list[float]) -> tuple[float, ...]:
    """At most _MOST_ACCURACIES of the values, evenly, the first and the last among them."""
    last = min(len(values), _MOST_ACCURACIES) - 1
    return tuple(values[round(place * (len(values) - 1) / max(last, 1))] for place in range(last + 1))


def _of_hand(num_hand: int, best: Epoch | None) -> tuple[int, int] | None:
    share = best.hand_accuracy if best else None
    return None if share is None else (round(share * num_hand), num_hand)


def _fields(row: Any, names: Sequence[str]) -> dict[str, Any]:
    read = {name: (_READ[name](getattr(row, name)) if name in _READ else getattr(row, name)) for name in names}
    if wrong := next((name for name in names if name in _NUMBERS and not isinstance(read[name], int | float)), None):
        raise RunUnreadable(f"It has {quoted(read[wrong])} as {wrong}, which must be a number.")
    return read
