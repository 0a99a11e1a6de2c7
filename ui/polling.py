"""How pages follow what trains: a fragment that runs again while something does, and errors as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import DatasetMissing, DigitLabError
from ui.browser.notes import plain
from ui.session import Lab
from ui.streamlit_internals import num_browsers

POLL_S = 0.5
# A look has the browser go over its whole page, a twentieth of a second of one core, and a training waits for its slower core.
_LOOK_S = 0.9
_RARELY = 3  # looks to one of what costs much to draw and moves slowly
_CROWD, _RAREST_S = 90, 15.0  # thirty browsers look every ten seconds, ten every second


@contextmanager
def show_errors() -> Iterator[None]:
    """A DigitLabError inside it becomes one sentence on the page. A fragment needs its own: its errors never reach the page."""
    try:
        yield
    except DigitLabError as error:
        where = " The Data page offers the data sets that are at hand, and MNIST." if isinstance(error, DatasetMissing) else ""
        st.error(f"{plain(str(error))}{where}", icon=":material/error:")


def pace_s() -> float:
    """Seconds between two looks at what trains. With more than nine browsers they grow, so that a class leaves the processor to
    the training.
    """
    return min(max(_LOOK_S, num_browsers() ** 2 / _CROWD), _RAREST_S)


def while_training(lab: Lab, draw: Callable[[], None], *, also: bool = False, rarely: bool = False) -> None:
    """Calls `draw`, and again at `pace_s` while something trains; reruns the whole page once a run has ended.

    With `also`, it is called again and again though nothing trains. `rarely` means a third of the pace, for costly drawing.
    """
    before = {run.run_id for run in lab.studio.queue().runs}

    def drawing() -> None:
        if before - {run.run_id for run in lab.studio.queue().runs}:
            st.rerun()
        with show_errors():
            draw()

    every_s = min(pace_s() * (_RARELY if rarely else 1), _RAREST_S) if before or also else None
    st.fragment(drawing, run_every=every_s)()
