"""The table of all runs, from rows of the database: pure, no file is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from core.recipe import Recipe
from core.runs.epoch import Epoch, best_epoch
from core.runs.summary import TARGET, Reached, RunRow

_ROUNDING = 1e-6  # accuracies come as 32-bit floats
_FIGURES = tuple(Epoch.__dataclass_fields__)


@dataclass(frozen=True)
class Figures:
    """What the table says of a run's epochs."""

    num_epochs: int = 0
    best: Epoch | None = None
    reached: Reached | None = None


def line(row: Any, figures: Figures) -> RunRow:
    """The line of a row of the table `runs`."""
    return RunRow(
        run_id=row.run_id,
        number=row.number,
        name=row.name,
        recipe=_recipe(row.recipe),
        state=row.state,
        created=row.created,
        active_s=row.active_s,
        num_validation=row.num_validation,
        num_epochs=figures.num_epochs,
        best=figures.best,
        reached=figures.reached,
        parent_id=row.parent_id,
        parent_epoch=row.parent_epoch,
        added_epochs=row.added_epochs,
        starred=row.starred,
        tags=tuple(row.tags.split(", ")) if row.tags else (),
        note=row.note,
        deleted=row.deleted,
        hand=_of_hand(row.num_hand, figures.best),
        person=row.person,
    )


def _of_hand(num_hand: int, best: Epoch | None) -> tuple[int, int] | None:
    share = best.hand_accuracy if best else None
    return None if share is None else (round(share * num_hand), num_hand)


def figures(epochs: Sequence[Any]) -> dict[str, Figures]:
    """Run id -> figures, from rows of the table `epochs` with the run's `num_validation`, by run and epoch, ascending."""
    return {run_id: _of_one(list(rows)) for run_id, rows in groupby(epochs, key=lambda row: row.run_id)}


def _of_one(rows: list[Any]) -> Figures:
    best, reached = best_epoch(rows, rows[0].num_validation), None
    place = next((place for place, row in enumerate(rows) if row.val_accuracy >= TARGET - _ROUNDING), None)
    if place is not None:
        seconds = sum(row.seconds for row in rows[: place + 1])
        reached = Reached(rows[place].epoch, seconds, rows[place].val_accuracy)
    return Figures(len(rows), epoch(best), reached)


def epoch(row: Any) -> Epoch:
    """The record in a row of the table `epochs`."""
    return Epoch(**{name: getattr(row, name) for name in _FIGURES})


@lru_cache(maxsize=4096)
def _recipe(text: str) -> Recipe:
    return Recipe.from_json(text)
