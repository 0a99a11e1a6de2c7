"""How pages follow what trains: a fragment that runs again while something does, and errors as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import DatasetMissing, DigitLabError
from ui.session import Lab, num_browsers

POLL_S = 0.5


_LOOK_S = 0.9


_RARELY = 3  # looks to one of what is dear to draw and moves slowly


_CROWD, _RAREST_S = 90, 15.0  # thirty browsers look every ten seconds, ten every one


@contextmanager
def told() -> Iterator[None]:
    """A DigitLabError inside it becomes one sentence. A fragment needs its own: what it raises never reaches the page around."""
    try:
        yield
    except DigitLabError as error:
        where = " The Data page offers the data sets that are at hand, and MNIST." if isinstance(error, DatasetMissing) else ""
        st.error(f"{error}{where}", icon=":material/error:")


def pace_s() -> float:
    """Seconds between two looks at what trains: for more than nine browsers the rarer, so that a class leaves the processor to
    the training.
    """
    return min(max(_LOOK_S, num_browsers() ** 2 / _CROWD), _RAREST_S)


def while_training(lab: Lab, draw: Callable[[], None], *, also: bool = False, rarely: bool = False) -> None:
    """Calls `draw`, and again at `pace_s` while something trains; reruns the whole page once a run has ended.

    With `also`, it is called again and again though nothing trains; `rarely`, for what is dear to draw, at a third of the pace.
    """
    before = {run.run_id for run in lab.studio.queue().runs}

    def drawing() -> None:
        if before - {run.run_id for run in lab.studio.queue().runs}:
            st.rerun()
        with told():
            draw()

    every_s = min(pace_s() * (_RARELY if rarely else 1), _RAREST_S) if before or also else None
    st.fragment(drawing, run_every=every_s)()
