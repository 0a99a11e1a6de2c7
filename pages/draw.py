"""Draw: write a digit with mouse, finger or pen, and see what the network makes of it."""

import streamlit as st

from ui import canvas
from ui.frame import frame

with frame("Draw") as lab:
    st.title("Draw")
    run = canvas.answering_run(lab)
    if run is None:
        canvas.nothing_to_ask(lab)
    else:
        canvas.drawing_board(lab, run)
