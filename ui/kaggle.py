"""The Kaggle page's blocks: the competition's images in, the submission out."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import streamlit as st

from core import charts
from core.charts import pictures
from core.datasets import kaggle_csv
from core.errors import DataError
from core.network.export import submission
from core.runs.snapshot import RunSnapshot
from core.system.settings import upload_mb
from ui.session import Lab, theme
from ui.widgets.plot import plot
from ui.words import score_text

_AT_ONCE = 1000
_NUM_SHOWN = 20


def test_images() -> np.ndarray | None:
    """The images of the uploaded test.csv, kept until the tab is closed; a bad file is told in a sentence."""
    uploaded = st.file_uploader(
        "Kaggle's test.csv",
        type="csv",
        key="test-csv",
        help="784 columns, pixel0 to pixel783, one row per image, no label.",
        max_upload_size=upload_mb(),
    )
    if uploaded is not None:
        try:
            st.session_state["kaggle-images"] = _read(uploaded.getvalue(), uploaded.name)
        except DataError as error:
            st.error(str(error))
    images: np.ndarray | None = st.session_state.get("kaggle-images")
    if images is not None:
        st.caption(f"{len(images):,} images, no missing values, pixels from {images.min()} to {images.max()}.")
    return images


def answers(lab: Lab, run: RunSnapshot, images: np.ndarray) -> None:
    """Reads all images with the run's network, with progress, and offers the submission."""
    epoch = run.served_epoch_number
    key = (run.run_id, epoch, hashlib.sha256(images.data).hexdigest())
    if st.session_state.get("kaggle-key") != key:
        if not st.button(f"Let {run.name} read them", type="primary", icon=":material/play_arrow:", key="kaggle-read"):
            return
        st.session_state["kaggle-answers"] = _read_all(lab, run, images, epoch)
        st.session_state["kaggle-key"] = key
    probabilities = st.session_state["kaggle-answers"]
    predicted = probabilities.argmax(axis=1)
    st.download_button(
        "Download submission.csv",
        submission(predicted),
        "submission.csv",
        "text/csv",
        type="primary",
        icon=":material/download:",
        key="kaggle-download",
        on_click="ignore",
    )
    st.caption(
        f"{len(predicted):,} answers by {run.name}, epoch {epoch}, which reads {score_text(run)} of its validation images. "
        "Kaggle's own figure will be near that if the run never saw its test images: MNIST's 60,000 overlap with them."
    )
    counts, doubtful = st.columns(2)
    with counts:
        figure = charts.class_balance(np.bincount(predicted, minlength=10).tolist())
        plot(figure, key="kaggle-counts", alt="How many images were read as each digit")
    with doubtful:
        st.markdown("**The least certain answers**")
        rows = np.argsort(probabilities.max(axis=1))[:_NUM_SHOWN]
        titles = [f"{predicted[row]} {probabilities[row].max():.0%}" for row in rows]
        sheet = pictures.png(pictures.grid(images[rows], titles, theme(), columns=5))
        st.image(sheet, width="stretch", alt="The least certain images")


def _read_all(lab: Lab, run: RunSnapshot, images: np.ndarray, epoch: int) -> np.ndarray:
    bar = st.progress(0.0, text="Reading")
    parts = []
    for start in range(0, len(images), _AT_ONCE):
        parts.append(lab.predictor.probabilities(run, images[start : start + _AT_ONCE] / np.float32(255), epoch=epoch))
        done = min(start + _AT_ONCE, len(images))
        bar.progress(done / len(images), text=f"{done:,} of {len(images):,} read")
    bar.empty()
    return np.concatenate(parts)


@st.cache_data(show_spinner="Reading the file", max_entries=1)
def _read(content: bytes, name: str) -> np.ndarray:
    return kaggle_csv.read_test(io.BytesIO(content), title=name)
