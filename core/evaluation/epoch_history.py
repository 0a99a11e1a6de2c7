"""One drawing as each epoch of a run reads it: loads the weights of one epoch after another. Runs on a background thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import RunMissing
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.system.background_jobs import Report

MOST_EPOCHS = 60  # more would look the same in a chart


@dataclass(frozen=True, eq=False)
class EpochHistory:
    """`probabilities` (m, 10) of one drawing after each of `epochs` (m,), oldest first; epochs without weights are left out."""

    epochs: np.ndarray
    probabilities: np.ndarray

    @property
    def settled(self) -> int:
        """The first epoch from which on the answer stays the last one's."""
        read = self.probabilities.argmax(axis=1)
        others = np.flatnonzero(read != read[-1])
        return int(self.epochs[others[-1] + 1 if len(others) else 0])


def epoch_history(predictor: Predictor, run: RunSnapshot, image: np.ndarray, report: Report) -> EpochHistory:
    """The answers of the epochs of `run` to `image` (28, 28) float32 in [0, 1]; of many epochs, 60 evenly spaced.

    Give it a predictor that answers nobody else: the weights of the run change with each epoch. Raises RunMissing where no
    weights are left.
    """
    epochs, rows = [], []
    wanted = spaced([each.epoch for each in run.epochs])
    for place, epoch in enumerate(wanted):
        report(place / len(wanted), f"epoch {epoch}")
        try:
            rows.append(predictor.probabilities(run, image[None], epoch=epoch)[0])
        except RunMissing:
            continue
        epochs.append(epoch)
    if not epochs:
        raise RunMissing(f"The weights of all epochs of {run.name} are gone. Choose another run.")
    return EpochHistory(np.array(epochs), np.stack(rows))


def spaced(epochs: list[int]) -> list[int]:
    """At most 60 of them, evenly spaced, with the first and the last."""
    places = np.linspace(0, len(epochs) - 1, min(len(epochs), MOST_EPOCHS)).round().astype(int)
    return [epochs[place] for place in places]
