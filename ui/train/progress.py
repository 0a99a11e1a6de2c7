"""How the run that Train shows is doing: progress, score, curves, epochs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import charts
from core.errors import RunMissing
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser import links
from ui.browser.notes import plain
from ui.browser.people import theirs, whose
from ui.run_control import continuing
from ui.run_control.forecasts import said
from ui.run_control.queue_list import place_text
from ui.run_control.steering import rate_slider
from ui.run_control.unwritten import unwritten_line
from ui.run_control.watch import watch_line
from ui.session import Lab
from ui.widgets.plot import plot
from ui.words import BEST_EPOCH, duration, score_text, why_best

_ENDS = {
    "finished": "has finished after {time}",
    "stopped": "was stopped after {time}, its best weights are kept",
    "failed": "could not go on",
    "interrupted": "was interrupted after {time}, when the server ended; its finished epochs are kept",
}


def progress(lab: Lab, watched: RunSnapshot | None) -> None:
    """Where the watched run stands, its newest score and what leads on from it; an empty state before the first run."""
    if watched is None:
        st.info("Nothing has been trained yet. Press Start, and the curves will grow here by themselves.")
        return
    run = lab.studio.snapshot(watched.run_id)
    if run.active:
        _progress_line(lab, run)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            _score_line(run)
            with st.container(width=280):
                rate_slider(lab, run)
    else:
        _closing_line(run)
        _ways_on(lab, run)
    watch_line(lab, run)


def log_toggle() -> None:
    """Whether the curves have a logarithmic axis."""
    st.toggle(
        "Log axis",
        key=keys.LOG,
        help="Shows small differences late in the run. Accuracy is then drawn as error.",
        bind="query-params",
        persist_state="session",
    )


def curves(lab: Lab, _: Recipe, watched: RunSnapshot | None) -> None:
    """The watched run's curves."""
    run = _now_of(lab, watched)
    if run is None:
        return
    plot(
        charts.learning_pair(run, full=True, log=bool(st.session_state.get(keys.LOG))),
        key=keys.TRAIN_CURVES,
        zoom=True,
        alt="Loss and accuracy over the epochs, training and validation",
    )
    if line := why_best(run):
        st.caption(line, help=BEST_EPOCH)


def epochs(lab: Lab, _: Recipe, watched: RunSnapshot | None) -> None:
    """The watched run's epochs, one in a line."""
    run = _now_of(lab, watched)
    if run and run.epochs:
        st.dataframe(_epoch_table(run), hide_index=True, key=keys.EPOCHS_FRAME, alt=f"The epochs of {run.name}, one in a line")
    else:
        st.caption("A line for each epoch, as soon as the first one has ended.")


def _now_of(lab: Lab, watched: RunSnapshot | None) -> RunSnapshot | None:
    """The run as it is now; None where there is none, or it was deleted, of which the line of its progress speaks."""
    if watched is None:
        return None
    try:
        return lab.studio.snapshot(watched.run_id)
    except RunMissing:
        return None


def _progress_line(lab: Lab, run: RunSnapshot) -> None:
    if run.state == "queued":
        doing = place_text(lab, run) or "getting ready: data and network are being prepared"
        st.progress(0.0, text=f"**{run.name}** is {doing}.")
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
        st.caption(
            f"Epoch {run.epochs[-1].epoch} of {run.name} reads {score_text(run)} of the validation images.", width="content"
        )
    else:
        st.caption("The first score on the validation images comes with the end of the first epoch.", width="content")


def _closing_line(run: RunSnapshot) -> None:
    unwritten_line(run)
    if run.state == "failed":
        st.error(f"{run.name} {_ENDS['failed']}. {plain(run.message)}", icon=":material/error:")
        return
    best = run.best_epoch
    if not run.step:
        st.markdown(f"**{run.name}** was {run.state} before it began.")
        return
    promised = f" ({forecast})" if (forecast := said(run)) else ""
    text = f"**{run.name}** {_ENDS[run.state].format(time=duration(run.active_s))}{promised}."
    if run.message:
        text += f" {plain(run.message)}"
    if best:
        text += f" Its best epoch, {best.epoch}, reads {score_text(run)} of the validation images."
    st.markdown(text, help=BEST_EPOCH if best else None)


def _ways_on(lab: Lab, run: RunSnapshot) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        continuing.go_on_button(lab, run, "train")
        if run.best_epoch:
            links.to_page("evaluate", "See its mistakes", ":material/fact_check:", run=run.run_id)
            links.to_page("draw", "Draw for it", ":material/draw:", run=run.run_id)


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
