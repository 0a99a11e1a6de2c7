"""A run in a few values: what tables, leaderboards and links need, without its curves and arrays. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from core.metrics import Interval, accuracy_interval
from core.recipe import Recipe
from core.recipe.presets import preset_name
from core.runs.epoch import Epoch
from core.runs.snapshot import ACTIVE_STATES

TARGET = 0.99  # the validation accuracy that the leaderboards ask for

FIRST_NAME = re.compile(r"[a-z0-9]+-(\d+)")  # "quick-7": a run's name until somebody renames it


@dataclass(frozen=True)
class Reached:
    """The first epoch whose validation accuracy was TARGET or more, and the seconds of training until its end."""

    epoch: int
    seconds: float
    val_accuracy: float


@dataclass(frozen=True)
class RunSummary:
    """What the table of runs shows of one run. `best` is its best epoch, see `best_epoch`; None before the first.

    `kind` is what its first name begins with, "quick" of "quick-7"; empty for a run that was renamed before this was kept.
    `accuracies` are those on the validation images after its epochs, thinned evenly to what a small curve can show.
    `hand` is (right, all): how many of a person's own drawings the run reads correctly, and how many there are; None where the
    store was not asked for it. `startup_s`: by how many seconds the first epoch took longer than the usual one after it, for
    TensorFlow traces the step in it; None before the second epoch. `rate_changes`, `person` and `hand_of` as in `RunSnapshot`.
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
    rate_changes: tuple[tuple[int, float], ...] = ()
    starred: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    deleted: float | None = None
    hand: tuple[int, int] | None = None
    person: str = ""
    hand_of: str = ""
    kind: str = ""
    accuracies: tuple[float, ...] = ()
    startup_s: float | None = None

    @property
    def active(self) -> bool:
        """Whether the run may still change."""
        return self.state in ACTIVE_STATES

    @property
    def handle(self) -> str:
        """The run's name in a link, "quick-7": its first name, which no renaming breaks.

        Without a `kind` it is made from the recipe that was submitted; `find` follows it by its number in any case.
        """
        if self.kind:
            return f"{self.kind}-{self.number}"
        if FIRST_NAME.fullmatch(self.name):
            return self.name
        return f"{preset_name(self.recipe.changed(epochs=self.recipe.epochs - self.added_epochs))}-{self.number}"

    def interval(self, epoch: Epoch | Reached | None) -> Interval | None:
        """The validation accuracy after one of the run's epochs, with its 95 % interval; None without an epoch."""
        if epoch is None or not self.num_validation:
            return None
        return accuracy_interval(epoch.val_accuracy, self.num_validation)


class Named(Protocol):
    """A run that a link may name."""

    @property
    def run_id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def number(self) -> int: ...


Row = TypeVar("Row", bound=Named)


def find(rows: Sequence[Row], called: str) -> Row | None:
    """The run that a link names: by its id or name, else by its first name, "quick-7", or its number; else None."""
    by_name = next((row for row in rows if called in (row.run_id, row.name)), None)
    if by_name:
        return by_name
    first = FIRST_NAME.fullmatch(called)
    number = first[1] if first else called
    return next((row for row in rows if str(row.number) == number), None)
