"""One run on the thread that trains it, from its turn to its end event, which comes whatever happens."""

from __future__ import annotations

import logging

from core.errors import DigitLabError, Diverged
from core.runs import events
from core.runs.snapshot import RunSnapshot
from core.system import priority
from core.training import failures
from core.training.control import Control
from core.training.job import Publish, Train, TrainingJob
from core.training.live_runs import LiveRuns

_log = logging.getLogger(__name__)


def train_guarded(run: RunSnapshot, control: Control, train: Train, live_runs: LiveRuns) -> None:
    """Trains the run by `train` and shows it among the live runs. Raises nothing: a failure is told as the run's end."""
    try:
        if control.stopping:
            live_runs.publish_end(run.run_id, events.RunEnded, stopped=True)
        else:
            train(_job(run, live_runs), control, live_runs.publish)
    except BaseException as error:
        if not isinstance(error, DigitLabError):
            _log.exception("run %s failed", run.name)
        diverged = isinstance(error, Diverged)
        live_runs.publish_end(run.run_id, events.RunFailed, message=failures.sentence(error), diverged=diverged)


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
    )


def import_and_train(job: TrainingJob, control: Control, publish: Publish) -> None:
    """`trainer.train`, imported on the training thread: the first page must not wait for TensorFlow."""
    priority.lower_workers()
    from core.training import trainer

    trainer.train(job, control, publish)
