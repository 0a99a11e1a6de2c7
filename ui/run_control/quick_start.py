"""Where nothing has been trained yet: one press that trains a quick network on the chosen data, and its progress."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.recipe.presets import preset
from ui import held_recipe
from ui import session_keys as keys
from ui.browser import people
from ui.session import Lab


def quick_start(lab: Lab, then: str, *, nothing: str = "") -> None:
    """The primary button, under the sentence that there is `nothing` yet; without one, secondary. While a run is in its first
    epoch, its progress and what happens `then`, a sentence; after that epoch the page is drawn anew.

    Belongs in `while_training`.
    """
    run = lab.studio.current()
    if run and run.epochs:
        st.rerun()
    if run:
        st.info(f"{run.name} is training. {then}")
        st.progress(run.progress)
        return
    if nothing:
        st.info(nothing)
    kind: Literal["primary", "secondary"] = "primary" if nothing else "secondary"
    if st.button("Train a quick network", type=kind, icon=":material/play_arrow:", key=keys.TRAIN_QUICK):
        people.submit(lab, preset("quick", held_recipe.held("dataset")))
        st.rerun()
