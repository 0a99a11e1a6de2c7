"""The Draw page's look back: what every epoch of the run would have made of this drawing."""

from __future__ import annotations

import time

import numpy as np
import streamlit as st

from core import charts
from core.evaluation.epoch_history import MOST_EPOCHS, River
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.session import Lab
from ui.widgets.plot import plot

_PATIENCE_S = 1.0  # a wait that is over sooner needs no bar


def over_the_epochs(lab: Lab, run: RunSnapshot, image: np.ndarray) -> None:
    """A closed block with the river of ten probabilities for `image` (28, 28) over the epochs of `run`, if it has several."""
    if len(run.epochs) < 2:
        return
    block = st.expander("Over the epochs", key=keys.RIVER, on_change="rerun", icon=":material/history:")
    if not block.open:
        return
    with block:
        found = _river(lab, run, image)
        if len(run.epochs) > MOST_EPOCHS:
            st.caption(f"{len(found.epochs)} of {len(run.epochs)} epochs, evenly spaced.")
        plot(charts.river(found), key=keys.RIVER_CHART, alt=_alt(found))
        st.caption(
            "Every epoch's weights are asked about this one drawing: the wider a colour, the surer that epoch was of that digit.",
        )


def _river(lab: Lab, run: RunSnapshot, image: np.ndarray) -> River:
    began, place = time.monotonic(), st.empty()

    def progress(share: float) -> None:
        if time.monotonic() - began > _PATIENCE_S:
            place.progress(share, text="Asking every epoch")

    found = lab.hindsight.river(run, image, progress=progress)
    place.empty()
    return found


def _alt(found: River) -> str:
    read = int(found.probabilities[-1].argmax())
    return f"Ten bands over the epochs, one for each digit: read as {read} from epoch {found.settled} to the last"
