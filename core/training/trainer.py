"""One run, from recipe to weights, on whichever thread calls it. Knows nothing of queues, stores or pages."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets import Split
from core.errors import Diverged
from core.network import precision
from core.recipe.schedules import steps_per_epoch
from core.runs import events
from core.runs.epoch import Epoch
from core.system import memory
from core.training import divergence, failures
from core.training.batches import Feed, training_feed
from core.training.checkpoint import Checkpoint
from core.training.control import Control
from core.training.data_split import data_split
from core.training.job import Publish, TrainingJob
from core.training.learner import Learner
from core.training.meters import BatchMeans
from core.training.run_progress import RunProgress

BATCH_EVENT_INTERVAL_S = 0.1
WAIT_FOR_ROOM_S, _LOOK_AGAIN_S = 60.0, 2.0  # on a full disk


def train(job: TrainingJob, control: Control, publish: Publish) -> None:
    """Trains until the recipe's last epoch, one of its rules or a stop; publishes RunStarted, batches, epochs, RunEnded.

    A resumed run ends with the weights that it would have had without the break: bit for bit on the same processor, while a
    GPU adds numbers up in no fixed order.

    Raises DigitLabError where the run cannot go on.
    """
    _Training(job, data_split(job.recipe, job.left_out), control, publish).run()


class _Training:
    """The loop of one run: rates -> steps -> figures -> checks -> event; at an epoch's end score -> checkpoint -> event."""

    def __init__(self, job: TrainingJob, split: Split, control: Control, publish: Publish) -> None:
        self.job, self.split, self.control = job, split, control
        self.recipe = job.recipe.changed(precision=job.arithmetic or precision.resolve(job.recipe))
        self._publish = publish
        num_steps = steps_per_epoch(self.recipe, len(split.y_train))
        self.learner = Learner(self.recipe)
        self.checkpoint = Checkpoint(self.learner.model, self.learner.optimizer, job)
        before_s = self.checkpoint.restore(step=job.done * num_steps)
        self.progress = RunProgress(job, steps_per_epoch=num_steps, before_s=before_s)
        self.clock = self.progress.clock
        self.watch = divergence.Watch()
        self._settled = False

    def run(self) -> None:
        self._send(
            events.RunStarted,
            steps_per_epoch=self.progress.steps_per_epoch,
            num_validation=len(self.split.y_validation),
            num_hand=len(self.job.hand) if self.job.hand else 0,
            precision=self.recipe.precision,
        )
        self._wait_while_paused()
        if not self._over:
            self._train_epochs(training_feed(self.recipe, self.split))
        early = self.progress.step < self.progress.steps_per_epoch * self.recipe.epochs
        stopped = self.control.stopping and early
        self._send(events.RunEnded, stopped=stopped, message=self.progress.rule_met if early and not stopped else "")

    def _train_epochs(self, feed: Feed) -> None:
        for epoch in range(self.job.done + 1, self.recipe.epochs + 1):
            means = self._train_epoch(feed, epoch)
            self._end_epoch(epoch, means)
            if self._over:  # also after a stop that came while the epoch was scored
                break

    def _train_epoch(self, feed: Feed, epoch: int) -> BatchMeans:
        """Takes the steps of `epoch`, from 1, or those before a stop or a rule; gives their means."""
        now = self.clock.read()
        means, window = BatchMeans(now), BatchMeans(now)
        end = epoch * self.progress.steps_per_epoch
        while (first := self.progress.step) < end:
            rates = self._rates(min(self.learner.at_once, end - first))
            figures = self.learner.steps(feed, first, rates)
            self._settle()
            for (loss, accuracy, num_images), rate in zip(figures.tolist(), rates, strict=True):
                means.add(loss, accuracy, round(num_images))
                window.add(loss, accuracy, round(num_images))
                if trouble := self.watch.trouble(loss):
                    raise self._diverged(trouble, epoch, means.num_batches, rate)
                self.progress.step_ended(rate)
            now = self.clock.read()
            if self.progress.step == end or now - window.since_s >= BATCH_EVENT_INTERVAL_S:
                self._send(events.BatchEnded, **window.means(), images_per_s=window.images_per_s(now))
                window = BatchMeans(now)
            self._wait_while_paused()
            self.progress.check_time()
            if self._over:
                break
        return means

    def _end_epoch(self, epoch: int, means: BatchMeans) -> None:
        """Scores `epoch`, from 1, writes its weights and publishes it, in this order: what a page sees is on disk."""
        now = self.clock.read()
        self._send(events.ValidationStarted)
        score = self._score()
        if not math.isfinite(score.loss):
            trouble = "The loss on the validation images stopped being a number"
            raise self._diverged(trouble, epoch, means.num_batches, self.progress.rate)
        self.progress.epoch_scored(score.loss, score.accuracy)
        partial = means.num_batches < self.progress.steps_per_epoch
        self._keep(epoch, whole=not partial)
        figures = Epoch(
            epoch=epoch,
            **means.means(),
            val_loss=score.loss,
            val_accuracy=score.accuracy,
            learning_rate=self.progress.rate,
            seconds=now - means.since_s,
            images_per_s=means.images_per_s(now),
            partial=partial,
            hand_accuracy=score.hand_accuracy,
        )
        self._send(events.EpochEnded, epoch=figures, probabilities=score.probabilities)
        if not partial:
            self.checkpoint.forget_all_but(epoch)

    def _keep(self, epoch: int, *, whole: bool) -> None:
        """Writes the weights; on a full disk it waits a while for room. Raises OSError."""
        give_up = time.monotonic() + WAIT_FOR_ROOM_S
        while True:
            try:
                self.checkpoint.keep(epoch, self.clock.read(), whole=whole)
                return
            except OSError as error:
                if not failures.on_full_disk(error) or self.control.stopping or time.monotonic() >= give_up:
                    raise
                self._send(
                    events.DiskFull, message="The disk is full. Training waits a minute for room; then it ends, to be resumed."
                )
                self.control.wait_for_stop(_LOOK_AGAIN_S)

    @property
    def _over(self) -> bool:
        """Whether the run ends now, before its recipe's last epoch."""
        return self.control.stopping or bool(self.progress.rule_met)

    def _rates(self, count: int) -> list[float]:
        """The learning rates of the next `count` steps, with what the person has changed."""
        if (factor := self.control.take_rate()) is not None:
            self.progress.change_rate(factor)
            self._send(events.RateChanged, factor=factor)
        return self.progress.rates(count)

    def _score(self) -> _Score:
        """One forward pass gives both the figures and the predictions that pages show."""
        probabilities = self.learner.answers(self.split.x_validation, self._wait_while_paused)
        hand = self.job.hand
        return _Score(
            loss=self.learner.loss(self.split.y_validation, probabilities),
            accuracy=_share_right(probabilities, self.split.y_validation),
            probabilities=probabilities,
            hand_accuracy=_share_right(self.learner.answers(hand.images, self._wait_while_paused), hand.digits) if hand else None,
        )

    def _wait_while_paused(self) -> None:
        def on_pause() -> None:
            self.clock.pause()
            self._send(events.RunPaused)

        def on_resume() -> None:
            self.clock.resume()
            self._send(events.RunResumed)

        self.control.wait_while_paused(on_pause, on_resume)

    def _settle(self) -> None:
        if not self._settled:
            self._settled = True
            memory.settle()  # the step has been traced, and its graph lives as long as the run

    def _diverged(self, trouble: str, epoch: int, batch: int, rate: float) -> Diverged:
        batch_norm = self.recipe.batch_norm
        return Diverged(divergence.sentence(trouble, epoch=epoch, batch=batch, rate=rate, batch_norm=batch_norm))

    def _send(self, kind: type[events.RunEvent], **figures: Any) -> None:
        self._publish(events.stamped(kind, self.job.run_id, step=self.progress.step, active_s=self.clock.read(), **figures))


@dataclass(frozen=True, eq=False)
class _Score:
    """Validation `loss` as in training, `accuracy` and `probabilities` (n, 10); see `Epoch` for `hand_accuracy`."""

    loss: float
    accuracy: float
    probabilities: np.ndarray
    hand_accuracy: float | None


def _share_right(probabilities: np.ndarray, digits: np.ndarray) -> float:
    return float(np.mean(probabilities.argmax(1) == digits))
