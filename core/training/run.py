"""What a trainer is handed, and the shape of a trainer. No TensorFlow: the queue knows trainers only by this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.hand import Hand
from core.recipe import Recipe
from core.training.control import Control
from core.training.events import RunEvent


@dataclass(frozen=True)
class Run:
    """What to train, and the folder that takes its weights. `left_out`: rows of the data set that it must not learn from. `hand`:
    drawings that each epoch is scored on besides, as they were when the run was submitted.
    """

    run_id: str
    name: str
    recipe: Recipe
    folder: Path
    left_out: tuple[int, ...] = ()
    hand: Hand | None = field(default=None, compare=False)


Publish = Callable[[RunEvent], None]
Train = Callable[[Run, Control, Publish], None]


def weights_path(folder: Path, epoch: int) -> Path:
    """Where the weights after `epoch` (from 1) are kept."""
    return folder / f"epoch-{epoch:03}.npz"
