"""What a trainer is handed, and the shape of a trainer. No TensorFlow: the queue knows trainers only by this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.drawing.labelled import Hand
from core.recipe import Recipe
from core.runs.events import RunEvent
from core.training.control import Control


@dataclass(frozen=True)
class TrainingJob:
    """What to train, and the folder that takes its weights. `left_out`: rows of the data set that it must not learn from.

    A run that goes on has `done` epochs behind it, with `val_losses` and `val_accuracies`, one for each. Its learning rate goes
    by `rate_changes`, those that it had come to when it broke off included. A branch begins with the weights in
    `weights_path(folder, 0)`. `hand`: the person's own drawings that each epoch is scored on besides.
    """

    run_id: str
    name: str
    recipe: Recipe
    folder: Path
    left_out: tuple[int, ...] = ()
    done: int = 0
    val_losses: tuple[float, ...] = ()
    val_accuracies: tuple[float, ...] = ()
    rate_changes: tuple[tuple[int, float], ...] = ()
    branched: bool = False
    hand: Hand | None = field(default=None, compare=False)


Publish = Callable[[RunEvent], None]
Train = Callable[[TrainingJob, Control, Publish], None]
