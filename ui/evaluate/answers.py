"""What the views of the Evaluate page are drawn from: one epoch's answers for some images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from core import metrics
from core.datasets.validation import ValidationPart
from core.runs.snapshot import RunSnapshot
from ui.session import Lab
from ui.widgets.image_sheet import read_titles


@dataclass(frozen=True, eq=False)
class Read:
    """What `run` after `epoch` reads in the n images of `part`, in their order: `predicted` (n,) the likeliest digit of each, and
    its probability, `certainties` (n,). `of` names the images, for a cache.
    """

    run: RunSnapshot
    epoch: int
    of: str
    part: ValidationPart
    predicted: np.ndarray
    certainties: np.ndarray

    @cached_property
    def scores(self) -> metrics.Scores:
        """Every figure, kept from one drawing of the page to the next."""
        return _scores(self.run.run_id, self.epoch, self.of, self.part.labels, self.predicted)

    def titles(self, rows: np.ndarray) -> list[str]:
        """ "4 as 9 87%" for each of the `rows`."""
        return read_titles(self.part.labels[rows], self.predicted[rows], self.certainties[rows])

    def surest_first(self, rows: np.ndarray) -> np.ndarray:
        """The `rows`, the most certain answer first."""
        return np.asarray(rows[np.argsort(-self.certainties[rows], kind="stable")])


@dataclass(frozen=True, eq=False)
class Answers(Read):
    """`probabilities` (n, 10) float32 for a run's validation images."""

    probabilities: np.ndarray

    @cached_property
    def losses(self) -> np.ndarray:
        """(n,) each image's log loss, in nats."""
        return metrics.log_losses(self.part.labels, self.probabilities)

    def misread(self, order: str = "sure") -> np.ndarray:
        """Rows of the misread images: the "sure"-st first, those with the highest "loss" first, or by true "digit"."""
        rows = np.flatnonzero(self.predicted != self.part.labels)
        sure = self.certainties[rows]
        keys = {"sure": (-sure,), "loss": (-self.losses[rows],), "digit": (-sure, self.part.labels[rows])}
        return np.asarray(rows[np.lexsort(keys[order])])


def on_validation(run: RunSnapshot, epoch: int, part: ValidationPart, probabilities: np.ndarray) -> Answers:
    """The answers of which `probabilities` (n, 10) are those of `run` after `epoch` for its validation `part`."""
    return Answers(run, epoch, "validation", part, probabilities.argmax(axis=1), probabilities.max(axis=1), probabilities)


def stored_probabilities(lab: Lab, run: RunSnapshot, epoch: int) -> np.ndarray | None:
    """(n, 10) answers of `run` after `epoch` for its validation images; None where they are gone."""
    if epoch == run.epochs[-1].epoch and run.probabilities is not None:
        return run.probabilities
    return lab.store.runs.probabilities(run.run_id, epoch)


# A run's validation images, and those of a data set, are always the same. While a run trains, the page is drawn anew at every
# look, and its figures change once an epoch.
@st.cache_data(show_spinner=False, max_entries=64)
def _scores(run_id: str, epoch: int, of: str, _labels: np.ndarray, _predicted: np.ndarray) -> metrics.Scores:
    return metrics.scores(_labels, _predicted)
