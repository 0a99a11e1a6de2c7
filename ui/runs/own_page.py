"""One run by itself: how it went, what it confuses, its recipe and epochs, why it failed, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core import charts, metrics
from core.datasets.validation import validation_part
from core.metrics import range_text, share_text, wilson
from core.recipe import FIELDS, Recipe, value_text
from core.runs import lineage
from core.runs.listing import parameters
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary, find
from ui import session_keys as keys
from ui.browser import hiding, links
from ui.browser.address import link
from ui.browser.notes import broken, note, plain
from ui.polling import show_errors, while_training
from ui.run_control.continuing import go_on_button
from ui.run_control.forecasts import said
from ui.run_control.unwritten import unwritten_line
from ui.runs import bin
from ui.runs.details import RUN, actions, chips, head
from ui.session import Lab, theme
from ui.widgets.plot import plot
from ui.words import BEST_EPOCH, duration, why_best

_ROW_PX, _MOST_ROWS = 35, 12


def opened(lab: Lab, rows: Sequence[RunSummary]) -> RunSummary | None:
    """The run that the address names; None for the list of all. One that is not here is said and taken out of the address."""
    asked = st.query_params.get(RUN)
    if asked is None:
        return None
    if row := find(rows, asked):
        return row
    if thrown := find(lab.store.bin.all(), asked):
        note(f"{thrown.name} is in the bin, where it can be taken back.")
    else:
        broken(RUN, asked, "there is no such run here, so all of them are listed")
    link(RUN, None)
    return None


def own_page(lab: Lab, row: RunSummary, rows: Sequence[RunSummary]) -> None:
    st.button("All runs", icon=":material/arrow_back:", key=keys.BACK_TO_RUNS, type="tertiary", on_click=link, args=(RUN, None))
    st.title(row.name, anchor=False)  # no address is made of a name
    run = lab.studio.snapshot(row.run_id)
    head(lab, row, run, rows)
    unwritten_line(run)
    if run.state == "failed":
        _failure(lab, run)
    with st.container(horizontal=True, vertical_alignment="center"):
        actions(lab, row, run)
        if run.state != "failed":  # else the press stands beside the reason
            go_on_button(lab, run, row.run_id)
        if not hiding.hidden("delete"):
            bin.delete_button(lab, [row])
    while_training(lab, lambda: _course(lab, row))


def _failure(lab: Lab, run: RunSnapshot) -> None:
    """Why it failed, and the press that tries the cure."""
    st.error(f"{run.name} could not go on. {plain(run.message)}", icon=":material/error:")
    if not run.diverged and lineage.can_resume(run):
        kept = (
            "What it has learned is kept."
            if run.epochs
            else "It had not learned anything yet; to change its recipe, start from it."
        )
        st.write(f"{kept} Once the cause is gone, it can go on.")
    go_on_button(lab, run, run.run_id)


def _course(lab: Lab, row: RunSummary) -> None:
    """What changes while the run trains: figures, curves, matrix, epochs."""
    run = lab.studio.snapshot(row.run_id)
    _figures(row, run)
    if run.step:
        _curves(run)
    if not run.epochs:
        _recipe(run.recipe)
        return
    matrix, recipe = st.columns([3, 2], gap="medium")
    with recipe:
        _recipe(run.recipe)
    with matrix, show_errors():
        _matrix(lab, row, run)
    st.header("Epochs")
    shown = min(len(run.epochs), _MOST_ROWS)
    st.dataframe(
        _epoch_table(run),
        hide_index=True,
        height=_ROW_PX * (shown + 1) + 3,
        key=keys.RUN_EPOCHS,
        column_config=_EPOCH_COLUMNS,
        alt=f"The epochs of {run.name}, one in a line",
    )


def _figures(row: RunSummary, run: RunSnapshot) -> None:
    served = run.served_epoch
    with st.container(horizontal=True, gap="large", key=keys.RUN_FIGURES):
        if served:
            score = metrics.accuracy_interval(served.val_accuracy, run.num_validation)
            st.metric(
                "Accuracy",
                share_text(score),
                width="content",
                help=f"On {run.num_validation:,} validation images; 95% interval {range_text(score)}. {BEST_EPOCH}",
            )
            what = "Newest epoch" if run.active else "Best epoch"
            st.metric(what, f"{served.epoch} of {run.recipe.epochs}", width="content")
        else:
            st.metric("Epochs", f"{len(run.epochs)} of {run.recipe.epochs}", width="content")
        st.metric(
            "Training time",
            duration(run.active_s),
            said(run) or None,
            delta_color="off",
            delta_arrow="off",
            width="content",
            help="Of work; pauses are left out. What was said is the forecast beside Start.",
        )
        st.metric("Parameters", f"{parameters(run.recipe):,}", width="content")
        if row.hand:
            right, count = row.hand
            score = wilson(right, count)
            st.metric(
                "My hand",
                share_text(score),
                width="content",
                help=f"{right:,} of {count:,} drawings; 95% interval {range_text(score)}.",
            )


def _curves(run: RunSnapshot) -> None:
    plot(
        charts.learning_pair(run, full=True),
        key=keys.RUN_CURVES,
        zoom=True,
        alt=f"Loss and accuracy of {run.name} over the epochs, training and validation",
    )
    if line := why_best(run):
        st.caption(line, help=BEST_EPOCH)


def _matrix(lab: Lab, row: RunSummary, run: RunSnapshot) -> None:
    epoch = run.served_epoch_number
    st.header("What it confuses")
    if (cell := st.session_state.pop(keys.OWN_CELL, None)) and not hiding.hidden("evaluate"):
        st.switch_page("pages/evaluate.py", query_params=hiding.query(run=row.handle, cell=cell))
    table = _confusion(run.run_id, epoch, lab, run)
    if table is None:
        st.write(f"The predictions of epoch {epoch} are gone.")
        return

    def take(read: str, true: str) -> None:
        st.session_state[keys.OWN_CELL] = f"{true}-{read}"

    plot(
        charts.confusion(table, charts.CONFUSION_VIEWS[0], theme()),
        key=keys.plot_of("own-confusion", run.run_id),
        on_click=take,
        alt=f"Confusion matrix of {run.name} after epoch {epoch}: rows true digits, columns digits read",
    )
    links.to_page("evaluate", "See the images", ":material/fact_check:", run=row.handle)


@st.cache_data(show_spinner=False, max_entries=32)
def _confusion(run_id: str, epoch: int, _lab: Lab, _run: RunSnapshot) -> np.ndarray | None:
    """(10, 10) counts; None where the run's answers are gone. Raises DatasetMissing."""
    probabilities = _lab.store.runs.probabilities(run_id, epoch)
    if probabilities is None:
        return None
    return metrics.confusion(validation_part(_run.recipe).labels, probabilities.argmax(axis=1))


def _recipe(recipe: Recipe) -> None:
    st.header("Recipe")
    chips(recipe)
    with st.expander("Every field", key=keys.RUN_RECIPE, on_change="rerun") as fields:
        if fields.open:
            published = Recipe()
            lines = [
                {
                    "field": each.label,
                    "this run": value_text(name, getattr(recipe, name)),
                    "2018 recipe": value_text(name, getattr(published, name)),
                }
                for name, each in FIELDS.items()
            ]
            st.table(pd.DataFrame(lines).set_index("field"))


_EPOCH_COLUMNS = {
    "epoch": st.column_config.TextColumn("epoch", pinned=True, width=130),
    "accuracy": st.column_config.NumberColumn("validation accuracy", format="%.2f%%"),
    "loss": st.column_config.NumberColumn("validation loss", format="%.4f"),
    "training_accuracy": st.column_config.NumberColumn("training accuracy", format="%.2f%%"),
    "training_loss": st.column_config.NumberColumn("training loss", format="%.4f"),
    "hand": st.column_config.NumberColumn("my hand", format="%.1f%%"),
    "rate": st.column_config.NumberColumn("learning rate", format="%.2g"),
    "seconds": st.column_config.NumberColumn("seconds", format="%.1f"),
    "speed": st.column_config.NumberColumn("images/s", format="localized"),
}


def _epoch_table(run: RunSnapshot) -> pd.DataFrame:
    best = run.best_epoch.epoch if run.best_epoch else 0
    lines = [
        {
            "epoch": f"{each.epoch}{', best' if each.epoch == best else ''}{', cut short' if each.partial else ''}",
            "accuracy": 100 * each.val_accuracy,
            "loss": each.val_loss,
            "training_accuracy": 100 * each.accuracy,
            "training_loss": each.loss,
            **({"hand": None if each.hand_accuracy is None else 100 * each.hand_accuracy} if run.num_hand else {}),
            "rate": each.learning_rate,
            "seconds": each.seconds,
            "speed": round(each.images_per_s),
        }
        for each in run.epochs
    ]
    return pd.DataFrame(lines)
