"""The Kaggle page's blocks: the competition's images in, the submission out."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import IO

import numpy as np
import streamlit as st

from core import charts
from core.datasets import kaggle_csv
from core.network.export import submission
from core.runs.snapshot import RunSnapshot
from core.system.background_jobs import Report
from core.system.settings import upload_mb
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.session import Lab
from ui.widgets.image_sheet import image_sheet
from ui.widgets.job_progress import read_file, wait_line
from ui.widgets.plot import plot
from ui.words import score_text

_AT_ONCE = 1000
_NUM_SHOWN = 20


def test_images(lab: Lab) -> np.ndarray | None:
    """The images of the uploaded test.csv, kept until the tab is closed; a bad file is one sentence on the page."""
    uploaded = st.file_uploader(
        "Kaggle's test.csv",
        type="csv",
        key=keys.TEST_CSV,
        help="784 columns, pixel0 to pixel783, one row per image, no label.",
        max_upload_size=upload_mb(),
    )
    if uploaded is not None and (job := read_file(lab.files, uploaded.file_id, keys.TEST_READ, partial(_read, uploaded))):
        if job.pending:
            wait_line(lab.files, uploaded.file_id, "Reading the file", on_cancel=partial(lab.files.cancel, uploaded.file_id))
        elif job.error:
            st.error(plain(job.error))
        else:
            st.session_state[keys.KAGGLE_IMAGES] = job.result
    images: np.ndarray | None = st.session_state.get(keys.KAGGLE_IMAGES)
    if images is not None:
        st.caption(f"{len(images):,} images, no missing values, pixels from {images.min()} to {images.max()}.")
    return images


def answers(lab: Lab, run: RunSnapshot, images: np.ndarray) -> None:
    """Reads all images with the run's network, with progress, and offers the submission."""
    epoch = run.served_epoch_number
    key = (run.run_id, epoch, hashlib.sha256(images.data).hexdigest())
    job = lab.kaggle.look(key)
    if job and job.error:
        st.error(plain(job.error))
    if job is None or job.error:
        label = f"Read them with {run.name}"
        start, args = _start, (lab, key, run, images)
        st.button(label, type="primary", icon=":material/play_arrow:", key=keys.KAGGLE_READ, on_click=start, args=args)
        return
    if job.result is None:
        wait_line(lab.kaggle, key, "Reading", on_cancel=partial(lab.kaggle.cancel, key))
        return
    probabilities = job.result
    predicted = probabilities.argmax(axis=1)
    st.download_button(
        "Download submission.csv",
        submission(predicted),
        "submission.csv",
        "text/csv",
        type="primary",
        icon=":material/download:",
        key=keys.KAGGLE_DOWNLOAD,
        on_click="ignore",
    )
    st.caption(
        f"{len(predicted):,} answers by {run.name}, epoch {epoch}, which reads {score_text(run)} of its validation images. "
        "Kaggle's own figure will be near that if the run never saw its test images: MNIST's 60,000 overlap with them."
    )
    counts, doubtful = st.columns(2)
    with counts:
        figure = charts.class_balance(np.bincount(predicted, minlength=10).tolist())
        plot(figure, key=keys.KAGGLE_COUNTS, alt="How many images were read as each digit")
    with doubtful:
        st.markdown("**The least certain answers**")
        rows = np.argsort(probabilities.max(axis=1))[:_NUM_SHOWN]
        titles = [f"{predicted[row]} {probabilities[row].max():.0%}" for row in rows]
        image_sheet(images[rows], titles, alt="The least certain images")


def _start(lab: Lab, key: tuple[str, int, str], run: RunSnapshot, images: np.ndarray) -> None:
    if (job := lab.kaggle.look(key)) and job.error:
        lab.kaggle.cancel(key)  # tried again
    lab.kaggle.start(key, partial(_read_all, lab, run, images, key[1]))


def _read_all(lab: Lab, run: RunSnapshot, images: np.ndarray, epoch: int, report: Report) -> np.ndarray:
    """(n, 10) probabilities by the weights after `epoch`."""
    parts = []
    for start in range(0, len(images), _AT_ONCE):
        report(start / len(images), f"{start:,} of {len(images):,} read")
        parts.append(lab.predictor.probabilities(run, images[start : start + _AT_ONCE] / np.float32(255), epoch=epoch))
    return np.concatenate(parts)


def _read(uploaded: IO[bytes], report: Report) -> np.ndarray:
    return kaggle_csv.read_test(uploaded, title=str(uploaded.name), report=lambda share: report(share, f"{share:.0%} of it"))
