"""Start, and while a run trains Pause and Stop."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.recipe import Recipe
from ui import session_keys as keys
from ui.browser import people
from ui.run_control.badge import shown_run
from ui.run_control.forecasts import forecast_line
from ui.run_control.preflight import preflight_line
from ui.run_control.queue_list import my_places
from ui.run_control.steering import run_controls
from ui.session import Lab


def go(lab: Lab, recipe: Recipe) -> None:
    """The one primary button of the page with what a press will take and bring; what steers the run takes its place."""
    run = shown_run(lab)
    if run is None:
        st.button(
            "Start",
            type="primary",
            icon=":material/play_arrow:",
            key=keys.LAB_START,
            width="stretch",
            on_click=_press,
            args=(recipe,),
        )
        st.caption(forecast_line(lab, recipe) or "Trains a network with these settings.")
        preflight_line(lab, recipe)
    else:
        run_controls(lab, run, "lab")
        queue = lab.studio.queue()
        words = my_places(lab) or (f"{len(queue.waiting)} in the queue." if queue.waiting else "")
        st.button(
            "Start another",
            icon=":material/playlist_add:",
            key=keys.LAB_START,
            type="tertiary",
            help=f"{words} A run with these settings, as soon as this one has ended.".strip(),
            on_click=_press,
            args=(recipe,),
        )
    if wanted := st.session_state.pop(keys.LAB_PRESSED, None):
        datasets.load(wanted.dataset)
        people.submit(lab, wanted)
        st.rerun()


def _press(recipe: Recipe) -> None:
    """Remembers the press: the run of the page that it causes may be broken off to draw the page anew, and a button forgets."""
    st.session_state[keys.LAB_PRESSED] = recipe
