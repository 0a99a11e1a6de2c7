"""The press that brings MNIST, with its progress. The download itself outlives the page."""

from __future__ import annotations

import streamlit as st

from core.datasets import mnist
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.polling import POLL_S
from ui.session import Lab


def mnist_button(lab: Lab) -> None:
    """A button while MNIST is missing, a bar while it comes, a sentence when it does not."""
    download = lab.download
    job = download.look()
    running = job is not None and job.pending
    if mnist.available() and not running:
        return

    def drawing() -> None:
        now = download.look()
        if now and now.pending:
            st.progress(now.share, text=f"MNIST: {now.doing}")
            return
        if mnist.available():
            st.rerun()
        st.button("Get MNIST, 11 MB", icon=":material/download:", key=keys.GET_MNIST, on_click=download.start)
        if now and now.error:
            st.warning(plain(now.error))

    st.fragment(drawing, run_every=POLL_S if running else None)()
