"""The one place that touches Keras' hooks: turns them into events, and looks at the run's control on every batch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from core import memory
from core.errors import Diverged
from core.recipe import Recipe
from core.schedules import learning_rate
from core.training import events
from core.training.control import Control

BATCH_EVENT_INTERVAL_S = 0.1


class ActiveClock:
    """Seconds of work: stands still while the run is paused."""

    def __init__(self) -> None:
        self._since: float | None = time.perf_counter()
        self._before = 0.0

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
    """Publishes batches and epochs of one run, sets the learning rate, and obeys pause and stop.

    `score(check)` scores the weights as they are, calling `check` between batches; `keep(epoch)` writes them. Both are called
    on the training thread at each epoch's end, before the epoch is published.
    """

    def __init__(
        self,
        recipe: Recipe,
        control: Control,
        send: Callable[..., None],
        score: Callable[[Callable[[], None]], Score],
        keep: Callable[[int], None],
        *,
        steps_per_epoch: int,
    ) -> None:
        super().__init__()
        self.recipe, self.control, self.score, self.keep = recipe, control, score, keep
        self.steps_per_epoch = steps_per_epoch
        self.clock = ActiveClock()
        self.step = 0
        self.rate = 0.0
        self.val_losses: list[float] = []
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

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        rate = learning_rate(
            self.recipe, step=self.step, steps_per_epoch=self.steps_per_epoch, val_losses=self.val_losses
        )
        if rate != self.rate:
            self.model.optimizer.learning_rate = self.rate = rate

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        if not math.isfinite(logs["loss"]):
            raise Diverged(_divergence(self.step // self.steps_per_epoch + 1, batch + 1, self.rate))
        self.step += 1
        if self.step == 1:
            memory.settle()  # the step has been traced, and its graph lives as long as the run
        now, last = self.clock.read(), batch + 1 == self.steps_per_epoch
        if last or now - self.window.opened_s >= BATCH_EVENT_INTERVAL_S:
            self.send(events.BatchEnded, **self.window.close(batch + 1, self.recipe.batch_size, logs, now))
        self.check()
        self.model.stop_training = self.control.stopping

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        seconds = self.clock.read() - self.epoch_began_s
        num_batches = self.step - epoch * self.steps_per_epoch
        self.send(events.ValidationStarted)
        score = self.score(self.check)
        if not math.isfinite(score.loss):
            raise Diverged(_divergence(epoch + 1, num_batches, self.rate))
        self.val_losses.append(score.loss)
        self.keep(epoch + 1)
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
            partial=num_batches < self.steps_per_epoch,
            probabilities=score.probabilities,
            hand_accuracy=score.hand_accuracy,
        )
        # A stop that came while validating must hold too, or the next epoch would begin.
        self.model.stop_training = self.control.stopping

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


def _divergence(epoch: int, batch: int, rate: float) -> str:
    return (
        f"The loss stopped being a number in epoch {epoch}, batch {batch}, at a learning rate of {rate:.2g}: the steps were "
        f"too large and the weights grew without bound. Try a learning rate of {rate / 3:.1g}, or switch batch normalisation on."
    )
