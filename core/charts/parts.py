"""Data -> Plotly figure, as the plain JSON-like record that Plotly.js takes. Pure: the same data give the same figure, so a
redraw changes nothing. Zoom is kept by `uirevision`; the colours of text and lines are the page's own, which only the browser
knows (ui/widgets/plot.js). `plotly.graph_objects` is not used here: it copies and checks every field each time, which was three
fifths of the Train page's time; tests/core/charts/test_charts.py has it check each figure once instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.constants import NUM_CLASSES

Figure = dict[str, Any]  # {"data": traces, "layout": ...}; arrays may be NumPy's
Part = dict[str, Any]  # a trace, or an axis

# M. A. Petroff, "Accessible Color Sequences for Data Visualization", arXiv:2107.02270: ten that colour-blind people tell apart.
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
# Solid colours: Plotly picks black or white text by them, and would take a transparent one for its opaque self.
SCALES = {"light": [[0, "#f7f8fa"], [1, "#2a6cb8"]], "dark": [[0, "#23262e"], [1, "#62b0f2"]]}
DIGITS = [str(digit) for digit in range(NUM_CLASSES)]


def figure(title: str, traces: Sequence[Part], *, height: int, x: Part, y: Part, revision: str = "", **layout: Any) -> Figure:
    """`x` and `y` are the axes' own settings."""
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
