"""The runs whose rows in the record cannot be read: why, and what can be done with each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.store.runs import Unreadable
from ui import session_keys as keys
from ui.browser import hiding
from ui.browser.notes import plain
from ui.runs import bin
from ui.session import Lab

_NUM_LISTED = 20


def unreadable(lab: Lab, runs: Sequence[Unreadable]) -> None:
    """Nothing where all runs can be read."""
    if not runs:
        return
    st.header(f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} that cannot be read")
    st.caption("The record is damaged there, or a newer Digit Lab wrote it. Their files and all other runs are untouched.")
    for run in runs[:_NUM_LISTED]:
        _line(lab, run)
    if len(runs) > _NUM_LISTED:
        st.caption(f"And {len(runs) - _NUM_LISTED} more.")


def _line(lab: Lab, run: Unreadable) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(run.name)}** {plain(run.why)}")
        st.download_button(
            "Export",
            partial(_exported, lab, run.run_id),
            f"{run.run_id}.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            key=keys.unreadable("export", run.run_id),
            help="What the record holds of it, as JSON.",
        )
        if not hiding.hidden("delete"):
            st.button(
                "Delete",
                icon=":material/delete:",
                key=keys.unreadable("delete", run.run_id),
                on_click=bin.throw,
                args=(lab, {run.run_id: run.name}),
                help="It goes into the bin; it can be undone.",
            )


def _exported(lab: Lab, run_id: str) -> bytes:
    return json.dumps(lab.store.runs.raw(run_id), indent=2, default=str).encode()
