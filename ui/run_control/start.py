"""Start with what a press will take and bring; while one's run trains, Pause and Stop in its place. The same on Lab and Train."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from core import datasets
from core.recipe import Recipe
from ui import session_keys as keys
from ui.browser.people import whose
from ui.held_recipe import held_recipe
from ui.run_control import continuing
from ui.run_control.forecasts import forecast_line
from ui.run_control.preflight import preflight_line
from ui.run_control.queue_list import my_places
from ui.run_control.steering import run_controls
from ui.run_control.watched import steered
from ui.session import Lab, visit

_HELP = (
    "The time comes from a short measurement of this machine, corrected by the runs that were made on it. The accuracy is the "
    "lowest and the highest that the same recipe reached with other seeds, on its validation images."
)
_DOUBLE_CLICK_S = 1.0


def start_block(lab: Lab, recipe: Recipe, where: str) -> None:
    """The one primary button of the page; what steers the run takes its place. `where` names the page."""
    run = steered(lab)
    if run is None:
        _button("Start", where, type="primary", icon=":material/play_arrow:", width="stretch")
        st.caption(_promise(lab, recipe), help=_HELP)
    else:
        run_controls(lab, run, where)
        help_text = f"{_queue_words(lab)} A run with these settings, as soon as this one has ended.".strip()
        _button("Start another", where, type="tertiary", icon=":material/playlist_add:", help=help_text)
    preflight_line(lab, recipe)
    if st.session_state.pop(keys.PRESSED_START, None) == visit() and not _double_click(wanted := held_recipe()):
        datasets.load(wanted.dataset)
        continuing.start(lab, wanted)
        st.session_state[keys.LAST_START] = wanted, time.monotonic()
        st.rerun()


def _button(label: str, where: str, **settings: Any) -> None:
    st.button(label, key=keys.steering("start", where), on_click=_press, **settings)


def _press() -> None:
    """Remembers the press for this visit: the run of the page that it causes may be broken off, and a button forgets.

    What is started is what the form holds then, for a slider may have been turned in the moment before.
    """
    st.session_state[keys.PRESSED_START] = visit()


def _double_click(recipe: Recipe) -> bool:
    """Whether the press came too soon after another for the page to have said that the run would be the same."""
    before, at_s = st.session_state.get(keys.LAST_START, (None, 0.0))
    return bool(before == recipe and time.monotonic() - at_s < _DOUBLE_CLICK_S)


def _promise(lab: Lab, recipe: Recipe) -> str:
    """What a press takes and brings, and that others train where they do."""
    promise = forecast_line(lab, recipe) or "Trains a network with these settings."
    queue = lab.studio.queue()
    if len(queue.running) < queue.at_once:
        return promise
    before = (
        f"{len(queue.runs)} runs of others"
        if len(queue.runs) > 1
        else f"{whose(queue.runs[0]) or 'another'} {queue.runs[0].name}"
    )
    return f"{promise.rstrip('.')}; starts after {before}."


def _queue_words(lab: Lab) -> str:
    waiting = len(lab.studio.queue().waiting)
    return my_places(lab) or (f"{waiting} in the queue." if waiting else "")
