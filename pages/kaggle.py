"""Kaggle: let a run read the competition's test.csv, and take the submission away."""

import streamlit as st

from ui import kaggle
from ui.frame import frame
from ui.polling import while_training
from ui.run_control.quick_start import quick_start
from ui.runs import choose_run

with frame("Kaggle") as lab:
    st.title("Kaggle")
    st.write(
        "The Digit Recognizer competition gives 28,000 unlabelled images in test.csv and asks for one digit each. "
        "Choose a network, load the file, and take submission.csv away."
    )
    run = choose_run(lab, label="Network", with_epochs=True, with_starter=True)
    images = kaggle.test_images(lab)
    if run is None:
        nothing = "There is no network yet that could answer. Train a quick one."
        while_training(lab, lambda: quick_start(lab, "It can answer as soon as its first epoch is done.", nothing=nothing))
    elif images is not None:
        kaggle.answers(lab, run, images)
