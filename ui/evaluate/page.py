"""Which run, which epoch, how good it is, and the view that the person chose of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core import datasets, metrics
from core.datasets.validation import validation_part
from ui import session_keys as keys
from ui.browser import links
from ui.evaluate import calibration, confusion, label_faults, mistakes, two_runs
from ui.evaluate import feature_map as feature_map
from ui.evaluate.answers import Answers, stored_probabilities
from ui.evaluate.epochs import epoch_choice
from ui.evaluate.mnist_test import test_set
from ui.hand_score import hand_line
from ui.session import Lab
from ui.words import score_text

# View by its name in the address bar: its title, and what draws it.
_VIEWS: dict[str, tuple[str, Callable[[Lab, Answers], None]]] = {
    "matrix": ("Confusion matrix", confusion.draw),
    "mistakes": ("Mistakes", mistakes.draw),
    "calibration": ("Calibration", calibration.draw),
    "versus": ("Two runs", two_runs.draw),
    "map": ("Map", feature_map.draw),
    "faults": ("Label faults", label_faults.draw),
}


def evaluation(lab: Lab, run_id: str) -> None:
    """Everything about one epoch of one run; moves by itself while the run trains."""
    run = lab.studio.snapshot(run_id)
    if not run.epochs:
        st.info(
            f"{run.name} has not finished an epoch yet. Its figures appear here by themselves."
            if run.active
            else f"{run.name} ended before its first epoch, so there is nothing to evaluate. {run.message}"
        )
        return
    epoch = epoch_choice(run)
    probabilities = stored_probabilities(lab, run, epoch)
    if probabilities is None:
        st.warning(f"The predictions of epoch {epoch} are gone. Choose another epoch.")
        return
    answers = Answers(run, epoch, validation_part(run.recipe), probabilities)
    _headline(answers)
    hand_line(lab, run, epoch)
    test_set(lab, run)
    titles = {name: title for name, (title, _) in _VIEWS.items()}
    view = links.choice(st.pills, "View", titles, key=keys.VIEW, required=True, label_visibility="collapsed")
    _VIEWS[view][1](lab, answers)


def _headline(answers: Answers) -> None:
    run, epoch, scores = answers.run, answers.epoch, answers.scores
    num_images, num_right = int(scores.table.sum()), int(np.trace(scores.table))
    accuracy, wrong, loss = st.columns([2, 2, 1])
    accuracy.metric("Accuracy, 95% interval", metrics.interval_text(scores.accuracy))
    wrong.metric("Errors", f"{num_images - num_right:,} of {num_images:,}")
    loss.metric("Loss", f"{run.epochs[epoch - 1].val_loss:.4f}", help="As in training, label smoothing included.")
    st.markdown(f"**{scores.worst}**")
    final, best = run.epochs[-1], run.best_epoch
    if not run.active and final.epoch != epoch:
        text = f"{datasets.title(run.recipe.dataset)}. Its last epoch, {final.epoch}, reads {score_text(run, final)}."
        if best and final.val_accuracy > best.val_accuracy:
            text += f" That is above the best epoch, {best.epoch}, but within chance, and its loss is higher."
        else:
            text += " The best epoch was chosen on these same images, which flatters it a little."
        st.caption(text)
