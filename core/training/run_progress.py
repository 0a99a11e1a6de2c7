"""How far a run is, and what follows from that: its next learning rates, and whether one of its rules ends it early.

On the training thread. Knows nothing of events, files or TensorFlow.
"""

from __future__ import annotations

from core.recipe.schedules import learning_rate, with_change
from core.training import stop_rules
from core.training.job import TrainingJob
from core.training.meters import ActiveClock


class RunProgress:
    """Steps, seconds of work and validation scores of one run. A resumed run has `before_s` seconds of work behind it."""

    def __init__(self, job: TrainingJob, *, steps_per_epoch: int, before_s: float = 0.0) -> None:
        self.recipe, self.steps_per_epoch = job.recipe, steps_per_epoch
        self.clock = ActiveClock(before_s)
        self.step = job.done * steps_per_epoch
        self.rate = 0.0  # of the last step
        self.rule_met = ""  # the sentence of the rule that ends the run early
        self._val_losses, self._val_accuracies = list(job.val_losses), list(job.val_accuracies)
        self._rate_changes = job.rate_changes
        self._check_rules()

    def change_rate(self, factor: float) -> None:
        """From the next step on the learning rate is `factor` times the schedule's."""
        self._rate_changes = with_change(self._rate_changes, self.step, factor)

    def rates(self, count: int) -> list[float]:
        """The learning rates of the next `count` steps, all of one epoch."""
        return [
            learning_rate(
                self.recipe,
                step=step,
                steps_per_epoch=self.steps_per_epoch,
                val_losses=self._val_losses,
                changes=self._rate_changes,
            )
            for step in range(self.step, self.step + count)
        ]

    def step_ended(self, rate: float) -> None:
        """Counts one step, which was taken at this learning rate."""
        self.step, self.rate = self.step + 1, rate

    def epoch_scored(self, loss: float, accuracy: float) -> None:
        """Adds an epoch's validation loss and accuracy, and checks every rule."""
        self._val_losses.append(loss)
        self._val_accuracies.append(accuracy)
        self._check_rules()

    def check_time(self) -> None:
        """Checks the rule that limits the seconds of work."""
        self.rule_met = self.rule_met or stop_rules.time_is_up(self.recipe, self.clock.read())

    def _check_rules(self) -> None:
        scores = list(zip(self._val_losses, self._val_accuracies, strict=True))
        self.rule_met = self.rule_met or stop_rules.reached(self.recipe, scores)
        self.check_time()
