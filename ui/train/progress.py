"""The Train page's blocks below the controls: start, progress, curves."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from core import charts, datasets
from core.errors import RunMissing
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.training.queue import QueueState
from ui import session_keys as keys
from ui.browser import links, people
from ui.browser.people import theirs, whose
from ui.run_control import continuing
from ui.run_control.badge import shown_run
from ui.run_control.forecasts import forecast_line
from ui.run_control.preflight import preflight_line
from ui.run_control.queue_list import line_list
from ui.run_control.steering import rate_slider, run_controls
from ui.run_control.watch import watch_line
from ui.session import Lab
from ui.widgets.plot import plot
from ui.words import BEST_EPOCH, duration, score_text

_FORECAST_HELP = (
    "The time comes from a short measurement of this machine, corrected by the runs that were made on it. The accuracy is the "
    "lowest and the highest that the same recipe reached with other seeds, on its validation images."
)
_DOUBLE_CLICK_S = 1.0
_ENDS = {
    "finished": "has finished after {time}",
    "stopped": "was stopped after {time}, its best weights are kept",
    "failed": "could not go on",
    "interrupted": "was interrupted after {time}, when the server ended; its finished epochs are kept",
}


def watched_run(lab: Lab) -> RunSnapshot | None:
    """The run that the page shows: this person's that trains, else another that trains, else the newest."""
    return shown_run(lab) or lab.studio.newest()


def start_row(lab: Lab, recipe: Recipe) -> None:
    """The one primary button of the page, under what would go wrong."""
    queue = lab.studio.queue()
    continuing.branch_line(lab)
    people.ask(queue)
    preflight_line(lab, recipe)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Start", type="primary", icon=":material/play_arrow:", key=keys.START)
        if expected := forecast_line(lab, recipe):
            st.caption(expected, help=_FORECAST_HELP)
        if len(queue.running) >= queue.at_once:
            st.caption(_waiting_words(queue))
    if pressed and not _double_click(recipe):
        datasets.load(recipe.dataset)
        continuing.start(lab, recipe)
        st.session_state[keys.LAST_START] = recipe, time.monotonic()
        st.rerun()


def _double_click(recipe: Recipe) -> bool:
    """Whether the press came too soon after another for the page to have said that the run would be the same."""
    before, at_s = st.session_state.get(keys.LAST_START, (None, 0.0))
    return bool(before == recipe and time.monotonic() - at_s < _DOUBLE_CLICK_S)


def _waiting_words(queue: QueueState) -> str:
    names = " and ".join(run.name for run in queue.running)
    waiting = f", and {len(queue.waiting)} wait{'s' * (len(queue.waiting) == 1)} already" if queue.waiting else ""
    behind = "it" if len(queue.runs) == 1 else "them"
    return (
        f"{names} {'is' if len(queue.running) == 1 else 'are'} training{waiting}: a new run waits in the queue behind {behind}."
    )


def progress(lab: Lab, watched: RunSnapshot | None) -> None:
    """Where the watched run stands, its newest score, what may be done with it, and the line behind it; an empty state before the
    first run.
    """
    if watched is None:
        st.info("Nothing has been trained yet. Press Start, and the curves will grow here by themselves.")
        return
    run = lab.studio.snapshot(watched.run_id)
    if run.active:
        _progress_line(run)
        _score_line(run)
        _controls(lab, run)
    else:
        _closing_line(run)
        _ways_on(lab, run)
    line_list(lab)


def curves(lab: Lab, watched: RunSnapshot | None) -> None:
    """The watched run's curves and epochs."""
    if watched is None:
        return
    try:
        run = lab.studio.snapshot(watched.run_id)
    except RunMissing:  # the progress above says so
        return
    watch_line(lab, run)
    with st.container(horizontal=True, horizontal_alignment="right"):
        log = st.toggle(
            "Log axis",
            key=keys.LOG,
            help="Shows small differences late in the run. Accuracy is then drawn as error.",
            bind="query-params",
            persist_state="session",
        )
    loss, accuracy = st.columns(2)
    with loss:
        plot(
            charts.learning_curve(run, "loss", log=log),
            key=keys.LOSS_CHART,
            zoom=True,
            alt="Loss over the epochs, training and validation",
        )
    with accuracy:
        plot(
            charts.learning_curve(run, "accuracy", log=log),
            key=keys.ACCURACY_CHART,
            zoom=True,
            alt="Accuracy over the epochs, training and validation",
        )
    if line := _why_best(run):
        st.caption(line, help=BEST_EPOCH)
    if run.epochs:
        with st.expander(f"**Epochs of {run.name}**", key=keys.EPOCH_TABLE, on_change="rerun") as table:
            if table.open:  # else each look at the run would send it, and the browser draw it, unseen
                st.dataframe(_epoch_table(run), hide_index=True, key=keys.EPOCHS_FRAME)


def _why_best(run: RunSnapshot) -> str:
    """Why the star stands below a higher point; empty where it does not."""
    best = run.best_epoch
    highest = max(run.epochs, key=lambda each: each.val_accuracy, default=None)
    if not best or not highest or highest.val_accuracy <= best.val_accuracy:
        return ""
    within = "a difference within chance, with a higher loss"
    return f"The star is epoch {best.epoch}. Epoch {highest.epoch} read {score_text(run, highest)}, {within}."


def _progress_line(run: RunSnapshot) -> None:
    if run.state == "queued":
        st.progress(0.0, text=f"**{run.name}** is getting ready: data and network are being prepared.")
        return
    batch = run.step - (run.current_epoch - 1) * run.steps_per_epoch
    doing = {"paused": "paused", "validating": "being scored"}.get(run.state, f"batch {batch:,}/{run.steps_per_epoch:,}")
    parts = [f"**{run.name}**", f"epoch {run.current_epoch}/{run.recipe.epochs}", "stopping" if run.ending else doing]
    if theirs(run):
        parts.insert(1, whose(run))
    if run.images_per_s:
        parts.append(f"{run.images_per_s:,.0f} images/s")
    parts.append(duration(run.active_s))
    if run.remaining_s is not None:
        parts.append(f"{duration(run.remaining_s)} left")
    st.progress(run.progress, text=" · ".join(parts))


def _score_line(run: RunSnapshot) -> None:
    if run.epochs:
        st.caption(f"Epoch {run.epochs[-1].epoch} of {run.name} reads {score_text(run)} of the validation images.")
    else:
        st.caption("The first score on the validation images comes with the end of the first epoch.")


def _controls(lab: Lab, run: RunSnapshot) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(width="content"):
            run_controls(lab, run, "train")
        with st.container(width=320):
            rate_slider(lab, run)


def _closing_line(run: RunSnapshot) -> None:
    if run.state == "failed":
        st.error(f"{run.name} {_ENDS['failed']}. {run.message}", icon=":material/error:")
        return
    best = run.best_epoch
    if not run.step:
        st.markdown(f"**{run.name}** was {run.state} before it began.")
        return
    text = f"**{run.name}** {_ENDS[run.state].format(time=duration(run.active_s))}."
    if run.message:
        text += f" {run.message}"
    if best:
        text += f" Its best epoch, {best.epoch}, reads {score_text(run)} of the validation images."
    st.markdown(text, help=BEST_EPOCH if best else None)


def _ways_on(lab: Lab, run: RunSnapshot) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        continuing.go_on_button(lab, run, "train")
        if run.best_epoch:
            links.to_page("evaluate", "See its mistakes", ":material/fact_check:", run=run.name)
            links.to_page("draw", "Draw for it", ":material/draw:", run=run.name)


def _epoch_table(run: RunSnapshot) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "epoch": f"{each.epoch}{', cut short' if each.partial else ''}",
                "loss": f"{each.loss:.4f}",
                "accuracy": f"{each.accuracy:.2%}",
                "validation loss": f"{each.val_loss:.4f}",
                "validation accuracy": f"{each.val_accuracy:.2%}",
                **({"your hand": "" if each.hand_accuracy is None else f"{each.hand_accuracy:.2%}"} if run.num_hand else {}),
                "learning rate": f"{each.learning_rate:.2g}",
                "seconds": f"{each.seconds:.1f}",
                "images/s": f"{each.images_per_s:,.0f}",
            }
            for each in run.epochs
        ]
    )
