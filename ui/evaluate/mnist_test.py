"""The press that opens the test set, and what it said."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.datasets import mnist
from core.evaluation.mnist_test import open_test_set
from core.metrics import interval_text, wilson
from core.runs.snapshot import RunSnapshot
from core.store import Opening
from ui.session import Lab

_WHY = (
    "MNIST keeps 10,000 images for a final figure. Whoever looks at it and then changes something has chosen on it, and the "
    "figure flatters. So it is opened by one deliberate press for a run that has ended, and every opening is written down."
)


def test_set(lab: Lab, run: RunSnapshot) -> None:
    """How the run did on the test images if they were opened for it; else the press that opens them."""
    openings = lab.store.test_openings.all()
    mine = [each for each in openings if each.run_id == run.run_id]
    with st.container(horizontal=True, vertical_alignment="center", key="test-set"):
        if mine:
            st.markdown(_result(mine[-1]), help=_WHY)
        else:
            _opener(lab, run)
        st.caption(_how_often(openings))


def _opener(lab: Lab, run: RunSnapshot) -> None:
    if run.active:
        st.caption("The test set can be opened once the run has ended.")
        return
    with st.popover("Open the test set", icon=":material/lock_open:", key="test-set-door"):
        st.write(_WHY)
        if not mnist.available():
            st.caption("It comes with MNIST, which is not here yet. Get it on the Data page.")
        elif st.button(f"Open it for {run.name}", type="primary", key="open-test-set"):
            bar = st.progress(0.0, text="Reading 10,000 images")
            open_test_set(lab.store, lab.predictor, run, lambda share: bar.progress(share, text="Reading 10,000 images"))
            st.rerun()


def _result(opening: Opening) -> str:
    score = interval_text(wilson(opening.num_right, opening.num_images))
    wrong = opening.num_images - opening.num_right
    day = datetime.fromtimestamp(opening.time).strftime("%d %b %Y, %H:%M")
    return f"**Test set: {score}**, {wrong:,} of {opening.num_images:,} wrong, epoch {opening.epoch}. Opened {day}."


def _how_often(openings: list[Opening]) -> str:
    if not openings:
        return "Never opened so far."
    times = "once" if len(openings) == 1 else f"{len(openings)} times"
    runs = len({each.run_id for each in openings})
    return f"Opened {times} in all, for {runs} run{'s' if runs > 1 else ''}."
