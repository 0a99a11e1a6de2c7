"""The line that a page shows while something is computed for it in the background."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from core.system.background_jobs import Jobs
from ui import session_keys as keys
from ui.polling import POLL_S


def wait_line(jobs: Jobs[Any], key: Hashable, what: str, *, on_cancel: Callable[[], None] | None = None) -> None:
    """How far the job is and what it does, twice a second; reruns the page once it is over. `what` names it, in a few words."""

    def line() -> None:
        job = jobs.look(key)
        if job is None or not job.pending:
            st.rerun()
        text = f"{what}, {job.share:.0%}: {job.doing}"
        if on_cancel is None:
            st.progress(job.share, text=text)
            return
        bar, button = st.columns([4, 1], vertical_alignment="bottom")
        bar.progress(job.share, text=text)
        button.button("Cancel", key=keys.cancel_job(jobs.name), on_click=on_cancel)

    st.fragment(line, run_every=POLL_S)()
