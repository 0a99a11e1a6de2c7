"""The Draw page's look back: how each epoch of the run reads this drawing."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

import numpy as np
import streamlit as st

from core import charts
from core.evaluation.epoch_history import MOST_EPOCHS, EpochHistory, epoch_history
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.session import Lab
from ui.widgets.job_progress import wait_line
from ui.widgets.plot import plot

_PATIENCE_S = 0.3  # a wait that is over sooner needs no progress line


def over_the_epochs(lab: Lab, run: RunSnapshot, image: np.ndarray | None) -> None:
    """A closed block with the ten probabilities for `image` (28, 28) over the epochs of `run`; nothing without an image, or
    with a single epoch. Cancels the history that is still computed for an earlier drawing.
    """
    key = None
    if image is not None and len(run.epochs) > 1:
        block = st.expander("Over the epochs", key=keys.EPOCH_HISTORY, on_change="rerun", icon=":material/history:")
        if block.open:
            key = run.run_id, len(run.epochs), image.tobytes()
    _cancel_former(lab, key)
    if key is not None and image is not None:
        with block:
            _history(lab, run, image, key)


def _history(lab: Lab, run: RunSnapshot, image: np.ndarray, key: Hashable) -> None:
    lab.histories.start(key, partial(epoch_history, lab.history_predictor, run, image))
    job = lab.histories.wait(key, _PATIENCE_S)
    if job is None or job.pending:
        wait_line(lab.histories, key, "Asking each epoch")
    elif job.result is None:
        st.error(plain(job.error), icon=":material/error:")
    else:
        _draw(job.result, run)


def _draw(found: EpochHistory, run: RunSnapshot) -> None:
    if len(run.epochs) > MOST_EPOCHS:
        st.caption(f"{len(found.epochs)} of {len(run.epochs)} epochs, evenly spaced.")
    read = int(found.probabilities[-1].argmax())
    alt = f"Ten bands over the epochs, one for each digit: read as {read} from epoch {found.settled} to the last"
    plot(charts.epoch_history(found), key=keys.EPOCH_HISTORY_CHART, alt=alt)
    st.caption("How the weights of each epoch read this drawing: the wider a band, the surer that epoch was of its digit.")


def _cancel_former(lab: Lab, key: Hashable | None) -> None:
    former = st.session_state.get(keys.EPOCH_HISTORY_ASKED)
    if former is not None and former != key:
        job = lab.histories.look(former)
        if job is not None and job.pending:
            lab.histories.cancel(former)
    st.session_state[keys.EPOCH_HISTORY_ASKED] = key
