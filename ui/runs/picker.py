"""Which run a page is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from core.metrics import share_text
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary, find
from core.store import starter
from ui import session_keys as keys
from ui.browser.address import link
from ui.browser.notes import broken
from ui.run_control.answering import NEWEST, answering, newest_of
from ui.session import Lab

_DEFAULT, _NEWEST = "", "newest"  # a run's handle ends with a number
_STARTER = "Starter network"
_OF_A_RUN = ("epoch", "cell", "image", "other")  # in the address bar: they say nothing of another run


def choose_run(lab: Lab, *, label: str = "Run", with_epochs: bool = False, with_starter: bool = False) -> RunSnapshot | None:
    """The run that the person chose, here or by link; until then the one of `answering`; None while there is none.

    A run that has ended stands there with its validation accuracy. `with_epochs` offers only runs that can answer, `with_starter`
    the starter network, too: last, or alone where there is no run.
    """
    rows = [row for row in lab.store.runs.all() if row.num_epochs or not with_epochs]
    came_with_it = starter.network() if with_starter else None
    run_ids = {row.handle: row.run_id for row in rows} | ({starter.RUN_ID: starter.RUN_ID} if came_with_it else {})
    if not run_ids:
        return None
    by_default, newest = answering(rows), newest_of(rows)
    if by_default and newest:
        scores = {row.run_id: f", {share_text(each)}" for row in rows if not row.active and (each := row.interval(row.best))}
        names = {_DEFAULT: f"{by_default[0]}, {by_default[1].name}"}
        run_ids[_DEFAULT], run_ids[_NEWEST] = by_default[1].run_id, newest.run_id
        if by_default[0] != NEWEST and len(rows) > 1:
            names[_NEWEST] = f"{NEWEST}, {newest.name}"
        names |= {row.handle: row.name + scores.get(row.run_id, "") for row in rows}
        if came_with_it:
            names[starter.RUN_ID] = _STARTER
    else:
        names, run_ids[_DEFAULT] = {_DEFAULT: _STARTER}, starter.RUN_ID
    # The link comes first, or a press on "See its mistakes" would open the run that was looked at before.
    wanted = (_asked(rows, run_ids), st.session_state.get(keys.RUN))
    st.session_state[keys.RUN] = next((handle for handle in wanted if handle in names), _DEFAULT)
    handle = st.selectbox(
        label, list(names), key=keys.RUN, persist_state="session", on_change=_take_another, format_func=names.__getitem__
    )
    _link_run()
    return lab.studio.snapshot(run_ids[handle])


def _asked(rows: Sequence[RunSummary], run_ids: Collection[str]) -> str | None:
    """The handle of the run that the address bar names; None where it names none, or none that is here."""
    asked = st.query_params.get("run")
    if not asked:
        return None
    row = None if asked in (_NEWEST, starter.RUN_ID) else find(rows, asked)
    handle = row.handle if row else asked
    if handle in run_ids or handle == _NEWEST:
        return handle
    broken("run", asked, "there is no such run here, or it has no epoch yet, so the best is shown")
    return None


def _take_another() -> None:
    _link_run()
    for name in _OF_A_RUN:
        link(name, None)


def _link_run() -> None:
    link("run", st.session_state[keys.RUN] or None)
