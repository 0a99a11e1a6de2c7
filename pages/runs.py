"""Runs: everything that was trained, to find, to compare, to start from, or to delete; and each run's own page."""

from ui.frame import frame
from ui.runs.page import runs_page

with frame("Runs") as lab:
    runs_page(lab)
