"""Data -> Plotly figure, as the JSON-like record that Plotly.js takes. Pure: the same data give the same figure, so a redraw
changes nothing. `uirevision` keeps the zoom; the browser sets the colours of text and lines, which depend on its theme.
`plotly.graph_objects` is not used: it copies and checks every field each time, which took three fifths of the time of a page with
charts. tests/core/charts/test_charts.py has it check each figure instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.constants import NUM_CLASSES

GROUNDS = {"light": "#ffffff", "dark": "#15171c"}  # as .streamlit/config.toml has them
Figure = dict[str, Any]  # {"data": traces, "layout": ...}; arrays may be NumPy's
Part = dict[str, Any]  # a trace, or an axis

# M. A. Petroff, "Accessible Color Sequences for Data Visualization", arXiv:2107.02270: safe for colour-blind people.
DIGIT_COLORS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
TRAINING, VALIDATION, HAND, QUIET = "#3f90da", "#e76300", "#a05cd0", "rgba(128,128,140,.55)"
# Solid colours: Plotly chooses black or white text by them, and ignores transparency.
SCALES = {"light": [[0, "#f7f8fa"], [1, "#2a6cb8"]], "dark": [[0, "#23262e"], [1, "#62b0f2"]]}
DIGITS = [str(digit) for digit in range(NUM_CLASSES)]


def figure(title: str, traces: Sequence[Part], *, height: int, x: Part, y: Part, revision: str = "", **layout: Any) -> Figure:
    """A figure of `traces`; `x` and `y` are the settings of its axes, `revision` names the data whose zoom is kept."""
    return {
        "data": list(traces),
        "layout": {
            "title": {"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "uirevision": revision,
            "xaxis": {"automargin": True, **x},
            "yaxis": {"automargin": True, **y},
            **layout,
        },
    }
