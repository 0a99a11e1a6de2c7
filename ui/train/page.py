"""Where Train's blocks stand: Start and the settings left, the run and the chosen view of it right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import datasets
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from ui import recipe_form
from ui import session_keys as keys
from ui.browser import hiding, links, people
from ui.polling import while_training
from ui.run_control.continuing import branch_line
from ui.run_control.queue_list import line_list
from ui.run_control.start import start_block
from ui.run_control.watched import watched
from ui.session import Lab
from ui.train import preview, progress
from ui.train.challenge import challenge
from ui.train.rate_finder import rate_finder

# View by its name in the address bar: its title, and what draws it for the chosen recipe and the run that is shown.
_VIEWS: dict[str, tuple[str, Callable[[Lab, Recipe, RunSnapshot | None], None]]] = {
    "curves": ("Curves", progress.curves),
    "epochs": ("Epochs", progress.epochs),
    "network": ("Network", preview.network),
    "rates": ("Rates", preview.rates),
}
_OF_RUNS = {"curves", "epochs"}
_HIDDEN_AS = {"network": "layers", "rates": "rates"}


def train_page(lab: Lab) -> None:
    """Everything under the page's title. What moves while a run trains is drawn in two parts, each at its own time."""
    st.title("Train")
    run = watched(lab)
    with st.container(key=keys.TRAIN):
        with st.container(key=keys.TRAIN_FORM):
            branch_line(lab)
            people.ask(lab.studio.queue())
            above = st.container(key=keys.CHALLENGE_BLOCK)
            recipe = recipe_form.recipe_form({"Learning": partial(rate_finder, lab)})
            with above:
                challenge(lab, recipe)

        def live() -> None:
            with st.container(key=keys.TRAIN_START):
                start_block(lab, recipe, "train")
            with st.container(key=keys.TRAIN_RUN):
                progress.progress(lab, run)
                line_list(lab)

        def view() -> None:
            with st.container(key=keys.TRAIN_VIEW):
                _view(lab, recipe, run)

        while_training(lab, live)
        while_training(lab, view, rarely=True)


def _view(lab: Lab, recipe: Recipe, run: RunSnapshot | None) -> None:
    of_runs = set() if run else _OF_RUNS
    titles = {
        name: title
        for name, (title, _) in _VIEWS.items()
        if name not in of_runs and not hiding.hidden(_HIDDEN_AS.get(name, name))
    }
    if not titles:
        return
    datasets.load(recipe.dataset)  # what is missing or damaged is told before Start
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        view = links.choice(
            st.segmented_control,
            "Show",
            titles,
            key=keys.TRAIN_SHOWS if run else keys.TRAIN_SHOWS_FIRST,
            required=True,
            label_visibility="collapsed",
        )
        if view == "curves":
            progress.log_toggle()
    _VIEWS[view][1](lab, recipe, run)
