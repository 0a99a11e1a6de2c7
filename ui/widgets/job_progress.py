"""What a page does while something is computed for it in the background, and how it has a file read there."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from core.system.background_jobs import Job, Jobs, Report
from ui import session_keys as keys
from ui.polling import POLL_S

Result = TypeVar("Result")
_AT_ONCE_S = 0.3  # a small file is read before a line about it could be seen


def read_file(jobs: Jobs[Any], file_id: str, begun_key: str, work: Callable[[Report], Result]) -> Job[Result] | None:
    """How far the reading of uploaded files is, which begins with the first call for them; None once it was cancelled.

    `begun_key` is where the session keeps which were begun, so that cancelled ones are not read again.
    """
    if st.session_state.get(begun_key) != file_id:
        st.session_state[begun_key] = file_id
        jobs.start(file_id, work)
        return jobs.wait(file_id, _AT_ONCE_S)
    return jobs.look(file_id)


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
