"""The Runs page: the table, what is chosen on it, the leaderboards and the bin; or the own page of the run in the address bar."""

from __future__ import annotations

import streamlit as st

from ui.browser import hiding
from ui.polling import pace_s
from ui.run_control.quick_start import quick_start
from ui.runs import bin, challenges, leaderboards
from ui.runs.compare import compare
from ui.runs.details import closer
from ui.runs.own_page import opened, own_page
from ui.runs.table import chosen, filters, table
from ui.runs.unreadable import unreadable
from ui.session import Lab


def runs_page(lab: Lab) -> None:
    """Everything that was trained, to find, to compare, to start from or to delete; or one run by itself."""
    rows, broken = lab.store.runs.read()
    if row := opened(lab, rows):
        own_page(lab, row, rows)
        return
    st.title("Runs")
    if not rows:
        nothing = "Nothing has been trained yet. Every run will be listed here, and stays after a restart."
        quick_start(lab, "It is listed here as soon as it has begun.", nothing=nothing)
    else:
        _follow(lab)
        taken = chosen(rows)
        shown = filters(rows)
        if shown:
            table(lab, shown, taken)
        else:
            st.write("No run matches. Change the filters above.")
    if not hiding.hidden("delete"):
        bin.undo_line(lab)
    if rows and taken:
        if len(taken) == 1:
            details, curve = st.columns([2, 3], gap="medium")
            with details:
                closer(lab, taken, rows)
            with curve:
                compare(lab, taken)
        else:
            compare(lab, taken)
            closer(lab, taken, rows)
        if not hiding.hidden("delete"):
            bin.delete_button(lab, taken)
    elif rows:
        st.caption("Press a name to open a run. Tick up to eight to compare them.")
    unreadable(lab, broken)
    if rows and not hiding.hidden("boards"):
        leaderboards.draw(rows)
        challenges.draw(rows)
    if not hiding.hidden("delete"):
        bin.bin_corner(lab)


def _follow(lab: Lab) -> None:
    """Draws the page anew after each epoch, and not twice a second: its figures do not change in between."""

    def now() -> list[tuple[str, int, str]]:
        states = {"queued": "waits", "paused": "paused"}
        return [(run.run_id, len(run.epochs), states.get(run.state, "")) for run in lab.studio.queue().runs]

    before = now()

    def look() -> None:
        if now() not in ([], before):  # the end of the last one redraws the page anyway
            st.rerun()

    st.fragment(look, run_every=pace_s() if before else None)()
