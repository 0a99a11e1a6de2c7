"""The one place that touches Keras' hooks: turns them into events, and looks at the run's control on every batch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import keras
import numpy as np

from core import memory
from core.errors import Diverged
from core.schedules import learning_rate, with_change
from core.training import divergence, events, stop_rules
from core.training.checkpoint import Checkpoint
from core.training.control import Control
from core.training.run import Run

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


class Publisher(keras.callbacks.Callback):
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
        super().__init__()
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

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.epoch_began_s = self.clock.read()
        self.window = _Window(self.epoch_began_s)
        self.watch.new_epoch()

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if (factor := self.control.take_rate()) is not None:
            self.rate_changes = with_change(self.rate_changes, self.step, factor)
            self.send(events.RateChanged, factor=factor)
        rate = learning_rate(
            self.recipe, step=self.step, steps_per_epoch=self.steps_per_epoch, val_losses=self.val_losses,
            changes=self.rate_changes,
        )  # fmt: skip
        if rate != self.rate:
            self.model.optimizer.learning_rate = self.rate = rate

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        if trouble := self.watch.trouble(logs["loss"]):
            self._give_up(trouble, self.step // self.steps_per_epoch + 1, batch + 1)
        self.step += 1
        if not self._settled:
            self._settled = True
            memory.settle()  # the step has been traced, and its graph lives as long as the run
        now, last = self.clock.read(), batch + 1 == self.steps_per_epoch
        if last or now - self.window.opened_s >= BATCH_EVENT_INTERVAL_S:
            self.send(events.BatchEnded, **self.window.close(batch + 1, self.recipe.batch_size, logs, now))
        self.check()
        self.rule = self.rule or stop_rules.time_is_up(self.recipe, self.clock.read())
        self.model.stop_training = self.over

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        seconds = self.clock.read() - self.epoch_began_s
        num_batches = self.step - epoch * self.steps_per_epoch
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
            loss=logs["loss"],
            accuracy=logs["accuracy"],
            val_loss=score.loss,
            val_accuracy=score.accuracy,
            learning_rate=self.rate,
            seconds=seconds,
            images_per_s=num_batches * self.recipe.batch_size / seconds,
            partial=partial,
            probabilities=score.probabilities,
            hand_accuracy=score.hand_accuracy,
        )
        if not partial:
            self.checkpoint.forget_all_but(epoch + 1)
        # A stop that came while validating must hold too, or the next epoch would begin.
        self.model.stop_training = self.over

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


class _Window:
    """Batches since the last published event. Keras reports means since the epoch's start; differences undo that."""

    def __init__(self, opened_s: float) -> None:
        self.opened_s = opened_s
        self._batches, self._sums = 0, {"loss": 0.0, "accuracy": 0.0}

    def close(self, num_batches: int, batch_size: int, means: dict[str, float], now_s: float) -> dict[str, float]:
        """Mean loss and accuracy and the speed since the last close; opens the next window."""
        # The epoch's last batch may be smaller. Weighing it like the others moves one point by less than its own noise.
        fresh, seconds = num_batches - self._batches, max(now_s - self.opened_s, 1e-9)
        sums = {name: means[name] * num_batches for name in self._sums}
        figures = {name: (sums[name] - self._sums[name]) / fresh for name in sums}
        self._batches, self._sums, self.opened_s = num_batches, sums, now_s
        figures["accuracy"] = min(max(figures["accuracy"], 0.0), 1.0)
        return {**figures, "images_per_s": fresh * batch_size / seconds}
