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

# Only where a colour means the digit. Found by bench/palette.py from M. A. Petroff's sequence (arXiv:2107.02270). CIEDE2000, with
# normal vision, deuteranopia and protanopia: at least 14.0, 13.3 and 13.2 between any two (his: 17.3, 12.6, 11.9) and 23.7 to
# either ground (his: 10.4).
DIGIT_COLORS = (
    "#3ea799",
    "#890b87",
    "#ea7568",
    "#494d13",
    "#977de5",
    "#236a50",
    "#e61179",
    "#ada9d8",
    "#7a04f5",
    "#258388",
)
TRAINING, VALIDATION, HAND, QUIET = "#3f90da", "#e76300", "#a05cd0", "rgba(128,128,140,.55)"
# Solid colours: Plotly chooses black or white text by them, and ignores transparency.
SCALES = {"light": [[0, "#f7f8fa"], [1, "#2a6cb8"]], "dark": [[0, "#23262e"], [1, "#2f74c0"]]}
DIGITS = [str(digit) for digit in range(NUM_CLASSES)]


# Under the title, over the marks: below them it would meet the title of the axis on a narrow screen.
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
LEGEND_MARGIN = {"l": 8, "r": 8, "t": 72, "b": 8}
EPOCH_HOVER = {"text": "epoch %{x}"}


def figure(
    title: str, traces: Sequence[Part], *, height: int | None, x: Part, y: Part, revision: str = "", **layout: Any
) -> Figure:
    """A figure of `traces`; `x` and `y` are the settings of its axes, `revision` names the data whose zoom is kept. Without a
    `height` it is as tall as the page makes it.
    """
    return {
        "data": list(traces),
        "layout": {
            "title": {"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "uirevision": revision,
            "xaxis": {"automargin": True, **_apart(x)},
            "yaxis": {"automargin": True, **y},
            **layout,
        },
    }


def _apart(axis: Part) -> Part:
    """The axis with its title clear of the ticks' labels."""
    return {**axis, "title": {"standoff": 8, **axis["title"]}} if "title" in axis else axis


def number_format(largest: float) -> str:
    """d3's format of an axis of plain numbers up to `largest`: "500M", never "5e+8"."""
    return "~s" if largest >= 10_000 else ".4~g"
