"""How the run is doing: its figures in a line, and its curves."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import charts, datasets
from core.charts.parts import Figure
from core.metrics import accuracy_interval, range_text, share_text
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui import session_keys as keys
from ui.browser.people import theirs, whose
from ui.hand_score import hand_line
from ui.lab.subject import answering, called
from ui.run_control import continuing
from ui.run_control.forecasts import said
from ui.run_control.queue_list import place_text
from ui.run_control.unwritten import unwritten_line
from ui.run_control.watch import watch_line
from ui.session import Lab
from ui.widgets.plot import plot
from ui.words import duration, why_best_in_short

_ENDS = {"finished": "finished in {}", "stopped": "stopped after {}", "interrupted": "interrupted after {}", "failed": "failed"}
_STATES = {"paused": "paused", "validating": "being scored"}


def learning(lab: Lab, run: RunSnapshot | None) -> None:
    """The line and the two curves of `run`."""
    st.header("Learning", anchor=False)
    if run is None:
        st.html("<p class=lab-line>Press Start, and the curves grow here.</p>")
        return
    _line(lab, run)
    watch_line(lab, run)
    plot(_curves(run), key=keys.LAB_CURVES, alt=_alt(run))
    if not run.active and run.run_id != starter.RUN_ID:
        unwritten_line(run)
        continuing.go_on_button(lab, run, "lab")
    hand_line(lab, answering(lab, run))


def _curves(run: RunSnapshot) -> Figure:
    if run.run_id == starter.RUN_ID:
        return charts.learning_pair(starter.training() or run, hint="Press Start: your own curves grow here.")
    return charts.learning_pair(run)


def _line(lab: Lab, run: RunSnapshot) -> None:
    """Name, epoch, accuracy, speed and time left; a bar while it trains."""
    score, meaning = "", ""
    if scored := run.served_epoch:
        within = accuracy_interval(scored.val_accuracy, run.num_validation)
        score = f"<b>{share_text(within)}</b>"
        meaning = (
            f"Share of {run.num_validation:,} validation images that epoch {scored.epoch} reads right; "
            f"with 95% confidence {range_text(within)}."
        )
    bar = f"<progress max=1 value={run.progress:.4f} aria-label='Progress of the run'></progress>" if run.active else ""
    st.html(
        f"<div class=lab-line><p><strong>{escape(called(run))}</strong> <span>{_first(run)}</span>"
        f"<span class=lab-score title='{meaning}'>{score}</span></p>{bar}<p class=lab-small>{_second(lab, run)}</p></div>"
    )


def _first(run: RunSnapshot) -> str:
    if run.run_id == starter.RUN_ID:
        return f"{run.recipe.epochs} epochs"
    if run.active:
        return f"epoch {run.current_epoch}/{run.recipe.epochs}"
    return escape(_ENDS[run.state].format(duration(run.active_s)))


def _second(lab: Lab, run: RunSnapshot) -> str:
    if run.run_id == starter.RUN_ID:
        return f"of {run.num_validation:,} MNIST images; answers until you have trained one"
    if run.state == "failed":
        return escape(run.message)
    if not run.active:
        best = run.best_epoch
        named = f"best epoch {best.epoch}{why_best_in_short(run)}" if best else "no epoch was finished"
        forecast = f"{promised}, took {duration(run.active_s)}" if (promised := said(run)) else ""
        return escape(" · ".join(filter(None, (named, datasets.title(run.recipe.dataset), forecast, run.message))))
    parts = [whose(run)] if theirs(run) else []
    if run.state == "queued":
        return escape(" · ".join([*parts, place_text(lab, run) or "getting ready"]))
    if doing := "stopping" if run.ending else _STATES.get(run.state, ""):
        parts.append(doing)
    if run.images_per_s:
        parts.append(f"{run.images_per_s:,.0f} images/s")
    if run.remaining_s is not None:
        parts.append(f"{duration(run.remaining_s)} left")
    return escape(" · ".join(parts)) or "getting ready"


def _alt(run: RunSnapshot) -> str:
    best = run.best_epoch
    said = f", best epoch {best.epoch} with {best.val_accuracy:.1%}" if best else ""
    return f"Loss and accuracy of {called(run)} over the epochs, training and validation{said}"
