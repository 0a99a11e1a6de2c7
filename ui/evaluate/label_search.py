"""The search of the whole data set for wrong labels: its press, its progress, its cancel."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.training.cross_validation import NUM_FOLDS
from core.training.label_search import CrossCheck, Progress, expected_s
from ui.polling import POLL_S, show_errors
from ui.session import Lab
from ui.words import duration


@st.cache_resource(show_spinner=False)
def cross_check(_lab: Lab) -> CrossCheck:
    """The process's one searcher of whole data sets."""
    return CrossCheck(_lab.studio)


def search(lab: Lab, dataset: str) -> None:
    """The offer to search, or how far the search is; afterwards one line that says what was done."""
    check = cross_check(lab)
    if check.progress():
        st.fragment(_watch, run_every=POLL_S)(check)
        return
    num_images = len(datasets.load(dataset))
    if check.probabilities(dataset) is not None:
        st.caption(f"All {num_images:,} images were read by {NUM_FOLDS} small networks, each image by the one that never saw it.")
        return
    st.write(
        f"A run can only doubt the images that it kept for validation. For all {num_images:,}, {NUM_FOLDS} small networks are "
        "trained in the background, each on four fifths of the images, and each reads the fifth that it never saw."
    )
    if reason := check.failure(dataset):
        st.error(reason, icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Search the whole data set", icon=":material/search:", key="search-labels", on_click=_start, args=(check, dataset)
        )
        st.caption(f"About {duration(expected_s(num_images))} on two cores. It gives way while a run trains.")


def _start(check: CrossCheck, dataset: str) -> None:
    with show_errors():
        check.start(dataset)


def _watch(check: CrossCheck) -> None:
    now = check.progress()
    if now is None:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(now.share, text=_words(now), width=360)
        st.button("Cancel", icon=":material/close:", key="cancel-search", on_click=check.cancel)


def _words(now: Progress) -> str:
    text = f"Searching {datasets.title(now.dataset)}"
    if now.waits_for:
        return f"{text}: waits while {now.waits_for} trains"
    return f"{text}, {duration(now.remaining_s)} left" if now.remaining_s is not None else text
