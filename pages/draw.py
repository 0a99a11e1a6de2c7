"""Draw: write a digit with mouse, finger or pen, and see what the network makes of it."""

import streamlit as st

from ui import canvas
from ui.frame import frame
from ui.hand.page import my_hand
from ui.runs import choose_run

with frame("Draw") as lab:
    st.title("Draw")
    run = choose_run(lab, label="Network", with_epochs=True)
    if run is None:
        canvas.nothing_to_ask(lab)
    else:
        canvas.drawing_board(lab, run)
        my_hand(lab, run)
