"""Train: choose a recipe, press Start, watch it learn."""

import streamlit as st

from ui import controls, live
from ui.frame import frame, while_training
from ui.plan import plan

with frame("Train") as lab:
    st.title("Train")
    watched = live.watched_run(lab)
    recipe = controls.recipe_form()
    st.caption(controls.differences_line(recipe))
    live.start_row(lab, recipe)
    while_training(lab, lambda: live.progress(lab, watched))
    while_training(lab, lambda: live.curves(lab, watched), rarely=True)
    plan(lab, recipe, watched)
