"""How far the network's stated certainty can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import charts, metrics
from core.evaluation import calibration
from ui import session_keys as keys
from ui.evaluate.answers import Answers
from ui.session import Lab
from ui.widgets.plot import plot


def draw(lab: Lab, answers: Answers) -> None:
    """The reliability diagram, what it says in a sentence, and what one fitted number would make of it."""
    found = _calibration(answers.run.run_id, answers.epoch, answers.part.labels, answers.probabilities)
    st.markdown(
        f"**{found.verdict}**",
        help="When it says 90%, is it right nine times out of ten? A network can read well and still be far too sure of its "
        "mistakes, or not sure enough of what it knows. Surer than right, or less sure, is said only where the 95% interval "
        "of the difference excludes zero.",
    )
    diagram, mending = st.columns([3, 2], gap="medium")
    with diagram:
        plot(
            charts.reliability(found.bins),
            key=keys.RELIABILITY,
            alt=f"Reliability diagram: how often the network was right, by how sure it was. {found.verdict}",
        )
    with mending:
        _mending(found)


def _mending(found: calibration.Calibration) -> None:
    st.header(
        "With a temperature",
        help=(
            "One number that the network's raw outputs are divided by, the same for every image: above 1 it becomes less sure, "
            "below 1 surer, and which digit it reads stays the same. It is fitted on every other validation image by the lowest "
            "log loss and judged on those in between (Guo et al. 2017)."
        ),
    )
    st.write(_mended(found))
    rows = {"as it is": found.before}
    if found.after and found.temperature:
        rows[f"temperature {found.temperature:.2f}"] = found.after
    st.dataframe(pd.DataFrame([_line(name, trust) for name, trust in rows.items()]), hide_index=True, key=keys.TRUST_FRAME)
    st.caption(
        f"On the {found.before.num_images:,} images that the temperature was not fitted on.",
        help="Calibration error: how far certainty and share right lie apart, averaged over the ten columns of the diagram, each "
        "with its number of images; its interval is a bootstrap's. Log loss punishes a confident mistake most; it is measured "
        "here without the label smoothing of training.",
    )


def _mended(found: calibration.Calibration) -> str:
    if found.after is None or found.temperature is None:
        return (
            "Every image of the half to fit on is read right, so no temperature can be fitted: the "
            "certainty would grow without bound."
        )
    makes = "surer" if found.temperature < 1 else "less sure"
    text = f"A temperature of {found.temperature:.2f}, fitted on one half of the images, makes it {makes}."
    helps = found.after.log_loss < found.before.log_loss
    return f"{text} {'On the other half this helps.' if helps else 'On the other half this does not help.'}"


def _line(name: str, trust: calibration.Trust) -> dict[str, str]:
    return {
        "answers": name,
        "calibration error": metrics.share_text(trust.error),
        "95% interval": metrics.range_text(trust.error),
        "log loss": f"{trust.log_loss:.3f}",
    }


# The bootstrap takes some tenths of a second, and the page is drawn anew at every look at a run that trains.
@st.cache_data(show_spinner=False, max_entries=64)
def _calibration(run_id: str, epoch: int, _labels: np.ndarray, _probabilities: np.ndarray) -> calibration.Calibration:
    return calibration.calibration(_labels, _probabilities)
