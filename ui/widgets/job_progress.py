"""What a page does while something is computed for it in the background, and how it has a file read there."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from core.system.background_jobs import Job, Jobs, Report
from ui import session_keys as keys
from ui.polling import POLL_S
from ui.words import duration

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
        bar(job, what, jobs.name, on_cancel)

    st.fragment(line, run_every=POLL_S)()


def bar(job: Job[Any], what: str, lane: str, on_cancel: Callable[[], None] | None) -> None:
    """How far a pending job is, the time left where it is known, what it does, and the press that cancels it."""
    left = "" if job.remaining_s is None else f", {duration(job.remaining_s)} left"
    text = f"{what}, {job.share:.0%}{left}: {job.doing}"
    if on_cancel is None:
        st.progress(job.share, text=text)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(job.share, text=text)
        st.button("Cancel", key=keys.cancel_job(lane), on_click=on_cancel)
