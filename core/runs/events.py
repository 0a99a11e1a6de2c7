"""The events of a run: frozen records of plain numbers and arrays. Made on the training thread, read anywhere.

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
    """The network is built and the data are loaded; the first step comes next. Epochs are scored on `num_validation` images, and
    on `num_hand` of the person's own drawings, 0 if they are too few.
    """

    steps_per_epoch: int
    num_validation: int
    precision: str
    num_hand: int = 0


@dataclass(frozen=True, kw_only=True)
class BatchEnded(RunEvent):
    """Means over the batches since the last such event. At most ten a second."""

    loss: float
    accuracy: float
    images_per_s: float


@dataclass(frozen=True, kw_only=True)
class ValidationStarted(RunEvent):
    """All batches of the epoch are done; it is being scored."""


@dataclass(frozen=True, eq=False, kw_only=True)
class EpochEnded(RunEvent):
    """An epoch is scored and its weights are on disk. `probabilities` (num_validation, 10) float32, in validation order."""

    epoch: Epoch
    probabilities: np.ndarray


@dataclass(frozen=True, kw_only=True)
class RateChanged(RunEvent):
    """From step `step` on, the learning rate is `factor` times the schedule's."""

    factor: float


@dataclass(frozen=True, kw_only=True)
class DiskFull(RunEvent):
    """The epoch's weights cannot be written; training waits for room. `message` is a sentence for the person."""

    message: str


@dataclass(frozen=True, kw_only=True)
class RunPaused(RunEvent):
    """The training thread waits and uses no processor time."""


@dataclass(frozen=True, kw_only=True)
class RunResumed(RunEvent):
    """The training thread works again."""


@dataclass(frozen=True, kw_only=True)
class RunEnded(RunEvent):
    """The last event of a run that finished or was stopped. `message` names the rule that ended it early, if one did."""

    stopped: bool
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class RunFailed(RunEvent):
    """The last event of a run that failed. `message` is a sentence for the person."""

    message: str
    diverged: bool = False


Event = TypeVar("Event", bound=RunEvent)


def stamped(kind: type[Event], run_id: str, *, step: int, active_s: float, **figures: Any) -> Event:
    """An event of this kind that happens now. The one place where events get their time."""
    return kind(run_id=run_id, step=step, time=time.time(), active_s=active_s, **figures)
