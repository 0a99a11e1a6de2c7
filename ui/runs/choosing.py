"""Which run a page is about."""

from __future__ import annotations

import streamlit as st

from core.store import find
from core.training.snapshot import RunSnapshot
from ui.address import link
from ui.notes import broken
from ui.session import Lab

_NEWEST = ""
_OF_A_RUN = ("epoch", "cell", "image", "other")  # in the address bar: they say nothing of another run


def choose_run(lab: Lab, *, label: str = "Run", with_epochs: bool = False) -> RunSnapshot | None:
    """The run that the person chose, here or by link; whichever is newest until then, None while there is none.

    `with_epochs` offers only runs that can answer.
    """
    rows = [row for row in lab.store.runs() if row.num_epochs or not with_epochs]
    if not rows:
        return None
    by_handle = {row.handle: row for row in rows}
    asked = st.query_params.get("run")
    found = find(rows, asked) if asked else None
    if asked and found is None:
        broken("run", asked, "there is no such run here, or it has no epoch yet, so the newest is shown")
    # The link comes first, or a press on "See its mistakes" would open the run that was looked at before.
    wanted = (found.handle if found else None, st.session_state.get("run"))
    st.session_state.run = next((handle for handle in wanted if handle in by_handle), _NEWEST)
    names = {_NEWEST: f"The newest, {rows[0].name}"} | {handle: row.name for handle, row in by_handle.items()}
    handle = st.selectbox(label, list(names), key="run", persist_state="session", on_change=_take_another,
                          format_func=names.__getitem__)  # fmt: skip
    _link_run()
    return lab.studio.snapshot(by_handle[handle].run_id if handle else rows[0].run_id)


def _take_another() -> None:
    _link_run()
    for name in _OF_A_RUN:
        link(name, None)


def _link_run() -> None:
    link("run", st.session_state.run or None)
