"""Which run, which epoch, how good it is, its confusion matrix, and below that the view that the person chose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core import metrics
from core.datasets.validation import validation_part
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser import links
from ui.browser.notes import plain
from ui.evaluate import calibration, confusion, label_faults, mistakes, other_sets, two_runs
from ui.evaluate import feature_map as feature_map
from ui.evaluate.answers import Answers, on_validation, stored_probabilities
from ui.evaluate.epochs import epoch_choice
from ui.evaluate.mnist_test import test_set
from ui.run_control.quick_start import quick_start
from ui.session import Lab
from ui.words import BEST_EPOCH

# View by its name in the address bar: its title, and what draws it.
_VIEWS: dict[str, tuple[str, Callable[[Lab, Answers], None]]] = {
    "matrix": ("Matrix", confusion.draw),
    "mistakes": ("Mistakes", mistakes.draw),
    "calibration": ("Calibration", calibration.draw),
    "versus": ("Two runs", two_runs.draw),
    "map": ("Map", feature_map.draw),
    "faults": ("Label faults", label_faults.draw),
    "sets": ("Other sets", other_sets.draw),
}


def evaluation(lab: Lab, choose_run: Callable[[], RunSnapshot | None]) -> None:
    """Everything about one epoch of one run; moves by itself while the run trains. `choose_run` draws the choice of the run."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=keys.EVALUATE_LINE):
        with st.container(width=200):
            run = choose_run()
        epoch, answers = _chosen_epoch(lab, run) if run and run.epochs else (0, None)
    if run is None:
        nothing = "Nothing has been trained yet. Train a quick network, and see here what it gets wrong."
        quick_start(lab, "Its mistakes appear here as soon as its first epoch is done.", nothing=nothing)
    elif not run.epochs:
        st.info(
            f"{run.name} has not finished an epoch yet. Its figures appear here by themselves."
            if run.active
            else f"{run.name} ended before its first epoch, so there is nothing to evaluate. {plain(run.message)}"
        )
    elif answers is None:
        st.warning(f"The predictions of epoch {epoch} are gone. Choose another epoch.")
    else:
        titles = {name: title for name, (title, _) in _VIEWS.items()}
        view = links.choice(st.pills, "View", titles, key=keys.VIEW, required=True, label_visibility="collapsed")
        _VIEWS[view][1](lab, answers)


def _chosen_epoch(lab: Lab, run: RunSnapshot) -> tuple[int, Answers | None]:
    """The epoch that was chosen and its answers, None where they are gone; draws the rest of the line, which is open."""
    with st.container(horizontal=True, vertical_alignment="bottom", width=320):
        epoch = epoch_choice(run)
    probabilities = stored_probabilities(lab, run, epoch)
    if probabilities is None:
        return epoch, None
    answers = on_validation(run, epoch, validation_part(run.recipe), probabilities)
    scores = answers.scores
    num_images, num_right = int(scores.table.sum()), int(np.trace(scores.table))
    loss = run.epochs[epoch - 1].val_loss
    st.metric(
        "Accuracy",
        metrics.share_text(scores.accuracy),
        width="content",
        help=f"Epoch {epoch} of {run.name}, 95% interval {metrics.range_text(scores.accuracy)}; loss {loss:.4f}, label smoothing "
        f"included. {BEST_EPOCH} It was chosen on these same images, which flatters it a little.",
    )
    st.metric("Wrong", f"{num_images - num_right:,} of {num_images:,}", width="content")
    test_set(lab, run)
    return epoch, answers
