"""The Lab's blocks and where they stand: settings left, learning in the middle, mistakes and canvas right."""

from __future__ import annotations

import streamlit as st

from core.store import starter
from ui import session_keys as keys
from ui.lab.drawing import drawing
from ui.lab.learning import learning
from ui.lab.mistakes import mistakes, starter_is_read
from ui.lab.settings import settings
from ui.lab.subject import answering, shown
from ui.lab.tour import tour
from ui.polling import while_training
from ui.run_control.continuing import branch_line
from ui.run_control.start import start_block
from ui.session import Lab


def lab_page(lab: Lab) -> None:
    """Everything under the page's title. What moves while a run trains is drawn in two parts, each at its own time."""
    with st.container(horizontal=True, vertical_alignment="center", key=keys.LAB_HEAD):
        st.title("Lab", anchor=False)
        tour()
    with st.container(key=keys.LAB):
        with st.container(key=keys.LAB_SETTINGS):
            st.header("Settings", anchor=False)
            branch_line(lab)
            recipe = settings(lab)

        answers = answering(lab, shown(lab))
        waits = answers is not None and answers.run_id == starter.RUN_ID and not starter_is_read(lab)

        def live() -> None:
            run = shown(lab)
            with st.container(key=keys.LAB_GO):
                start_block(lab, recipe, "lab")
            with st.container(key=keys.LAB_LEARNING):
                learning(lab, run)
            with st.container(key=keys.LAB_MISTAKES):
                mistakes(lab, answering(lab, run))
            if waits and starter_is_read(lab):
                st.rerun()  # only the whole page can stop the clock

        def drawn() -> None:
            with st.container(key=keys.LAB_DRAWING):
                drawing(lab)

        # Each look has the browser go over its whole page: so one for all that moves, and a rare one for what a hand moves.
        while_training(lab, live, also=waits)
        while_training(lab, drawn, rarely=True)
