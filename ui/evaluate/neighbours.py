"""The training images that the network takes for most like a given one."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
import streamlit as st

from core.drawing.diagnosis import article
from core.evaluation import neighbours
from core.evaluation.neighbours import Neighbours, TrainingFeatures
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.evaluate.answers import Answers
from ui.session import Lab
from ui.widgets.image_sheet import image_sheet
from ui.widgets.job_progress import wait_line

_PATIENCE_S = 0.4  # a wait that is over before a person would read what is waited for
_HELP = (
    "What the layer before the last one says of an image, compared by angle with what it says of the training images. If they "
    "show another digit, the network had a reason for its answer; if one of them looks mislabelled, it learned that label."
)


def nearest(lab: Lab, answers: Answers, row: int) -> None:
    """Draws the ten training images nearest to row `row` of the validation part, once the training images are described."""
    run, epoch = answers.run, answers.epoch
    key = ("training", run.run_id, epoch)
    st.subheader("Nearest training images", help=_HELP)
    if run.active and lab.features.look(key) is None:
        # Each epoch has other features: nobody wants them all, and they take time from the training.
        if not st.button(f"Find them for epoch {epoch}", icon=":material/search:", key=keys.nearest(run.run_id, epoch)):
            return
    lab.features.start(key, partial(neighbours.training_features, lab.predictor, run, epoch))
    job = lab.features.wait(key, _PATIENCE_S)
    if job is None or job.pending:
        wait_line(lab.features, key, "Nearest training images")
    elif job.result is None:
        st.warning(plain(job.error))
    else:
        _draw(_found(run.run_id, epoch, row, lab.predictor, run, job.result, answers.part.images[row]), job.result)


@st.cache_data(show_spinner=False, max_entries=256)
def _found(
    run_id: str, epoch: int, row: int, _predictor: Predictor, _run: RunSnapshot, _training: TrainingFeatures, _image: np.ndarray
) -> Neighbours:
    (features,) = _predictor.features(_run, _image[None] / np.float32(255), epoch=epoch)
    return neighbours.nearest(_training, features)


def _draw(found: Neighbours, training: TrainingFeatures) -> None:
    counts = Counter(found.labels.tolist()).most_common()
    (digit, count), others = counts[0], counts[1:]
    rest = "".join(f", {number} {article(other)}" for other, number in others)
    st.write(f"{count} of the {len(found.labels)} nearest show {article(digit)}{rest}.")
    titles = [f"{label}  {similarity:.3f}" for label, similarity in zip(found.labels, found.similarity, strict=True)]
    image_sheet(found.images, titles, alt="The nearest training images, each with its label and the cosine of its angle")
    num_searched, num_training = len(training.labels), training.num_training
    searched = f"a random sample, always the same, of {num_searched:,} of the" if num_searched < num_training else "all"
    st.caption(
        "Label, and cosine of the angle between the features: 1 is the same direction. Searched: "
        f"{searched} {num_training:,} training images."
    )
