"""Home's blocks: ways to start, data at hand, the last runs."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core import datasets
from core.datasets import mnist
from core.recipe import Recipe
from core.recipe.presets import preset
from ui import recipe_form
from ui import session_keys as keys
from ui.browser import hiding, people
from ui.data import downloads
from ui.run_control.forecasts import forecast_line
from ui.session import Lab
from ui.words import score_text

_NUM_LAST_RUNS = 5


def start_buttons(lab: Lab) -> None:
    """Three presses that train something worth having, from seconds to minutes."""
    at_hand = mnist.available()
    missing = None if at_hand else "Needs MNIST, 11 MB: get it below."
    first, good, full = st.columns(3)
    with first.container(border=True, height="stretch"):
        st.markdown("**A first result**  \nA small network on the 1,797 built-in digits.")
        _button(lab, "Start", preset("quick", "digits"), primary=True, key=keys.FIRST)
    with good.container(border=True, height="stretch"):
        st.markdown("**A good one**  \nA small network on 33,600 digits of MNIST.")
        _button(lab, "Start", preset("quick", "recipe-split"), key=keys.GOOD, missing=missing)
    with full.container(border=True, height="stretch"):
        st.markdown("**The full 2018 recipe**  \nTwelve epochs on the same digits, as it was published.")
        _button(lab, "Start", preset("recipe", "recipe-split"), key=keys.FULL, missing=missing)


def data_at_hand(lab: Lab) -> None:
    """What can be trained on now, and the press that brings MNIST."""
    titles = [title for _, title in datasets.available()]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f"Data at hand: {' · '.join(titles)}")
        downloads.mnist_button(lab)
        st.page_link("pages/data.py", label="Use my own CSV", icon=":material/upload_file:")


def last_runs(lab: Lab) -> None:
    """The newest runs in a line each, and the best so far."""
    runs = lab.store.runs.all()[:_NUM_LAST_RUNS]
    if not runs:
        return
    st.header("Last runs")
    for row in runs:
        run = lab.studio.snapshot(row.run_id)
        score = score_text(run) or "no score yet"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                "pages/evaluate.py", label=run.name, icon=":material/fact_check:", query_params=hiding.query(run=run.name)
            )
            st.write(f"{datasets.title(run.recipe.dataset)} · {run.state} · {score}")


def _button(lab: Lab, label: str, recipe: Recipe, *, key: str, primary: bool = False, missing: str | None = None) -> None:
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if line := forecast_line(lab, recipe):
        st.caption(line)
    pressed = st.button(
        label, key=keys.start_button(key), type=kind, disabled=bool(missing), help=missing, icon=":material/play_arrow:"
    )
    if pressed:
        people.submit(lab, recipe)
        recipe_form.hold(recipe)
        st.switch_page("pages/train.py")
