"""Which run a page is about."""

from __future__ import annotations

import streamlit as st

from core.metrics import interval_text
from core.runs.snapshot import RunSnapshot
from core.runs.summary import find
from core.store import starter
from ui.browser.address import link
from ui.browser.notes import broken
from ui.session import Lab

_NEWEST = ""
_STARTER = "The starter network, trained before you came"
_OF_A_RUN = ("epoch", "cell", "image", "other")  # in the address bar: they say nothing of another run


def choose_run(lab: Lab, *, label: str = "Run", with_epochs: bool = False, with_starter: bool = False) -> RunSnapshot | None:
    """The run that the person chose, here or by link; the newest that has had its turn until then, None while there is none.

    A run that has ended stands there with its validation accuracy. `with_epochs` offers only runs that can answer, `with_starter`
    the starter network, too: last, or alone where there is no run.
    """
    rows = [row for row in lab.store.runs.all() if row.num_epochs or not with_epochs]
    came_with_it = starter.network() if with_starter else None
    by_handle = {row.handle: (row.run_id, row.name) for row in rows}
    if came_with_it:
        by_handle[starter.RUN_ID] = starter.RUN_ID, _STARTER
    if not by_handle:
        return None
    asked = st.query_params.get("run")
    found = asked if asked == starter.RUN_ID else (row.handle if asked and (row := find(rows, asked)) else None)
    if asked and found not in by_handle:
        broken("run", asked, "there is no such run here, or it has no epoch yet, so the newest is shown")
    had_a_turn = (row.handle for row in rows if row.state != "queued")
    newest, name = by_handle[next(had_a_turn, next(iter(by_handle)))]
    names = {_NEWEST: f"The newest, {name}" if rows else name}
    if rows:
        scores = {row.run_id: f", {interval_text(each)}" for row in rows if not row.active and (each := row.interval(row.best))}
        names |= {handle: name + scores.get(run_id, "") for handle, (run_id, name) in by_handle.items()}
    # The link comes first, or a press on "See its mistakes" would open the run that was looked at before.
    wanted = (found, st.session_state.get("run"))
    st.session_state.run = next((handle for handle in wanted if handle in names), _NEWEST)
    handle = st.selectbox(
        label, list(names), key="run", persist_state="session", on_change=_take_another, format_func=names.__getitem__
    )
    _link_run()
    return lab.studio.snapshot(by_handle[handle][0] if handle else newest)


def _take_another() -> None:
    _link_run()
    for name in _OF_A_RUN:
        link(name, None)


def _link_run() -> None:
    link("run", st.session_state.run or None)
