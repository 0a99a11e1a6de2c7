"""Runs: everything that was trained, to find, to compare, to start from, or to delete."""

import streamlit as st

from ui.frame import frame
from ui.runs.page import runs_page

with frame("Runs") as lab:
    st.title("Runs")
    runs_page(lab)
