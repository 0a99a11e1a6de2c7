"""What stands on every page: title, navigation, data, and the line of the run that trains, which moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core import datasets
from core.errors import DigitLabError
from core.metrics import interval_text, wilson
from core.runs.snapshot import Epoch, RunSnapshot
from ui import sharing
from ui.browser import hiding, links, notes, people
from ui.browser.people import mine, theirs, whose
from ui.recipe_form import held
from ui.run_control.queue_list import my_places
from ui.run_control.steering import run_controls
from ui.session import Lab, lab, num_browsers

POLL_S = 0.5
# A look has the browser go over its whole page, a twentieth of a second of one core, and a training waits for its slower core.
_PAGE, _VISIT = "page", "visit"
_LOOK_S = 0.9
_RARELY = 3  # looks to one of what is dear to draw and moves slowly
_CROWD, _RAREST_S = 90, 15.0  # thirty browsers look every ten seconds, ten every one
# A bar that moves at every look would glide all the time, which without a graphics card is drawn by the processor that trains.
_STYLE = """<style>
.stApp { font-variant-numeric: tabular-nums }
[data-testid=stProgressBarTrack] > div { transition: none }
.stMainBlockContainer { padding: 2.6rem 3rem 4rem }
.st-key-groups { padding: .35rem .9rem }
.st-key-groups button[kind=tertiary] { text-align: left; padding: .3rem 0 }
.st-key-groups button[kind=tertiary] > div { justify-content: flex-start }
.st-key-groups .stColumn { padding: .3rem 0 .8rem }
@media (max-width: 640px) { .st-key-groups button[kind=tertiary] { padding: .5rem 0 } }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.2rem 1rem 3rem } }
@media (max-width: 640px) { div:has(> .st-key-seen) { order: 1 } }
</style>"""
BEST_EPOCH = (
    "The best epoch: of those whose accuracy the validation images cannot tell from the highest (its 95% interval), "
    "the one with the lowest loss. The highest accuracy alone would often be luck."
)
_ICON = Path(__file__).parent / "favicon.png"  # a Material icon here would be fetched from the internet


@dataclass(frozen=True)
class Page:
    title: str
    path: str
    icon: str


PAGES = (
    Page("Home", "app.py", ":material/home:"),
    Page("Data", "pages/data.py", ":material/database:"),
    Page("Train", "pages/train.py", ":material/model_training:"),
    Page("Evaluate", "pages/evaluate.py", ":material/fact_check:"),
    Page("Draw", "pages/draw.py", ":material/draw:"),
    Page("Runs", "pages/runs.py", ":material/list_alt:"),
    Page("Kaggle", "pages/kaggle.py", ":material/emoji_events:"),
)


@contextmanager
def frame(title: str) -> Iterator[Lab]:
    """The body of a page. A DigitLabError inside it becomes one sentence on the page."""
    st.set_page_config(page_title=f"{title} · Digit Lab", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    people.door()
    if st.session_state.get(_PAGE) != title:
        st.session_state.update({_PAGE: title, _VISIT: visit() + 1})
    with told():
        made = lab()
        hiding.take()
        if links.take_recipe() and title == "Home":
            st.switch_page("pages/train.py")
        with st.sidebar:
            st.subheader("Digit Lab")
            for page in PAGES:
                if not hiding.hidden(page.title.lower()):
                    st.page_link(page.path, label=page.title, icon=page.icon, query_params=hiding.query() or None)
            st.divider()
            st.caption(f"Data: {datasets.title(held('dataset'))}")
            if title != "Train":  # which shows all of it, and larger
                while_training(made, lambda: _run_badge(made))
            people.badge()
            sharing.share(next(page.path for page in PAGES if page.title == title))
        told_of = st.container()
        yield made
        with told_of:
            notes.show(title)
    from ui.widgets.plot import prepare

    prepare()


def visit() -> int:
    """Counts the changes of page: what the browser sets up on another visit is new to it."""
    return int(st.session_state.get(_VISIT, 0))


@contextmanager
def told() -> Iterator[None]:
    """A DigitLabError inside it becomes one sentence. A fragment needs its own: what it raises never reaches the page around."""
    try:
        yield
    except DigitLabError as error:
        st.error(str(error), icon=":material/error:")


def pace_s() -> float:
    """Seconds between two looks at what trains: for more than nine browsers the rarer, so that a class leaves the processor to
    the training.
    """
    return min(max(_LOOK_S, num_browsers() ** 2 / _CROWD), _RAREST_S)


def while_training(lab: Lab, draw: Callable[[], None], *, also: bool = False, rarely: bool = False) -> None:
    """Calls `draw`, and again at `pace_s` while something trains; reruns the whole page once a run has ended.

    With `also`, it is called again and again though nothing trains; `rarely`, for what is dear to draw, at a third of the pace.
    """
    before = {run.run_id for run in lab.studio.line().runs}

    def drawing() -> None:
        if before - {run.run_id for run in lab.studio.line().runs}:
            st.rerun()
        with told():
            draw()

    every_s = min(pace_s() * (_RARELY if rarely else 1), _RAREST_S) if before or also else None
    st.fragment(drawing, run_every=every_s)()


def shown_run(lab: Lab) -> RunSnapshot | None:
    """Of the runs that train this person's, else the first one, else the next in line; None where none is."""
    line = lab.studio.line()
    return next((run for run in line.running if mine(run)), next(iter(line.runs), None))


def score_text(run: RunSnapshot, epoch: Epoch | None = None) -> str:
    """ "99.1% (98.9-99.3)" of one of the run's epochs, else of the one that answers for it; empty before the first."""
    scored = epoch or run.served_epoch
    if scored is None:
        return ""
    return interval_text(wilson(round(scored.val_accuracy * run.num_validation), run.num_validation))


def duration(seconds: float) -> str:
    """ "12 s", "3 min 20 s", "1 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _run_badge(lab: Lab) -> None:
    run = shown_run(lab)
    if run is None:
        newest = lab.studio.newest()
        st.caption(f"Network: {newest.name}, {score_text(newest)}" if newest and newest.epochs else "Nothing is trained yet.")
        return
    left = f", {duration(run.remaining_s)} left" if run.remaining_s is not None and run.state != "paused" else ""
    where = {"queued": "waiting", "paused": "paused", "validating": "scoring"}.get(run.state, "")
    state = "stopping" if run.ending else where
    name = f"**{run.name}**, {whose(run)}," if theirs(run) else f"**{run.name}**"
    text = f"{name} epoch {run.current_epoch}/{run.recipe.epochs}"
    st.progress(run.progress, text=f"{text} {state}{left}" if state else f"{text}{left}")
    run_controls(lab, run, "sidebar")
    if place := my_places(lab):
        st.caption(place)
