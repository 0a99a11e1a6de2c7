"""How a network reads whole data sets, not only its validation part: one at a time, and below that every run on every set."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import datasets, metrics
from core.datasets import Dataset
from core.datasets.validation import ValidationPart
from core.evaluation import mnist_test
from core.evaluation.set_scores import Cell
from core.recipe import SOURCES
from core.runs.snapshot import RunSnapshot
from core.store import SetScore
from ui import session_keys as keys
from ui.browser import links
from ui.browser.notes import plain
from ui.evaluate import confusion, set_table
from ui.evaluate.answers import Answers, Read
from ui.session import Lab
from ui.widgets.job_progress import wait_line

_COPIES = (
    "Exact copies are found, pixel for pixel. An image that was scaled, moved or prepared in another way counts as new, even if "
    "it is the same handwriting."
)
_QMNIST, _EMNIST = "https://github.com/facebookresearch/qmnist", "https://www.nist.gov/itl/products-and-services/emnist-dataset"
_WHERE = f"""The Data page takes these files as they are.

**QMNIST**, [github.com/facebookresearch/qmnist]({_QMNIST}), under a BSD-style licence: the 50,000 test digits that MNIST lost.
Take `qmnist-test-images-idx3-ubyte.gz` and `qmnist-test-labels-idx2-int.gz`; their first 10,000 are MNIST's test images, made
anew, and are left out.

**EMNIST**, [nist.gov]({_EMNIST}): 280,000 digits, in `emnist-digits.mat` or in the files of `gzip.zip` that are called so.
NIST's page names no licence and asks for a citation. They come from the same forms as MNIST's, so many are the same handwriting,
prepared in another way."""


def draw(lab: Lab, answers: Answers) -> None:
    """The choice of a set, the run's score on it, its matrix and images; then the table."""
    run, epoch = answers.run, answers.epoch
    titles = _titles(run)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=300):
            name = links.choice(
                st.selectbox,
                "How does it read",
                titles,
                key=keys.SET,
                help=f"All images of a data set, by the epoch that the page shows: epoch {epoch} of {run.name}. More sets come "
                "in on the Data page.",
            )
        score = lab.store.set_scores.score(run.run_id, epoch, name)
        if score:
            _figures(score, run, epoch)
    _score_button(lab, run, Cell(run.run_id, epoch, name), score)
    if score:
        _images(lab, answers, name, score)
    set_table.draw(lab, run, titles)
    with st.popover("Where to get other sets", icon=":material/public:", type="tertiary"):
        st.markdown(_WHERE)


def _titles(run: RunSnapshot) -> dict[str, str]:
    """Name -> title of each set at hand: those that people brought first, the run's own last."""
    at_hand = dict(datasets.available())
    order = sorted(at_hand, key=lambda name: (name == run.recipe.dataset, name in SOURCES))
    return {name: at_hand[name] for name in order}


def _score_button(lab: Lab, run: RunSnapshot, cell: Cell, score: SetScore | None) -> None:
    """The press that scores it, or how far that is; afterwards only where the training images were not at hand."""
    if set_table.busy(lab, [cell], "table"):
        st.caption("It is being scored with the table below.")
        return
    if key := set_table.busy(lab, [cell], "set"):
        wait_line(lab.sets, key, "Scoring", on_cancel=partial(lab.sets.cancel, key))
        return
    set_table.hindrances(lab, "set", (cell,))
    if score is None or not score.told:
        st.button(
            f"Score {run.name} on it" if score is None else "Score it again",
            type="primary" if score is None else "secondary",
            icon=":material/play_arrow:",
            key=keys.SCORE_SET,
            on_click=set_table.start,
            args=(lab, "set", (cell,)),
        )


def _figures(score: SetScore, run: RunSnapshot, epoch: int) -> None:
    st.metric(
        "Accuracy on it",
        metrics.share_text(score.accuracy),
        width="content",
        help=f"Epoch {epoch} of {run.name}, 95% interval {metrics.range_text(score.accuracy)}.",
    )
    st.metric("95% interval", metrics.range_text(score.accuracy), width="content")
    st.metric("Wrong", f"{score.num_counted - score.num_counted_right:,} of {score.num_counted:,}", width="content")


def _images(lab: Lab, answers: Answers, name: str, score: SetScore) -> None:
    """What was in its training data, the matrix with the images, and the figures of each digit."""
    dataset, read = datasets.load(name), lab.store.set_scores.answers(answers.run.run_id, answers.epoch, name)
    st.markdown(_told(answers.run, score), help=_COPIES)
    if num_test := _num_test_images(dataset):
        st.warning(
            f"{num_test:,} of these {len(dataset):,} images are copies of MNIST's test images. Whoever goes by this score "
            "chooses on the test set, and its log does not know of it.",
            icon=":material/lock_open:",
        )
    if read is None:
        st.warning("The answers for these images are gone or damaged. Score it again.")
        return
    rows = read.counted()
    images, labels = (each if len(rows) == len(each) else each[rows] for each in (dataset.images, dataset.labels))
    shown = Read(
        answers.run, answers.epoch, name, ValidationPart(images, labels, rows), read.predicted[rows], read.certainties[rows]
    )
    confusion.matrix(shown, shown.scores.worst)
    confusion.digit_by_digit(shown)


def _told(run: RunSnapshot, score: SetScore) -> str:
    """Whether the images are new to the run, in sentences."""
    every = f"{score.num_images:,}"
    if not score.told:
        return (
            f"The images that {plain(run.name)} was trained on are not at hand, so it cannot be told whether any of these "
            f"{every} were among them."
        )
    if score.all_trained:
        return (
            f"**All {every} of these images were in its training data:** they say how well it remembers, not how well it reads."
        )
    if not score.num_trained:
        said = f"None of these {every} images was in its training data."
    else:
        remembered = metrics.interval_text(metrics.wilson(score.num_trained_right, score.num_trained))
        said = (
            f"**{score.num_trained:,} of {every} of these images were in its training data.** They are left out of the figures; "
            f"of them it reads {remembered}."
        )
    if score.num_chosen:
        said += f" {score.num_chosen:,} are its validation images, by which its best epoch was chosen: that flatters it a little."
    return said


# Its answer for a data set never changes while MNIST stays at hand.
@st.cache_data(
    show_spinner="Comparing with MNIST's test images", max_entries=64, hash_funcs={Dataset: lambda dataset: dataset.name}
)
def _num_test_images(dataset: Dataset) -> int:
    return mnist_test.num_test_images(dataset)
