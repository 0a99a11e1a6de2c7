"""Turns the steps of a run into events, and looks at the run's control after each call."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from core.errors import Diverged
from core.recipe.schedules import learning_rate, with_change
from core.runs import events
from core.system import memory
from core.training import divergence, stop_rules
from core.training.checkpoint import Checkpoint
from core.training.control import Control
from core.training.job import Run

BATCH_EVENT_INTERVAL_S = 0.1


class ActiveClock:
    """Seconds of work, after `before_s` of them: stands still while the run is paused."""

    def __init__(self, before_s: float) -> None:
        self._since: float | None = time.perf_counter()
        self._before = before_s

    def read(self) -> float:
        return self._before + (time.perf_counter() - self._since if self._since is not None else 0.0)

    def stand(self) -> None:
        self._before, self._since = self.read(), None

    def go_on(self) -> None:
        self._since = time.perf_counter()


@dataclass(frozen=True, eq=False)
class Score:
    """Validation `loss` as in training, `accuracy` and `probabilities` (n, 10); see `events.EpochEnded` for `hand_accuracy`."""

    loss: float
    accuracy: float
    probabilities: np.ndarray
    hand_accuracy: float | None


class Publisher:
    """Publishes batches and epochs of one run, sets the learning rate, and obeys pause, stop and the recipe's own rules.

    `score(check)` scores the weights as they are, calling `check` between batches. It and `checkpoint` are called on the training
    thread at each epoch's end, before the epoch is published. `before_s`: seconds of work behind a run that goes on.
    """

    def __init__(
        self,
        run: Run,
        control: Control,
        send: Callable[..., None],
        score: Callable[[Callable[[], None]], Score],
        checkpoint: Checkpoint,
        *,
        steps_per_epoch: int,
        before_s: float = 0.0,
    ) -> None:
        self.recipe, self.control, self.score, self.checkpoint = run.recipe, control, score, checkpoint
        self.steps_per_epoch = steps_per_epoch
        self.clock = ActiveClock(before_s)
        self.step = run.done * steps_per_epoch
        self.rate = 0.0
        self.val_losses, self.val_accuracies = list(run.val_losses), list(run.val_accuracies)
        self.rate_changes = run.rate_changes
        self.rule = self._rule()  # by which the run ends early, in a sentence
        self.watch = divergence.Watch()
        self._settled = False
        self._send = send

    def send(self, kind: type[events.RunEvent], **figures: object) -> None:
        """Publishes an event with this moment's step and times."""
        self._send(kind, step=self.step, active_s=self.clock.read(), **figures)

    def check(self) -> None:
        """Waits while the run is paused."""
        self.control.wait_while_paused(self._on_pause, self._on_resume)

    def epoch_begins(self) -> None:
        """Called before each epoch's first step."""
        now = self.clock.read()
        self.epoch, self.window = _Sums(now), _Sums(now)

    def rates(self, count: int) -> list[float]:
        """The learning rates of the `count` steps that come next, of one epoch."""
        if (factor := self.control.take_rate()) is not None:
            self.rate_changes = with_change(self.rate_changes, self.step, factor)
            self.send(events.RateChanged, factor=factor)
        return [
            learning_rate(
                self.recipe,
                step=step,
                steps_per_epoch=self.steps_per_epoch,
                val_losses=self.val_losses,
                changes=self.rate_changes,
            )
            for step in range(self.step, self.step + count)
        ]

    def steps_ended(self, figures: np.ndarray, rates: Sequence[float]) -> None:
        """Called after some steps of an epoch at these `rates`, with the learner's `figures` of them. Raises Diverged."""
        for (loss, accuracy, num_images), rate in zip(figures.tolist(), rates, strict=True):
            self.rate = rate
            for sums in (self.epoch, self.window):
                sums.add(loss, accuracy, round(num_images))
            if trouble := self.watch.trouble(loss):
                self._give_up(trouble, self.step // self.steps_per_epoch + 1, self.epoch.num_batches)
            self.step += 1
        if not self._settled:
            self._settled = True
            memory.settle()  # the step has been traced, and its graph lives as long as the run
        now, last = self.clock.read(), self.epoch.num_batches == self.steps_per_epoch
        if last or now - self.window.since_s >= BATCH_EVENT_INTERVAL_S:
            self.send(events.BatchEnded, **self.window.means(), images_per_s=self.window.images_per_s(now))
            self.window = _Sums(now)
        self.check()
        self.rule = self.rule or stop_rules.time_is_up(self.recipe, self.clock.read())

    def epoch_ended(self, epoch: int) -> None:
        """Called after the last step of `epoch`, from 0: scores it, keeps it and tells it. Raises Diverged."""
        now, num_batches = self.clock.read(), self.epoch.num_batches
        self.send(events.ValidationStarted)
        score = self.score(self.check)
        if not math.isfinite(score.loss):
            self._give_up("The loss on the validation images stopped being a number", epoch + 1, num_batches)
        self.val_losses.append(score.loss)
        self.val_accuracies.append(score.accuracy)
        self.rule = self.rule or self._rule()
        partial = num_batches < self.steps_per_epoch
        self.checkpoint.keep(epoch + 1, self.clock.read(), whole=not partial)
        self.send(
            events.EpochEnded,
            epoch=epoch + 1,
            **self.epoch.means(),
            val_loss=score.loss,
            val_accuracy=score.accuracy,
            learning_rate=self.rate,
            seconds=now - self.epoch.since_s,
            images_per_s=self.epoch.images_per_s(now),
            partial=partial,
            probabilities=score.probabilities,
            hand_accuracy=score.hand_accuracy,
        )
        if not partial:
            self.checkpoint.forget_all_but(epoch + 1)

    @property
    def over(self) -> bool:
        """Whether the run is to end now, before its recipe's last epoch."""
        return self.control.stopping or bool(self.rule)

    def _rule(self) -> str:
        seen = list(zip(self.val_losses, self.val_accuracies, strict=True))
        return stop_rules.reached(self.recipe, seen) or stop_rules.time_is_up(self.recipe, self.clock.read())

    def _give_up(self, trouble: str, epoch: int, batch: int) -> NoReturn:
        batch_norm = self.recipe.batch_norm
        raise Diverged(divergence.sentence(trouble, epoch=epoch, batch=batch, rate=self.rate, batch_norm=batch_norm))

    def _on_pause(self) -> None:
        self.clock.stand()
        self.send(events.RunPaused)

    def _on_resume(self) -> None:
        self.clock.go_on()
        self.send(events.RunResumed)


class _Sums:
    """Loss and accuracy of the batches since a moment."""

    def __init__(self, since_s: float) -> None:
        self.since_s = since_s
        self.num_batches, self._num_images = 0, 0
        self._loss = self._accuracy = 0.0

    def add(self, loss: float, accuracy: float, num_images: int) -> None:
        self.num_batches += 1
        self._num_images += num_images
        self._loss += num_images * loss
        self._accuracy += num_images * accuracy

    def means(self) -> dict[str, float]:
        """Each image counts alike, also those of an epoch's last batch, which may be smaller."""
        return {"loss": self._loss / self._num_images, "accuracy": self._accuracy / self._num_images}

    def images_per_s(self, now_s: float) -> float:
        return self._num_images / max(now_s - self.since_s, 1e-9)
