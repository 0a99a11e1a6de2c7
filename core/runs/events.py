"""What a run tells of itself: frozen records of plain numbers and arrays. Made on the training thread, read anywhere.
No TensorFlow.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from core.runs.epoch import Epoch


@dataclass(frozen=True, kw_only=True)
class RunEvent:
    """`step` counts optimiser steps from 0 at the start; `time` is seconds since 1970; `active_s` leaves out pauses."""

    run_id: str
    step: int
    time: float
    active_s: float


@dataclass(frozen=True, kw_only=True)
class RunStarted(RunEvent):
    """The network is built and data is at hand; the first step comes next. It is scored on `num_validation` images, and on
    `num_hand` drawings of the person's own, 0 where they are too few.
    """

    steps_per_epoch: int
    num_validation: int
    precision: str
    num_hand: int = 0


@dataclass(frozen=True, kw_only=True)
class BatchEnded(RunEvent):
    """Means over the batches since the last such event, which comes at most ten times a second."""

    loss: float
    accuracy: float
    images_per_s: float


@dataclass(frozen=True, kw_only=True)
class ValidationStarted(RunEvent):
    """All batches of the epoch are done; its score is being measured."""


@dataclass(frozen=True, eq=False, kw_only=True)
class EpochEnded(RunEvent):
    """An epoch is scored and its weights are on disk. `probabilities` (num_validation, 10) float32, in validation order."""

    epoch: Epoch
    probabilities: np.ndarray


@dataclass(frozen=True, kw_only=True)
class RateChanged(RunEvent):
    """From the optimiser's step number `step` on, the learning rate is `factor` times what the schedule says."""

    factor: float


@dataclass(frozen=True, kw_only=True)
class RunPaused(RunEvent):
    """The thread waits and uses no processor."""


@dataclass(frozen=True, kw_only=True)
class RunResumed(RunEvent):
    """The thread works again."""


@dataclass(frozen=True, kw_only=True)
class RunEnded(RunEvent):
    """The last event of a run that came to its end, or was stopped. `message` says by which of its rules it ended early."""

    stopped: bool
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class RunFailed(RunEvent):
    """The last event of a run that could not go on. `message` is a sentence for the person."""

    message: str
    diverged: bool = False


Event = TypeVar("Event", bound=RunEvent)


def stamped(kind: type[Event], run_id: str, *, step: int, active_s: float, **figures: Any) -> Event:
    """An event of this kind that happens now. The one place where events get their time."""
    return kind(run_id=run_id, step=step, time=time.time(), active_s=active_s, **figures)
