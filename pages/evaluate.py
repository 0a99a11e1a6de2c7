"""Evaluate: any run, any epoch: how good, which digits, which images."""

import streamlit as st

from ui.evaluate.epochs import playing
from ui.evaluate.page import evaluation
from ui.frame import frame
from ui.polling import while_training
from ui.runs import choose_run

with frame("Evaluate") as lab:
    st.title("Evaluate")
    run = choose_run(lab)
    if run is None:
        st.info("Nothing has been trained yet. Train a network first, then see here what it gets wrong.")
        st.page_link("pages/train.py", label="Train", icon=":material/model_training:")
    else:
        run_id = run.run_id
        while_training(lab, lambda: evaluation(lab, run_id), also=playing())
