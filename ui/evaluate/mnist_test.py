"""The press that opens the test set, and what it said."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from core.datasets import mnist
from core.evaluation.mnist_test import open_test_set
from core.metrics import range_text, share_text, wilson
from core.runs.snapshot import RunSnapshot
from core.store import Opening
from core.system.background_jobs import Report
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.session import Lab
from ui.widgets.job_progress import wait_line

_WHY = (
    "MNIST keeps 10,000 images for a final figure. Whoever looks at it and then changes something has chosen on it, and the "
    "figure flatters. So it is opened by one deliberate press for a run that has ended, and every opening is written down."
)


def test_set(lab: Lab, run: RunSnapshot) -> None:
    """Whether the test set was opened for the run, and its score; behind it what it is for, and the press that opens it."""
    openings = lab.store.test_openings.all()
    mine = [each for each in openings if each.run_id == run.run_id]
    job = lab.test_set.look(run.run_id)
    if job and job.pending and not mine:
        with st.container(width=220):
            wait_line(lab.test_set, run.run_id, "Test set", on_cancel=partial(lab.test_set.cancel, run.run_id))
        return
    state = share_text(wilson(mine[-1].num_right, mine[-1].num_images)) if mine else "closed"
    icon = ":material/lock_open:" if mine else ":material/lock:"
    with st.popover(f"Test set: {state}", icon=icon, key=keys.TEST_SET_DOOR):
        st.write(_WHY)
        if mine:
            st.markdown(_result(mine[-1]))
        else:
            _opener(lab, run)
        st.caption(_how_often(openings))
    if job and job.error and not mine:
        st.error(plain(job.error))


def _opener(lab: Lab, run: RunSnapshot) -> None:
    if run.active:
        st.caption("The test set can be opened once the run has ended.")
        return
    if not mnist.available():
        st.caption("It comes with MNIST, which is not here yet. Get it on the Data page.")
    else:
        label = f"Open it for {run.name}"
        st.button(label, type="primary", key=keys.OPEN_TEST_SET, on_click=_open, args=(lab, run))


def _open(lab: Lab, run: RunSnapshot) -> None:
    """Queues the one job by the run's id: a second press, or one in another tab, finds it there."""
    if (job := lab.test_set.look(run.run_id)) and job.error:
        lab.test_set.cancel(run.run_id)
    lab.test_set.start(run.run_id, partial(_scored, lab, run))


def _scored(lab: Lab, run: RunSnapshot, report: Report) -> Opening:
    """Opens the test set unless it was opened for the run meanwhile: a press may come from a page that was drawn before."""
    if done := [each for each in lab.store.test_openings.all() if each.run_id == run.run_id]:
        return done[-1]
    return open_test_set(lab.store, lab.predictor, run, lambda share: report(share, "reading 10,000 images"))


def _result(opening: Opening) -> str:
    score = wilson(opening.num_right, opening.num_images)
    wrong = opening.num_images - opening.num_right
    day = datetime.fromtimestamp(opening.time).strftime("%d %b %Y, %H:%M")
    return (
        f"**Test set: {share_text(score)}**, {wrong:,} of {opening.num_images:,} wrong, epoch {opening.epoch}. "
        f"95% interval {range_text(score)}. Opened {day}."
    )


def _how_often(openings: list[Opening]) -> str:
    if not openings:
        return "Not opened so far."
    times = "once" if len(openings) == 1 else f"{len(openings)} times"
    runs = len({each.run_id for each in openings})
    return f"Opened {times} in all, for {runs} run{'s' if runs > 1 else ''}."
