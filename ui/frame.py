"""What stands on every page: its title, navigation, data and look, and the line of the run that trains, which moves by itself."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st

from core import datasets
from core.errors import RunMissing
from core.runs.snapshot import RunSnapshot
from ui import claims, sharing
from ui import session_keys as keys
from ui.browser import hiding, notes, people, shell
from ui.held_recipe import held, take_recipe
from ui.polling import show_errors, while_training
from ui.run_control.badge import run_badge, shown_run
from ui.run_control.watched import steered
from ui.session import FIRST_VISITS, Lab, begin_visit, lab, visit

_HERE = Path(__file__).parent
_STYLE = _HERE / "style.css"
_ICON = _HERE / "favicon.png"  # a Material icon here would be fetched from the internet


@dataclass(frozen=True)
class Page:
    title: str
    path: str
    icon: str

    @property
    def name(self) -> str:
        """The page in the address; empty for the first one."""
        return "" if self.path == "app.py" else self.path.removeprefix("pages/").removesuffix(".py")


PAGES = (
    Page("Lab", "app.py", ":material/science:"),
    Page("Data", "pages/data.py", ":material/database:"),
    Page("Train", "pages/train.py", ":material/model_training:"),
    Page("Evaluate", "pages/evaluate.py", ":material/fact_check:"),
    Page("Draw", "pages/draw.py", ":material/draw:"),
    Page("Runs", "pages/runs.py", ":material/list_alt:"),
    Page("Kaggle", "pages/kaggle.py", ":material/emoji_events:"),
)
_SHOW_THE_RUN = ("Lab", "Train")  # pages that show all of it, and larger


@contextmanager
def frame(title: str) -> Iterator[Lab]:
    """The body of a page. A DigitLabError inside it becomes one sentence on the page; without a record of runs the sentence is
    all there is.
    """
    page = next(page for page in PAGES if page.title == title)
    st.set_page_config(page_title=f"{title} · Digit Lab", page_icon=str(_ICON), layout="wide", initial_sidebar_state=200)
    if st.session_state.get(keys.PAGE) != title:
        st.session_state[keys.PAGE] = title
        begin_visit()
        st.session_state.pop(keys.ENDED, None)
    if visit() <= FIRST_VISITS:  # after that the browser keeps it
        st.html(_STYLE)
    people.require_login()
    made = None
    with show_errors():
        made = lab()
        hiding.take()
        take_recipe()
        if page.path == "app.py":
            _say_unknown_page()
        with st.sidebar:
            _sidebar(made, page)
    if made is None:
        st.stop()
    told_of = st.container()
    with told_of, show_errors():
        claims.offer(made, "head")
    with show_errors():
        yield made
    with told_of:
        notes.show(title)
    from ui.widgets.plot import prepare

    prepare()


def _sidebar(lab: Lab, page: Page) -> None:
    _navigation()
    st.caption(f"Data: {datasets.title(held('dataset'))}")
    while_training(lab, lambda: _follow_training(lab, page.title))
    with st.container(key=keys.FOOT):
        links = not hiding.hidden("links")
        people.badge(lambda: claims.offer(lab, "name"))
        people.remember_browser(lab)
        if links:
            sharing.share(page.path)
        shell.looks([each.name for each in PAGES], visit(), lab.studio.turn, links=links)


def _navigation() -> None:
    with st.container(key=keys.MARK):
        st.html(f'<div class="mark"><img src="{_mark()}" alt="">Digit Lab</div>')
    with st.container(key=keys.NAVIGATION):
        for page in PAGES:
            if not hiding.hidden(page.title.lower()):
                st.page_link(page.path, label=page.title, icon=page.icon, query_params=hiding.query() or None)


@cache
def _mark() -> str:
    return f"data:image/png;base64,{base64.b64encode(_ICON.read_bytes()).decode()}"


def _say_unknown_page() -> None:
    """Streamlit runs the first page under every address that it does not know."""
    asked = unquote(urlsplit(st.context.url or "").path.rpartition("/")[2])
    if asked and asked not in {page.name for page in PAGES} and asked != Path(str(st.get_option("server.baseUrlPath"))).name:
        st.warning(
            f"There is no page “{notes.plain(asked[:40])}”. This is the first page; all others are in the navigation.",
            icon=":material/link_off:",
        )


def _follow_training(lab: Lab, title: str) -> None:
    """The sidebar's line about the run that trains; this person's also in the window's title and for a screen reader."""
    trains, steers = shown_run(lab), steered(lab)
    if title not in _SHOW_THE_RUN or (trains and (steers is None or steers.run_id != trains.run_id)):
        run_badge(lab)
    own = [run for run in lab.studio.queue().running if not people.somebody_elses(run)]
    active = {run.run_id for run in own}
    if over := st.session_state.get(keys.WATCHED, set()) - active:
        st.session_state[keys.ENDED] = min(over)
    st.session_state[keys.WATCHED] = active
    ended = st.session_state.get(keys.ENDED, "")
    run = own[0] if own else None
    if run is None and ended:
        with suppress(RunMissing):  # it was deleted
            run = lab.studio.snapshot(ended)
    st.set_page_config(page_title=window_title(run, title))
    shell.announce(_spoken(run), ended=ended)


def window_title(run: RunSnapshot | None, page: str) -> str:
    """ "58 % quick-7 · Digit Lab" while it trains, then "99.2 % quick-7 · Digit Lab"; without a run the page's name."""
    if run is None:
        return f"{page} · Digit Lab"
    if run.active:
        return f"{run.progress:.0%} {run.name} · Digit Lab".replace("%", "\N{NARROW NO-BREAK SPACE}%", 1)
    result = f"{run.served_epoch.val_accuracy:.1%}" if run.served_epoch else run.state
    return f"{result} {run.name} · Digit Lab".replace("%", "\N{NARROW NO-BREAK SPACE}%", 1)


def _spoken(run: RunSnapshot | None) -> str:
    """One sentence for each epoch and for the end."""
    if run is None or not run.epochs:
        return ""
    newest = run.epochs[-1]
    if run.active:
        return f"{run.name}, epoch {newest.epoch} of {run.recipe.epochs}: {newest.val_accuracy:.1%} of the validation images."
    served = run.served_epoch or newest
    return f"{run.name} has {'finished' if run.state == 'finished' else 'ended'}: {served.val_accuracy:.1%}."
