"""One run on the thread that trains it. Its end event comes whatever happens."""

from __future__ import annotations

import logging
from dataclasses import replace

from core.errors import DigitLabError, Diverged, StoreError
from core.runs import events
from core.runs.snapshot import RunSnapshot
from core.store import Store
from core.system import priority
from core.training import failures, forecast, speed
from core.training.control import Control
from core.training.job import Publish, Train, TrainingJob
from core.training.live_runs import LiveRuns

_log = logging.getLogger(__name__)
_LONG_S = 30.0
_NUM_LOOKS, _LOOK_AGAIN_S = 15, 2.0  # for the drawings that a run is scored on, where the record is away


def train_guarded(run: RunSnapshot, control: Control, train: Train, live_runs: LiveRuns) -> None:
    """Trains the run with `train` and publishes its events to `live_runs`. Raises nothing: a failure becomes the run's end."""
    try:
        if control.stopping:
            live_runs.publish_end(run.run_id, events.RunEnded, stopped=True)
        else:
            train(_job_in_time(run, control, live_runs), control, live_runs.publish)
    except BaseException as error:
        if not isinstance(error, DigitLabError):
            _log.exception("run %s failed", run.name)
        diverged = isinstance(error, Diverged)
        live_runs.publish_end(run.run_id, events.RunFailed, message=failures.sentence(error), diverged=diverged)


def _job_in_time(run: RunSnapshot, control: Control, live_runs: LiveRuns) -> TrainingJob:
    """As `_job`, after a while of the record being away. Raises StoreError."""
    for _ in range(_NUM_LOOKS):
        try:
            return _job(run, live_runs)
        except StoreError as error:
            _log.warning("%s waits for the record: %s", run.name, error)
            control.wait_for_stop(_LOOK_AGAIN_S)
    return _job(run, live_runs)


def _job(run: RunSnapshot, live_runs: LiveRuns) -> TrainingJob:
    return TrainingJob(
        run.run_id,
        run.name,
        run.recipe,
        live_runs.store.runs.folder(run.run_id),
        run.left_out,
        done=len(run.epochs),
        val_losses=tuple(epoch.val_loss for epoch in run.epochs),
        branched=bool(run.parent_epoch),
        val_accuracies=tuple(epoch.val_accuracy for epoch in run.epochs),
        rate_changes=run.rate_changes,
        hand=live_runs.store.drawings.hand_to_score(run),
        arithmetic=run.precision if run.epochs else "",
    )


def import_and_train(store: Store, job: TrainingJob, control: Control, publish: Publish) -> None:
    """`trainer.train`, imported on the training thread: the first page does not wait for TensorFlow.

    What `auto` means is measured before a long run, unless it was before; a short one would not win the seconds back.
    """
    priority.lower_workers()
    from core.training import trainer

    if not job.arithmetic:
        speeds = speed.known(store)
        if not speeds and (forecast.seconds(job.recipe, store, []) or 0) > _LONG_S:
            speeds = speed.measure(store, [job.recipe.architecture])
        job = replace(job, arithmetic=speed.resolved(job.recipe, speeds).precision)
    trainer.train(job, control, publish)
