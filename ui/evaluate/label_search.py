"""The search of the whole data set for wrong labels: its press, its progress, its cancel."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import datasets
from core.system.background_jobs import Job
from core.training.cross_validation import NUM_FOLDS
from core.training.label_search import LabelSearch, expected_s
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.polling import POLL_S, show_errors
from ui.session import Lab
from ui.words import duration


def offer_search(lab: Lab, dataset: str) -> None:
    """The offer to search, or how far the search is; afterwards one line that says what was done."""
    search = lab.label_search
    if search.current():
        st.fragment(_watch, run_every=POLL_S)(search)
        return
    num_images = len(datasets.load(dataset))
    if search.probabilities(dataset) is not None:
        st.caption(f"All {num_images:,} images were read by {NUM_FOLDS} small networks, each image by the one that never saw it.")
        return
    st.write(
        f"A run can only doubt the images that it kept for validation. For all {num_images:,}, {NUM_FOLDS} small networks are "
        "trained in the background, each on four fifths of the images, and each reads the fifth that it never saw."
    )
    if reason := search.failure(dataset):
        st.error(plain(reason), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Search the whole data set", icon=":material/search:", key=keys.SEARCH_LABELS, on_click=_start, args=(search, dataset)
        )
        st.caption(f"About {duration(expected_s(num_images))} on two cores. It gives way while a run trains.")


def _start(search: LabelSearch, dataset: str) -> None:
    with show_errors():
        search.start(dataset)


def _watch(search: LabelSearch) -> None:
    if (current := search.current()) is None:
        st.rerun()
    dataset, job = current
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.share, text=_words(dataset, job), width=360)
        st.button("Cancel", icon=":material/close:", key=keys.CANCEL_SEARCH, on_click=search.cancel)


def _words(dataset: str, job: Job[Any]) -> str:
    text = f"Searching {datasets.title(dataset)}"
    return f"{text}, {duration(job.remaining_s)} left" if job.remaining_s is not None else f"{text}: {job.doing}"
