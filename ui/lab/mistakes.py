"""The confusion matrix of the network that answers, and the images of the cell that was pressed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from core import charts, datasets, metrics
from core.charts import pictures
from core.datasets.validation import ValidationPart, validation_part
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.store import starter
from core.system.background_jobs import Report
from ui import session_keys as keys
from ui.browser import links
from ui.lab.subject import called
from ui.session import Lab, theme
from ui.widgets.image_sheet import ALT, read_titles
from ui.widgets.linked_select import choice_list, choose
from ui.widgets.plot import plot

_NUM_SHOWN = 6
_ALL = "all"
_NUM_READ_BY_STARTER = 2000  # of its validation images: a second of work, and enough for a matrix


@dataclass(frozen=True, eq=False)
class Read:
    """What was read in the images of `part`: `probabilities` (n, 10) of the first n of them."""

    part: ValidationPart
    probabilities: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """(n,) the true digits."""
        return self.part.labels[: len(self.probabilities)]


def starter_is_read(lab: Lab) -> bool:
    """Whether what the starter network reads is there, or cannot be."""
    run = starter.network()
    job = lab.features.look(_job_key(run)) if run else None
    return run is None or (job is not None and not job.pending)


def mistakes(lab: Lab, run: RunSnapshot | None) -> None:
    """Matrix and images of `run` after the epoch that answers for it; an empty matrix until there is one."""
    read = _read(lab, run) if run else None
    named = f"{called(run)}, epoch {run.served_epoch_number}" if run and run.run_id != starter.RUN_ID else "the starter network"
    with st.container(horizontal=True, vertical_alignment="center", key=keys.LAB_CELL_ROW):
        st.header("Mistakes", anchor=False)
        if run and read:
            table = _table(run.run_id, run.served_epoch_number, read.labels, read.probabilities)
            chosen = _cell(table)
    if run is None or read is None:
        table, chosen = np.zeros((10, 10), int), None
    plot(
        charts.confusion(table, charts.CONFUSION_VIEWS[0], theme(), chosen=chosen, compact=True),
        key=keys.LAB_MATRIX,
        on_click=lambda column, row: choose(keys.LAB_CELL, (int(row), int(column))),
        alt=f"Confusion matrix of {named}: rows true digits, columns digits read",
    )
    with st.container(key=keys.LAB_SHEET):
        if run and read:
            _sheet(run, read, chosen, named)
        else:
            st.caption("The matrix fills when the first network has read its validation images.")


def _read(lab: Lab, run: RunSnapshot) -> Read | None:
    if run.run_id == starter.RUN_ID:
        return _starter_read(lab, run)
    epoch = run.served_epoch_number
    newest = bool(run.epochs) and epoch == run.epochs[-1].epoch and run.probabilities is not None
    probabilities = run.probabilities if newest else lab.store.runs.probabilities(run.run_id, epoch)
    return None if probabilities is None else Read(validation_part(run.recipe), probabilities)


def _starter_read(lab: Lab, run: RunSnapshot) -> Read | None:
    """Read in the background, and not before the page was drawn once: TensorFlow's import would hold up the first page."""
    job = lab.features.look(_job_key(run))
    if job is None and st.session_state.get(keys.LAB_STARTER_DUE):
        job = lab.features.start(_job_key(run), partial(_read_by, lab.predictor, run))
    st.session_state[keys.LAB_STARTER_DUE] = True
    return job.result if job else None


def _read_by(predictor: Predictor, run: RunSnapshot, report: Report) -> Read:
    part = validation_part(run.recipe)
    return Read(part, predictor.probabilities(run, part.images[:_NUM_READ_BY_STARTER] / np.float32(255)))


def _job_key(run: RunSnapshot) -> tuple[str, str]:
    return run.run_id, "its validation images"


# A run's validation images are always the same, and the page is drawn anew at every look.
@st.cache_data(show_spinner=False, max_entries=64)
def _table(run_id: str, epoch: int, _labels: np.ndarray, _probabilities: np.ndarray) -> np.ndarray:
    return metrics.confusion(_labels, _probabilities.argmax(axis=1))


def _cell(table: np.ndarray) -> tuple[int, int] | None:
    """The confusions, most frequent first: the same choice as a press on a cell, by keyboard."""
    chosen = st.session_state.get(keys.LAB_CELL, _ALL)
    options = [_ALL, *metrics.confusions(table)]
    num_errors = int(table.sum() - np.trace(table))
    if chosen not in options:
        options.append(chosen)

    def words(cell: tuple[int, int] | str) -> str:
        return f"all {num_errors} errors" if isinstance(cell, str) else f"{cell[0]} read as {cell[1]}: {table[cell]}"

    choice_list("Images of a cell", options, chosen, words, keys.LAB_CELL, help="The same as a press on the matrix.")
    return None if chosen == _ALL else chosen


def _sheet(run: RunSnapshot, read: Read, chosen: tuple[int, int] | None, named: str) -> None:
    """The surest of the cell's images, or of all that were misread, in one row."""
    answers = read.probabilities.argmax(axis=1)
    wanted = answers != read.labels if chosen is None else (read.labels == chosen[0]) & (answers == chosen[1])
    rows = np.flatnonzero(wanted)
    sure = read.probabilities[rows].max(axis=1)
    rows = rows[np.argsort(-sure, kind="stable")]
    shown = rows[:_NUM_SHOWN]
    if len(shown):
        titles = read_titles(read.labels[shown], answers[shown], read.probabilities[shown].max(axis=1))
        st.image(_picture(read.part.images[shown], titles, theme()), width="stretch", alt=ALT)
    with st.container(horizontal=True, vertical_alignment="center"):
        data = datasets.title(run.recipe.dataset)
        nothing = "" if len(rows) else ": none in this cell"
        st.caption(f"{len(read.labels):,} images of {data}, read by {named}{nothing}")
        if len(rows) > len(shown) and run.run_id != starter.RUN_ID:
            query = {"run": run.run_id} | ({"cell": f"{chosen[0]}-{chosen[1]}"} if chosen else {})
            links.to_page("evaluate", f"All {len(rows):,}", ":material/fact_check:", **query)


@st.cache_data(show_spinner=False, max_entries=64)
def _picture(images: np.ndarray, titles: list[str], theme: str) -> bytes:
    return pictures.png(pictures.grid(images, titles, theme, columns=_NUM_SHOWN))
