"""The Draw page's doubt: the answer in large type or "I don't think this is a digit", and what refusing costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import charts
from core.doctor import article
from core.metrics import interval_text
from core.refusal import Refusal
from core.refusals import Refusals
from core.training.snapshot import RunSnapshot
from ui.frame import POLL_S
from ui.plot import plot
from ui.session import Lab

_SCORES = {
    "probability": "Certainty",
    "energy": "Energy",
    "distance": "Distance",
    "boundary": "Boundary",
}


@st.cache_resource(show_spinner=False)
def refusals(_lab: Lab) -> Refusals:
    """The process's cut-offs."""
    return Refusals(_lab.predictor, _lab.store.folder)


def begin(lab: Lab, run: RunSnapshot) -> None:
    """Has the network's cut-off measured while the person still looks at the empty canvas."""
    refusals(lab).get(run, _epoch(run))


def headline(lab: Lab, run: RunSnapshot, image: np.ndarray, row: np.ndarray) -> None:
    """The answer with its certainty, from `row` (10,) for `image` (28, 28); or that this is no digit, the nearest one in grey.

    An answer is there at once. Where the network's cut-off is still being measured, the verdict follows by itself.
    """
    keeper, epoch = refusals(lab), _epoch(run)
    keeper.get(run, epoch)
    waiting = keeper.pending(run, epoch)

    def drawing() -> None:
        found = keeper.get(run, epoch)
        if waiting and not run.active and not keeper.pending(run, epoch):
            st.rerun()  # the whole page: only it can stop the clock. Beside a training it would go on to a newer epoch's cut-off
        always = st.session_state.get("always-answer", False)
        refused = found and not always and found.refuses(keeper.seen(run, epoch, image[None]))[0]
        if refused:
            st.markdown("## I don't think this is a digit")
            st.markdown(f":gray[If it is one, then {article(int(row.argmax()))}: {row.max():.1%}.]")
        else:
            st.markdown(f"## {row.argmax()} \N{EN SPACE}{row.max():.1%}")

    st.fragment(drawing, run_every=POLL_S if waiting else None)()
    st.toggle("Always answer", key="always-answer", persist_state="session",
              help="Names the likeliest digit whatever was drawn, as a network does by itself.")  # fmt: skip


def price(lab: Lab, run: RunSnapshot) -> None:
    """A closed block with the risk and coverage curve, and the scores that were tried."""
    block = st.expander("What does refusing cost?", key="price", on_change="rerun", icon=":material/balance:")
    if not block.open:
        return
    with block:
        found = refusals(lab).get(run, _epoch(run))
        if found:
            _price(found)
        elif refusals(lab).pending(run, _epoch(run)):
            st.info("This network's cut-off is being measured. It will be here after your next stroke.")
        else:
            st.warning("No cut-off could be measured for this network, so it answers always.")


def _price(found: Refusal) -> None:
    caught = found.caught[found.name]
    st.markdown(
        f"**The cut-off refuses {interval_text(caught)} of {found.num_others:,} things that are no digits, and with them "
        f"{interval_text(found.lost)} of {found.num_digits:,} digits.**",
        help="Measured on drawings that were held out: half of the digits are this run's validation images, or 600 of them, "
        "redrawn by another hand and another pen, the others are drawn by rule. The rest are letters, signs, shapes, faces, "
        "scribbles, dots, dashes, and two digits in one. The cut-off is set so that 2% of these digits are lost.",
    )
    diagram, table = st.columns([3, 2], gap="medium")
    with diagram:
        plot(charts.risk_coverage(found), key="risk-coverage",
             alt="Two curves by the share of digits answered: non-digits that get an answer, and misread digits")  # fmt: skip
    with table:
        st.caption(
            "Non-digits refused where 2% of the digits are. The best is used.",
            help="Certainty: the highest probability, at a fitted temperature (Hendrycks and Gimpel 2017). Energy: of all its "
            "outputs together (Liu et al. 2020). Distance: of the last features from the digits that it knows, after Mahalanobis "
            "(Lee et al. 2018). Boundary: a support vector machine that was shown digits and other things (Hendrycks et al. "
            "2019). The curve: Geifman and El-Yaniv 2017.",
        )
        lines = [{"score": _SCORES[name], "refused": interval_text(share)} for name, share in found.caught.items()]
        st.dataframe(pd.DataFrame(lines), hide_index=True, key="scores-frame")


def _epoch(run: RunSnapshot) -> int:
    return run.served_epoch.epoch if run.served_epoch else 0
