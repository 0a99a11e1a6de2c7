"""Deleting runs, taking that back, and the bin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.runs.summary import RunSummary
from ui import session_keys as keys
from ui.browser.address import link
from ui.browser.people import asking_button
from ui.polling import show_errors
from ui.session import Lab

_NUM_LISTED = 20


def delete_button(lab: Lab, chosen: Sequence[RunSummary]) -> None:
    """Puts the chosen runs into the bin, at once: it can be undone."""
    what = chosen[0].name if len(chosen) == 1 else f"these {len(chosen)} runs"
    it = "It goes" if len(chosen) == 1 else "They go"
    if asking_button(
        f"Delete {what}", chosen, icon=":material/delete:", key=keys.DELETE_RUNS, help=f"{it} into the bin; it can be undone."
    ):
        with show_errors():  # one that still trains is not deleted, and the rest of the page stays
            throw(lab, {row.run_id: row.name for row in chosen})
            link("run", None)  # of the run's own page, which there is no longer
            st.rerun()


def throw(lab: Lab, runs: dict[str, str]) -> None:
    """Puts runs into the bin, names by their ids; `undo_line` offers to take them back. Raises DigitLabError."""
    lab.studio.throw_away(list(runs))
    st.session_state[keys.RUNS_THROWN] = runs


def undo_line(lab: Lab) -> None:
    """What was deleted last, and the press that brings it back."""
    thrown: dict[str, str] = st.session_state.get(keys.RUNS_THROWN) or {}
    if not thrown:
        return
    names = list(thrown.values())
    what = f"{names[0]} is" if len(names) == 1 else f"{len(names)} runs are"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f":material/delete: {what} in the bin.")
        st.button("Undo", icon=":material/undo:", key=keys.UNDO_DELETE, on_click=_take_back, args=(lab, list(thrown)))


def bin_corner(lab: Lab) -> None:
    """What lies in the bin, to be taken back or to be removed for good; nothing while it is empty."""
    rows = lab.store.bin.all()
    if not rows:
        return
    with st.popover(
        f"Bin: {len(rows)} {'run' if len(rows) == 1 else 'runs'}", icon=":material/delete:", key=keys.BIN, on_change="rerun"
    ) as corner:
        if not corner.open:
            return
        st.caption("What is here keeps its weights and figures, and stays until you empty the bin.")
        for row in rows[:_NUM_LISTED]:
            when = datetime.fromtimestamp(row.deleted).strftime("%d %b %H:%M")
            st.button(
                f"Take back {row.name}, deleted {when}",
                key=keys.back_from_bin(row.run_id),
                icon=":material/undo:",
                type="tertiary",
                on_click=_take_back,
                args=(lab, [row.run_id]),
            )
        if len(rows) > _NUM_LISTED:
            st.caption(f"And {len(rows) - _NUM_LISTED} more, deleted before.")
            st.button(
                "Take all back",
                key=keys.BACK_ALL,
                icon=":material/undo:",
                on_click=_take_back,
                args=(lab, [row.run_id for row in rows]),
            )
        size_mb = lab.store.bin.num_bytes() / 1e6
        sure = st.checkbox(f"Remove {'it' if len(rows) == 1 else 'them'} for good, {size_mb:,.1f} MB", key=keys.BIN_SURE)
        st.button(
            "Empty the bin", key=keys.EMPTY_BIN, icon=":material/delete_forever:", disabled=not sure, on_click=_empty, args=(lab,)
        )


def _take_back(lab: Lab, run_ids: Sequence[str]) -> None:
    lab.store.bin.restore(run_ids)
    st.session_state.pop(keys.RUNS_THROWN, None)


def _empty(lab: Lab) -> None:
    lab.store.bin.empty()
    st.session_state.pop(keys.RUNS_THROWN, None)
