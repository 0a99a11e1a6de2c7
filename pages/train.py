"""Train: choose a recipe, press Start, watch it learn."""

import streamlit as st

from ui import recipe_form
from ui.frame import frame
from ui.polling import while_training
from ui.train import progress
from ui.train.preview import plan

with frame("Train") as lab:
    st.title("Train")
    watched = progress.watched_run(lab)
    recipe = recipe_form.recipe_form()
    st.caption(recipe_form.recipe_line(recipe))
    progress.start_row(lab, recipe)
    while_training(lab, lambda: progress.progress(lab, watched))
    while_training(lab, lambda: progress.curves(lab, watched), rarely=True)
    plan(lab, recipe, watched)
