"""The line in the sidebar about the run that trains."""

from __future__ import annotations

import streamlit as st

from core.metrics import interval_text
from core.runs.snapshot import RunSnapshot
from ui.browser.people import mine, theirs, whose
from ui.run_control.answering import answering
from ui.run_control.queue_list import my_places
from ui.run_control.steering import run_controls
from ui.session import Lab
from ui.words import duration


def shown_run(lab: Lab) -> RunSnapshot | None:
    """Of the runs that train this person's, else the first one, else the next in the queue; None where none is."""
    queue = lab.studio.queue()
    return next((run for run in queue.running if mine(run)), next(iter(queue.runs), None))


def run_badge(lab: Lab) -> None:
    run = shown_run(lab)
    if run is None:
        st.caption(_network(lab))
        return
    left = f", {duration(run.remaining_s)} left" if run.remaining_s is not None and run.state != "paused" else ""
    where = {"queued": "waiting", "paused": "paused", "validating": "scoring"}.get(run.state, "")
    state = "stopping" if run.ending else where
    name = f"**{run.name}**, {whose(run)}," if theirs(run) else f"**{run.name}**"
    text = f"{name} epoch {run.current_epoch}/{run.recipe.epochs}"
    st.progress(run.progress, text=f"{text} {state}{left}" if state else f"{text}{left}")
    run_controls(lab, run, "sidebar")
    if place := my_places(lab):
        st.caption(place)


def _network(lab: Lab) -> str:
    """ "Network: quick-3, 98.3% (96.4-99.2)": the one that answers where no other is chosen."""
    found = answering([row for row in lab.store.runs.all() if row.num_epochs])
    interval = found[1].interval(found[1].best) if found else None
    return f"Network: {found[1].name}, {interval_text(interval)}" if found and interval else "Nothing is trained yet."
