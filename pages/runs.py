"""Runs: everything that was trained, to look at again, to start from, or to delete."""

import streamlit as st

from ui.frame import frame
from ui.runs import run_table

with frame("Runs") as lab:
    st.title("Runs")
    run_table(lab)
