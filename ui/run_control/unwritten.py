"""What is said of a run that the record does not hold yet."""

from __future__ import annotations

import streamlit as st

from core.runs.snapshot import RunSnapshot
from ui.browser.notes import plain


def unwritten_line(run: RunSnapshot) -> None:
    """Nothing where the record holds all of it."""
    if run.unwritten:
        now = "Training goes on, and is not in the record yet." if run.active else f"{run.name} is not in the record yet."
        st.warning(f"{now} It is written as soon as that works. {plain(run.unwritten)}", icon=":material/save:")
