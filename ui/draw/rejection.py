"""The Draw page's doubt: which drawings are no digits, as far as that is known, and what refusing costs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core import charts
from core.evaluation import rejection_cutoff
from core.evaluation.rejection import Refusal
from core.metrics import interval_text
from core.runs.snapshot import RunSnapshot
from core.store import starter
from core.system.background_jobs import Job
from ui import session_keys as keys
from ui.session import Lab
from ui.widgets.job_progress import wait_line
from ui.widgets.plot import plot

_SCORES = {
    "probability": "Certainty",
    "energy": "Energy",
    "distance": "Distance",
    "boundary": "Boundary",
}


def judged(lab: Lab, run: RunSnapshot, images: np.ndarray) -> np.ndarray:
    """(n,) True for those of `images` (n, 28, 28) that are no digits; none as long as the cut-off is not there."""
    found = None if st.session_state.get(keys.ALWAYS_ANSWER) else _refusing(lab, run)
    if found is None:
        return np.zeros(len(images), bool)
    judge, cutoff = found
    return cutoff.refuses(rejection_cutoff.seen(lab.predictor, judge, _epoch(judge), images))


def choice(lab: Lab, run: RunSnapshot) -> None:
    """The switch that has everything answered, who tells what is no digit, and how far its cut-off is; once that is there the
    page is drawn anew. The measuring begins here, while the person still looks at the empty canvas.
    """
    st.toggle(
        "Always answer",
        key=keys.ALWAYS_ANSWER,
        persist_state="session",
        help="Names the likeliest digit whatever was drawn, as a network does by itself.",
    )
    judge = _judge(run)
    if judge is None:
        st.caption("While it trains, everything gets an answer. What is no digit is told once it has finished.")
        return
    if judge is not run:
        st.caption(f"While {run.name} trains, the starter network tells what is no digit; then {run.name} does.")
    if _cutoff(lab, judge).pending:
        wait_line(lab.cutoffs, _key(judge), "Finding out what is no digit")


def price(lab: Lab, run: RunSnapshot) -> None:
    """A closed block with the risk and coverage curve, and the scores that were tried."""
    block = st.expander("What does refusing cost?", key=keys.PRICE, on_change="rerun", icon=":material/balance:")
    if not block.open:
        return
    with block:
        judge = _judge(run)
        if judge is None:
            st.info("The price can be told once the run has finished.")
            return
        job = _cutoff(lab, judge)
        if job.result:
            _price(job.result, "the starter network" if judge.run_id == starter.RUN_ID else judge.name)
        elif job.pending:
            st.info("The cut-off is being measured.")
        else:
            st.warning(f"No cut-off could be measured, so everything gets an answer. {job.error}")


def _price(found: Refusal, judge: str) -> None:
    caught = found.caught[found.name]
    st.markdown(
        f"**The cut-off of {judge} refuses {interval_text(caught)} of {found.num_others:,} things that are no digits, and by "
        f"mistake {interval_text(found.lost)} of {found.num_digits:,} digits.**",
        help="Measured on drawings that were held out: 600 of the digits are drawn by rule, the others are the network's "
        "validation images, where its data set is at hand, redrawn by another hand and another pen. The rest are letters, signs, "
        "shapes, faces, scribbles, dots, dashes, and two digits in one. The cut-off is set so that 2% of these digits are lost.",
    )
    diagram, table = st.columns([3, 2], gap="medium")
    with diagram:
        plot(
            charts.risk_coverage(found),
            key=keys.RISK_COVERAGE,
            alt="Two curves by the share of digits answered: non-digits that get an answer, and misread digits",
        )
    with table:
        st.caption(
            "Non-digits refused where 2% of the digits are. The best is used.",
            help="Certainty: the highest probability, at a fitted temperature (Hendrycks and Gimpel 2017). Energy: of all its "
            "outputs together (Liu et al. 2020). Distance: of the last features from the digits that it knows, after Mahalanobis "
            "(Lee et al. 2018). Boundary: a support vector machine that was shown digits and other things (Hendrycks et al. "
            "2019). The curve: Geifman and El-Yaniv 2017.",
        )
        lines = [{"score": _SCORES[name], "refused": interval_text(share)} for name, share in found.caught.items()]
        st.dataframe(pd.DataFrame(lines), hide_index=True, key=keys.SCORES_FRAME)


def _refusing(lab: Lab, run: RunSnapshot) -> tuple[RunSnapshot, Refusal] | None:
    """The network that tells it at this moment, and its cut-off: while a run's own is still measured, the starter network, if it
    has told it while the run learned. None where nothing can be refused yet.
    """
    judge = _judge(run)
    job = _cutoff(lab, judge) if judge else None
    if judge is run and job and job.pending and (other := starter.network()):
        judge, job = other, lab.cutoffs.look(_key(other))
    return (judge, job.result) if judge and job and job.result else None


def _judge(run: RunSnapshot) -> RunSnapshot | None:
    """The network that tells what is no digit: `run` itself once it has finished, the starter network until then, as every epoch
    has a cut-off of its own, and measuring it takes as long as some epochs do. None where that one is missing.
    """
    return starter.network() if run.active or run.served_epoch is None else run


def _cutoff(lab: Lab, judge: RunSnapshot) -> Job[Refusal]:
    return lab.cutoffs.start(
        _key(judge), partial(rejection_cutoff.measure, lab.predictor, judge, _epoch(judge), lab.store.folder)
    )


def _key(judge: RunSnapshot) -> tuple[str, int]:
    return judge.run_id, _epoch(judge)


def _epoch(judge: RunSnapshot) -> int:
    return judge.served_epoch_number
