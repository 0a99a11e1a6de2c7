"""Home: what this is, the data at hand, and three ways to start."""

import streamlit as st

from ui import home
from ui.browser import links
from ui.frame import frame
from ui.hand_score import hand_line
from ui.session import at_the_server

with frame("Home") as lab:
    st.title("Digit Lab")
    computer = "this computer" if at_the_server() else "the computer that serves this page"
    st.write(
        "Train a network on handwritten digits, watch it learn, then try to fool it. "
        f"Everything runs on {computer}; nothing you draw or load leaves it."
    )
    home.start_buttons(lab)
    home.data_at_hand(lab)
    hand_line(lab, lab.studio.newest())
    st.header("Step by step")
    way = (
        ("data", "1 Look at the data", ":material/database:"),
        ("train", "2 Train", ":material/model_training:"),
        ("evaluate", "3 See its mistakes", ":material/fact_check:"),
        ("draw", "4 Draw your own", ":material/draw:"),
    )
    for step, (name, label, icon) in zip(st.columns(len(way)), way, strict=True):
        with step:
            links.to_page(name, label, icon)
    home.last_runs(lab)
