"""The table of all runs, from rows of the database: pure, no file is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from core.metrics import Interval, wilson
from core.recipe import Recipe
from core.runs.snapshot import ACTIVE_STATES, Epoch, best_epoch

TARGET = 0.99  # the validation accuracy that the boards ask for
_ROUNDING = 1e-6  # accuracies come as 32-bit floats
FIRST_NAME = re.compile(r"[a-z0-9]+-(\d+)")  # "quick-7": what a run is called until somebody calls it otherwise
_FIGURES = tuple(Epoch.__dataclass_fields__)


@dataclass(frozen=True)
class Reached:
    """The first epoch whose validation accuracy was TARGET or more, and the seconds of training until its end."""

    epoch: int
    seconds: float
    val_accuracy: float


@dataclass(frozen=True)
class RunRow:
    """A line of the table of runs. `best` is the epoch that answers for it, see `best_epoch`; None before the first.

    `hand`: how many drawings of a person's own hand it reads right, and of how many; None where it was not asked.
    """

    run_id: str
    number: int
    name: str
    recipe: Recipe
    state: str
    created: float
    active_s: float
    num_validation: int
    num_epochs: int
    best: Epoch | None
    reached: Reached | None = None
    parent_id: str | None = None
    parent_epoch: int | None = None
    added_epochs: int = 0
    starred: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    deleted: float | None = None
    hand: tuple[int, int] | None = None
    person: str = ""

    @property
    def active(self) -> bool:
        """Whether the run may still change."""
        return self.state in ACTIVE_STATES

    @property
    def handle(self) -> str:
        """What a link calls the run, whatever it is renamed to: its first name, else its number."""
        return self.name if FIRST_NAME.fullmatch(self.name) else str(self.number)

    def interval(self, epoch: Epoch | Reached | None) -> Interval | None:
        """The validation accuracy after one of its epochs, with its Wilson interval; None without one."""
        if epoch is None or not self.num_validation:
            return None
        return wilson(round(epoch.val_accuracy * self.num_validation), self.num_validation)


@dataclass(frozen=True)
class Figures:
    """What the table says of a run's epochs."""

    num_epochs: int = 0
    best: Epoch | None = None
    reached: Reached | None = None


def find(rows: Sequence[RunRow], called: str) -> RunRow | None:
    """The run of a link: by its name, else by its first name, "quick-7", or its number; None where there is none."""
    by_name = next((row for row in rows if row.name == called), None)
    if by_name:
        return by_name
    first = FIRST_NAME.fullmatch(called)
    number = first[1] if first else called
    return next((row for row in rows if str(row.number) == number), None)


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
