"""The press that brings MNIST, with its progress. The download itself outlives the page."""

from __future__ import annotations

import streamlit as st

from core.datasets import mnist
from core.datasets.download import Download
from ui.polling import POLL_S


@st.cache_resource(show_spinner=False)
def mnist_download() -> Download:
    """The process's one download."""
    return Download()


def mnist_button() -> None:
    """A button while MNIST is missing, a bar while it comes, a sentence when it does not."""
    download = mnist_download()
    if mnist.available() and not download.progress.running:
        return

    def drawing() -> None:
        now = download.progress
        if now.running:
            st.progress(now.share, text=f"MNIST: {now.num_bytes / 1e6:.1f} of {now.total_bytes / 1e6:.1f} MB")
            return
        if mnist.available():
            st.rerun()
        st.button("Get MNIST, 11 MB", icon=":material/download:", key="get-mnist", on_click=download.start)
        if now.message:
            st.warning(now.message)

    st.fragment(drawing, run_every=POLL_S if download.progress.running else None)()
