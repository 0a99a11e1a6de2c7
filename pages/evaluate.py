"""Evaluate: any run, any epoch: how good, which digits, which images."""

import streamlit as st

from ui.evaluate.epochs import playing
from ui.evaluate.page import evaluation
from ui.frame import frame
from ui.polling import while_training
from ui.runs import choose_run

with frame("Evaluate") as lab:
    st.title("Evaluate")
    while_training(lab, lambda: evaluation(lab, lambda: choose_run(lab)), also=playing())
