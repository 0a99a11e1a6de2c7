"""Draw: write a digit with mouse, finger or pen, and see what the network makes of it."""

import streamlit as st

from ui.draw import board
from ui.draw.hand.page import my_hand
from ui.frame import frame
from ui.runs import choose_run

with frame("Draw") as lab:
    st.title("Draw")
    run = choose_run(lab, label="Network", with_epochs=True, with_starter=True)
    if run is None:
        board.nothing_to_ask(lab)
    else:
        board.board(lab, run)
        my_hand(lab, run)
        board.about_the_starter(lab, run)
