"""The Draw page's part about drawings that are not digits: which are rejected, by whose threshold, and how well that works."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core import charts
from core.drawing.labelled import MIN_DRAWINGS, NOT_A_DIGIT
from core.evaluation import rejection_threshold
from core.evaluation.rejection import Rejection
from core.metrics import interval_text, wilson
from core.network.predictor import Answers
from core.runs.snapshot import RunSnapshot
from core.store import starter
from core.system.background_jobs import Job
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.browser.people import owner
from ui.session import Lab
from ui.widgets.job_progress import wait_line
from ui.widgets.plot import plot

_SCORES = {
    "probability": "Certainty",
    "energy": "Energy",
    "distance": "Distance",
    "boundary": "Boundary",
}


def rejected(lab: Lab, run: RunSnapshot, answers: Answers) -> np.ndarray:
    """(n,) True for those of the answers of `run` whose drawings are taken for non-digits; none until a threshold is there."""
    found = None if st.session_state.get(keys.ALWAYS_ANSWER) else _rejection(lab, run)
    if found is None:
        return np.zeros(len(answers.images), bool)
    judge, rejection = found
    if judge.run_id != run.run_id or _epoch(judge) != answers.epoch:  # another network judges, by a pass of its own
        answers = lab.predictor.answers(judge, answers.images, epoch=_epoch(judge))
    return rejection.rejects(answers)


def own_non_digits(lab: Lab, run: RunSnapshot) -> None:
    """ "Non-digits rejected: 3 of 4", of what this person kept as such; nothing without any, or without a threshold."""
    drawn = lab.store.drawings.aside(NOT_A_DIGIT, person=owner())
    found = _rejection(lab, run) if drawn else None
    if found is None:
        return
    judge, judged_by = found
    images = np.stack(list(drawn.values())) / np.float32(255)
    key = ("non-digits", *_key(judge), *drawn)
    job = lab.hand.start(key, lambda report: judged_by.rejects(lab.predictor.answers(judge, images, epoch=_epoch(judge))))
    if job.result is None:
        if job.pending:
            wait_line(lab.hand, key, "Non-digits")
        else:
            st.caption(f"Non-digits not judged. {plain(job.error)}")
        return
    count, num_rejected = len(drawn), int(job.result.sum())
    score = f"{num_rejected} of {count}" if count < MIN_DRAWINGS else f"{interval_text(wilson(num_rejected, count))} of {count:,}"
    st.markdown(f"Non-digits rejected: **{score}**")


def choice(lab: Lab, run: RunSnapshot) -> None:
    """The switch that turns rejection off, which network judges, and how far its threshold is; once that is measured the page
    reruns. Measuring begins here, while the person still looks at the empty canvas.
    """
    st.toggle(
        "Always answer",
        key=keys.ALWAYS_ANSWER,
        persist_state="session",
        help="Names the most likely digit whatever is drawn, as a network does by itself.",
    )
    judge = _judge(run)
    if judge is None:
        st.caption(f"While {run.name} trains, every drawing gets an answer. After that, it rejects what is not a digit.")
        return
    if judge is not run:
        st.caption(f"While {run.name} trains, the starter network decides what is not a digit; after that, {run.name} does.")
    if _measured(lab, judge).pending:
        wait_line(lab.rejections, _key(judge), "Measuring when to reject a drawing")


def figures(lab: Lab, run: RunSnapshot) -> None:
    """A closed block with the risk-coverage curve, and the scores that were tried."""
    block = st.expander("When is a drawing rejected?", key=keys.REJECTION, on_change="rerun", icon=":material/balance:")
    if not block.open:
        return
    with block:
        judge = _judge(run)
        if judge is None:
            st.info("The threshold is measured once the run has finished.")
            return
        job = _measured(lab, judge)
        if job.result:
            _figures(job.result, "the starter network" if judge.run_id == starter.RUN_ID else judge.name)
        elif job.pending:
            st.info("The threshold is being measured.")
        else:
            st.warning(f"The threshold could not be measured, so every drawing gets an answer. {plain(job.error)}")


def _figures(found: Rejection, judge: str) -> None:
    rejected = interval_text(found.rejected_non_digits[found.name])
    st.markdown(
        f"**The threshold of {judge} rejects {rejected} of {found.num_non_digits:,} non-digits, and by mistake "
        f"{interval_text(found.rejected_digits)} of {found.num_digits:,} digits.**",
        help="Measured on drawings held out for this. 600 of the digits are synthetic; the others are the network's validation "
        "images, where its data set is available, redrawn in another style with another pen. The non-digits are letters, signs, "
        "shapes, faces, scribbles, dots, dashes, and two digits in one. The threshold is set to reject 2% of these digits.",
    )
    diagram, table = st.columns([3, 2], gap="medium")
    with diagram:
        st.caption("Dotted: the threshold. To the left of it more is rejected.")
        plot(
            charts.risk_coverage(found),
            key=keys.RISK_COVERAGE,
            alt="Two curves by the share of digits accepted: non-digits accepted, and accepted digits read wrong",
        )
    with table:
        st.caption(
            "Non-digits rejected at a threshold that rejects 2% of the digits. The best score is used.",
            help="Certainty: the highest probability, at a fitted temperature (Hendrycks and Gimpel 2017). Energy: all outputs "
            "together (Liu et al. 2020). Distance: from the last features to those of known digits, after Mahalanobis "
            "(Lee et al. 2018). Boundary: a support vector machine trained on digits and non-digits (Hendrycks et al. "
            "2019). The curve: Geifman and El-Yaniv 2017.",
        )
        lines = [{"score": _SCORES[name], "rejected": interval_text(share)} for name, share in found.rejected_non_digits.items()]
        st.dataframe(pd.DataFrame(lines), hide_index=True, key=keys.SCORES_FRAME)


def _rejection(lab: Lab, run: RunSnapshot) -> tuple[RunSnapshot, Rejection] | None:
    """The network that judges at this moment, and its rejection. While the run's own is still measured, that is the starter
    network, if it judged while the run trained. None where nothing can be rejected yet.
    """
    judge = _judge(run)
    job = _measured(lab, judge) if judge else None
    if judge is run and job and job.pending and (other := starter.network()):
        judge, job = other, lab.rejections.look(_key(other))
    return (judge, job.result) if judge and job and job.result else None


def _judge(run: RunSnapshot) -> RunSnapshot | None:
    """The network that decides what is not a digit: `run` itself once it has finished, until then the starter network, because
    each epoch has a threshold of its own, and measuring it takes as long as some epochs do. None where that one is missing.
    """
    return starter.network() if run.active or run.served_epoch is None else run


def _measured(lab: Lab, judge: RunSnapshot) -> Job[Rejection]:
    return lab.rejections.start(
        _key(judge), partial(rejection_threshold.measure, lab.predictor, judge, _epoch(judge), lab.store.folder)
    )


def _key(judge: RunSnapshot) -> tuple[str, int]:
    return judge.run_id, _epoch(judge)


def _epoch(judge: RunSnapshot) -> int:
    return judge.served_epoch_number
