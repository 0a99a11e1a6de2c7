"""What every view of the Evaluate page is drawn from: one epoch's answers for a run's validation images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from core import metrics
from core.charts import pictures
from core.datasets.validation import ValidationPart
from core.runs.snapshot import RunSnapshot
from ui.session import Lab, theme


@dataclass(frozen=True, eq=False)
class Answers:
    """`probabilities` (n, 10) float32 of `run` after `epoch`, for the n images of `part`, in their order."""

    run: RunSnapshot
    epoch: int
    part: ValidationPart
    probabilities: np.ndarray

    @cached_property
    def predicted(self) -> np.ndarray:
        """(n,) the likeliest digit of each image."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def scores(self) -> metrics.Scores:
        """Every figure, kept from one drawing of the page to the next."""
        return _scores(self.run.run_id, self.epoch, self.part.labels, self.predicted)

    @cached_property
    def losses(self) -> np.ndarray:
        """(n,) each image's log loss, in nats."""
        return metrics.log_losses(self.part.labels, self.probabilities)

    def misread(self, order: str = "sure") -> np.ndarray:
        """Rows of the misread images: the "sure"-st first, those with the highest "loss" first, or by true "digit"."""
        rows = np.flatnonzero(self.predicted != self.part.labels)
        sure = self.probabilities[rows].max(axis=1)
        keys = {"sure": (-sure,), "loss": (-self.losses[rows],), "digit": (-sure, self.part.labels[rows])}
        return np.asarray(rows[np.lexsort(keys[order])])

    def sheet(self, rows: np.ndarray, titles: list[str], *, columns: int = 5) -> bytes:
        """The images of some `rows` of the validation part under their titles, as one PNG picture in the page's colours."""
        return _sheet(self.run.run_id, rows.tolist(), titles, columns, theme(), self.part.images)


def stored_probabilities(lab: Lab, run: RunSnapshot, epoch: int) -> np.ndarray | None:
    """(n, 10) answers of `run` after `epoch` for its validation images; None where they are gone."""
    if epoch == run.epochs[-1].epoch and run.probabilities is not None:
        return run.probabilities
    return lab.store.runs.probabilities(run.run_id, epoch)


# A run's validation images are always the same, so that its id and their rows name them. While a run trains, the page is drawn
# anew at every look, and its figures change once an epoch.
@st.cache_data(show_spinner=False, max_entries=64)
def _scores(run_id: str, epoch: int, _labels: np.ndarray, _predicted: np.ndarray) -> metrics.Scores:
    return metrics.scores(_labels, _predicted)


@st.cache_data(show_spinner=False, max_entries=64)
def _sheet(run_id: str, rows: list[int], titles: list[str], columns: int, theme: str, _images: np.ndarray) -> bytes:
    return pictures.png(pictures.grid(_images[rows], titles, theme, columns=columns))
