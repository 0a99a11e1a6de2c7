"""What stands on every page: title, navigation, data, and the line of the run that trains, which moves by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core import datasets
from ui import session_keys as keys
from ui import sharing
from ui.browser import hiding, notes, people
from ui.polling import show_errors, while_training
from ui.recipe_form import held, take_recipe
from ui.run_control.badge import run_badge
from ui.session import Lab, lab

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
_ICON = Path(__file__).parent / "favicon.png"  # a Material icon here would be fetched from the internet


@dataclass(frozen=True)
class Page:
    title: str
    path: str
    icon: str


PAGES = (
    Page("Lab", "app.py", ":material/science:"),
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
    people.require_login()
    if st.session_state.get(keys.PAGE) != title:
        st.session_state.update({keys.PAGE: title, keys.VISIT: visit() + 1})
    with show_errors():
        made = lab()
        hiding.take()
        take_recipe()
        with st.sidebar:
            st.subheader("Digit Lab")
            for page in PAGES:
                if not hiding.hidden(page.title.lower()):
                    st.page_link(page.path, label=page.title, icon=page.icon, query_params=hiding.query() or None)
            st.divider()
            st.caption(f"Data: {datasets.title(held('dataset'))}")
            if title not in ("Lab", "Train"):  # which show all of it, and larger
                while_training(made, lambda: run_badge(made))
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
    return int(st.session_state.get(keys.VISIT, 0))
