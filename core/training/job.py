"""What a trainer receives, and the signature of a trainer. No TensorFlow: the queue knows trainers only by this."""

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

    A resumed run has `done` finished epochs, with `val_losses` and `val_accuracies`, one for each. `rate_changes` are (step,
    factor), those from before the break included. A branch begins with the weights in `weights_path(folder, 0)`. `hand`: the
    person's own drawings, on which each epoch is scored as well. `arithmetic`: what an `auto` of the recipe means; a resumed run
    keeps its own.
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
    arithmetic: str = ""


Publish = Callable[[RunEvent], None]
Train = Callable[[TrainingJob, Control, Publish], None]
