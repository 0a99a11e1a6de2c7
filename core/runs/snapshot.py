"""A run at one moment: an immutable snapshot, folded from events. Pure: same events, same snapshot. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatch

import numpy as np

from core.recipe import Recipe
from core.recipe.schedules import factor_at, with_change
from core.runs import events
from core.runs.epoch import Epoch, best_epoch

MAX_CURVE_POINTS = 600  # more than a chart can resolve, and every refresh of a page draws them all
_NO_CURVE = np.zeros((0, 3), np.float32)

RUNNING_STATES = ("running", "validating", "paused")
INTERRUPTED = "interrupted"
ACTIVE_STATES = ("queued", *RUNNING_STATES)
STATES = (*ACTIVE_STATES, "finished", "stopped", "failed", INTERRUPTED)


@dataclass(frozen=True, eq=False)
class RunSnapshot:
    """Everything that is known of a run.

    `state`: queued, running, validating, paused, finished, stopped, failed, or interrupted (the server ended first).
    `curve` is (n, 3) float32: step, loss, accuracy, at most 600 rows. `probabilities` (num_validation, 10) are those of
    the last epoch, None before it. `ending`: it has been asked to stop and has not ended yet. `left_out` are rows of the data
    set that the run does not learn from, fixed when it was submitted. A branch began with the weights of `parent_id` after
    `parent_epoch`. Of the recipe's epochs, `added_epochs` were added after it had finished. `diverged`: it failed because its
    loss grew without bound. `num_hand`: the number of drawings behind an epoch's `hand_accuracy`, 0 if they were too few.
    `person` started it, empty for nobody; epochs are scored on the drawings of `hand_of`, empty where that is the person.
    `unwritten` is why the record does not hold all of it yet, empty where it does. `rate_changes` are (step, factor): from that
    step on the learning rate was the schedule's times the factor. `paced_from` is the step and the seconds of work at the first
    figures: before them TensorFlow was starting up, which says nothing about the pace. `expected_s`: how many seconds of work
    were forecast for all its epochs when it was submitted, 0 where nothing was.
    """

    run_id: str
    name: str
    recipe: Recipe
    state: str = "queued"
    epochs: tuple[Epoch, ...] = ()
    curve: np.ndarray = field(default_factory=lambda: _NO_CURVE)
    probabilities: np.ndarray | None = None
    step: int = 0
    steps_per_epoch: int = 0
    num_validation: int = 0
    num_hand: int = 0
    active_s: float = 0.0
    images_per_s: float = 0.0
    precision: str = ""
    message: str = ""
    ending: bool = False
    unwritten: str = ""
    left_out: tuple[int, ...] = ()
    parent_id: str | None = None
    parent_epoch: int | None = None
    added_epochs: int = 0
    diverged: bool = False
    person: str = ""
    hand_of: str = ""
    rate_changes: tuple[tuple[int, float], ...] = ()
    paced_from: tuple[int, float] | None = None
    expected_s: float = 0.0

    @property
    def active(self) -> bool:
        """Whether the run may still change."""
        return self.state in ACTIVE_STATES

    @property
    def best_epoch(self) -> Epoch | None:
        """See `best_epoch`."""
        return best_epoch(self.epochs, self.num_validation)

    @property
    def served_epoch(self) -> Epoch | None:
        """The epoch whose weights answer for the run: the last one while it trains, the best one once it has ended."""
        return self.epochs[-1] if self.active and self.epochs else self.best_epoch

    @property
    def served_epoch_number(self) -> int:
        """The number of `served_epoch`, from 1; 0 before the first."""
        return self.served_epoch.epoch if self.served_epoch else 0

    @property
    def rate_factor(self) -> float:
        """The current multiplier of the schedule's learning rate."""
        return factor_at(self.rate_changes, self.step)

    @property
    def num_steps(self) -> int:
        """Optimiser steps of the whole run; 0 before it starts."""
        return self.steps_per_epoch * self.recipe.epochs

    @property
    def current_epoch(self) -> int:
        """The current epoch, from 1."""
        done = self.step // self.steps_per_epoch if self.steps_per_epoch else 0
        return min(done + (self.state != "validating"), self.recipe.epochs) or 1

    @property
    def progress(self) -> float:
        """Share of the steps that are done, 0 to 1."""
        return self.step / self.num_steps if self.num_steps else 0.0

    @property
    def remaining_s(self) -> float | None:
        """Seconds of work left at the pace so far, which includes validation after the first epoch; None before there is one.
        A rule may end the run earlier.
        """
        if self.paced_from is None or self.step <= self.paced_from[0]:
            return None
        step, active_s = self.paced_from
        left = (self.active_s - active_s) / (self.step - step) * (self.num_steps - self.step)
        limit_s = 60 * self.recipe.stop_minutes
        return min(left, max(limit_s - self.active_s, 0.0)) if limit_s else left


def fold(snapshot: RunSnapshot, event: events.RunEvent) -> RunSnapshot:
    """The snapshot after `event`."""
    return replace(_folded(event, snapshot), step=event.step, active_s=event.active_s)


@singledispatch
def _folded(event: events.RunEvent, before: RunSnapshot) -> RunSnapshot:
    raise TypeError(f"No way to fold a {type(event).__name__}.")


@_folded.register
def _(event: events.RunStarted, before: RunSnapshot) -> RunSnapshot:
    return replace(
        before,
        state="running",
        paced_from=None,
        steps_per_epoch=event.steps_per_epoch,
        num_validation=event.num_validation,
        num_hand=event.num_hand,
        precision=event.precision,
    )


@_folded.register
def _(event: events.BatchEnded, before: RunSnapshot) -> RunSnapshot:
    point = np.array([[event.step, event.loss, event.accuracy]], np.float32)
    # Smoothed over about a second: a figure that changes ten times a second cannot be read.
    speed = 0.8 * before.images_per_s + 0.2 * event.images_per_s if before.images_per_s else event.images_per_s
    return replace(
        before,
        state="running",
        curve=_thinned(np.concatenate([before.curve, point])),
        images_per_s=speed,
        paced_from=before.paced_from or (event.step, event.active_s),
    )


@_folded.register
def _(event: events.ValidationStarted, before: RunSnapshot) -> RunSnapshot:
    return replace(before, state="validating")


@_folded.register
def _(event: events.EpochEnded, before: RunSnapshot) -> RunSnapshot:
    return replace(before, state="running", epochs=(*before.epochs, event.epoch), probabilities=event.probabilities)


@_folded.register
def _(event: events.RateChanged, before: RunSnapshot) -> RunSnapshot:
    return replace(before, rate_changes=with_change(before.rate_changes, event.step, event.factor))


@_folded.register
def _(event: events.DiskFull, before: RunSnapshot) -> RunSnapshot:
    return replace(before, unwritten=event.message)


@_folded.register
def _(event: events.RunPaused, before: RunSnapshot) -> RunSnapshot:
    return replace(before, state="paused")


@_folded.register
def _(event: events.RunResumed, before: RunSnapshot) -> RunSnapshot:
    return replace(before, state="running")


@_folded.register
def _(event: events.RunEnded, before: RunSnapshot) -> RunSnapshot:
    return replace(before, state="stopped" if event.stopped else "finished", message=event.message, ending=False)


@_folded.register
def _(event: events.RunFailed, before: RunSnapshot) -> RunSnapshot:
    return replace(before, state="failed", message=event.message, diverged=event.diverged, ending=False)


def _thinned(curve: np.ndarray) -> np.ndarray:
    """The curve, averaged over equal intervals of steps once it is too long, so that its start stays as fine as its end."""
    if len(curve) <= MAX_CURVE_POINTS:
        return curve
    steps = curve[:, 0].astype(np.float64)
    stretch = ((steps - steps[0]) / (steps[-1] - steps[0]) * (MAX_CURVE_POINTS // 2)).astype(int)
    starts = np.flatnonzero(np.diff(stretch, prepend=-1))
    sums = np.add.reduceat(curve, starts, axis=0, dtype=np.float64)
    return np.asarray(sums / np.diff(starts, append=len(curve))[:, None], np.float32)
