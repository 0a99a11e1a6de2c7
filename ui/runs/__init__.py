"""The runs: choosing one on other pages, and the Runs page itself."""

from ui.runs.picker import choose_run

__all__ = ["choose_run"]
