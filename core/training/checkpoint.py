"""A run's files: the weights of each epoch, kept for good, and the optimiser's state of the last one, to resume from.

On the training thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.errors import RunMissing
from core.network.layers import ByteDropout
from core.network.model import load_weights, save_weights
from core.runs.paths import optimizer_path, optimizer_paths, weights_path
from core.system import files
from core.training.job import TrainingJob

if TYPE_CHECKING:
    import keras


class Checkpoint:
    """Writes and restores one run's files."""

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, job: TrainingJob) -> None:
        self.model, self.optimizer, self.job = model, optimizer, job

    def keep(self, epoch: int, active_s: float, *, whole: bool) -> None:
        """Writes the weights after `epoch`, and the optimiser's state if it is `whole`: no run resumes after a partial epoch."""
        save_weights(self.model.get_weights(), weights_path(self.job.folder, epoch))
        if whole:
            state = {f"variable_{number:03}": each.numpy() for number, each in enumerate(self.optimizer.variables)}
            files.save_arrays(optimizer_path(self.job.folder, epoch), active_s=np.array(active_s), **state)

    def forget_all_but(self, epoch: int) -> None:
        """Removes the optimiser's states of other epochs. Called once `epoch` is in the record: a run that is cut off in between
        resumes from the epoch before.
        """
        for path in optimizer_paths(self.job.folder):
            if path != optimizer_path(self.job.folder, epoch):
                path.unlink()

    def restore(self, *, step: int) -> float:
        """Loads the state after the last finished epoch, `step` steps from the start, or the parent's weights at the beginning of
        a branch. Returns the seconds of work so far. Raises RunMissing where a file is gone or damaged.
        """
        done = self.job.done
        if not done and not self.job.branched:
            return 0.0
        self.model.set_weights(load_weights(weights_path(self.job.folder, done), self.job.recipe))
        if not done:
            return 0.0
        self.optimizer.build(self.model.trainable_variables)
        state = self._state(done)
        active_s = float(state.pop("active_s"))
        for variable, name in zip(self.optimizer.variables, sorted(state), strict=True):
            variable.assign(state[name])
        for layer in self.model.layers:
            if isinstance(layer, ByteDropout):
                layer.rewind(step)
        return active_s

    def _state(self, epoch: int) -> dict[str, np.ndarray]:
        names = [f"variable_{number:03}" for number in range(len(self.optimizer.variables))]
        shapes = {name: tuple(each.shape) for name, each in zip(names, self.optimizer.variables, strict=True)}
        try:
            return files.load_arrays(optimizer_path(self.job.folder, epoch), "active_s", *names, shapes=shapes | {"active_s": ()})
        except (FileNotFoundError, files.DamagedFile):
            raise RunMissing(
                f"The optimiser's state of {self.job.name} after epoch {epoch} is gone or damaged, so it cannot resume. "
                "Its weights are kept: start a branch from that epoch."
            ) from None
