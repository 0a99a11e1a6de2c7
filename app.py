"""Home: what this is, the data at hand, and three ways to start."""

import streamlit as st

from ui import start
from ui.frame import frame
from ui.hand.score import hand_line

with frame("Home") as lab:
    st.title("Digit Lab")
    st.write(
        "Train a network on handwritten digits, watch it learn, then try to fool it. "
        "Everything runs on this computer; nothing you draw or load leaves it."
    )
    start.start_buttons(lab)
    start.data_at_hand()
    hand_line(lab, lab.studio.newest())
    st.subheader("The way through")
    steps = st.columns(4)
    steps[0].page_link("pages/data.py", label="1 Look at the data", icon=":material/database:")
    steps[1].page_link("pages/train.py", label="2 Train", icon=":material/model_training:")
    steps[2].page_link("pages/evaluate.py", label="3 See its mistakes", icon=":material/fact_check:")
    steps[3].page_link("pages/draw.py", label="4 Draw your own", icon=":material/draw:")
    start.last_runs(lab)
