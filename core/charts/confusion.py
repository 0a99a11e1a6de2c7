"""The confusion matrix, with cells to click on."""

from __future__ import annotations

import numpy as np

from core.charts.parts import DIGITS, SCALES, TRAINING, VALIDATION, Figure, figure
from core.constants import NUM_CLASSES

CONFUSION_VIEWS = ("Counts", "Share of the true digit", "Share of what it was read as", "Errors only")
_LARGE_PX, _SMALL_PX = 30, 20  # of the squares that are clicked: no larger than a cell, or two would overlap
_TITLES = {
    "Share of the true digit": "Of each true digit, %: a row adds up to 100",
    "Share of what it was read as": "Of each answer, %: a column adds up to 100",
}


def confusion(
    table: np.ndarray, view: str, theme: str, *, chosen: tuple[int, int] | None = None, compact: bool = False
) -> Figure:
    """Rows true, columns read as. `table` (10, 10) counts; `view` is one of CONFUSION_VIEWS; `chosen` (true, read) is framed.
    A `compact` one has no title, and is as tall as the page makes it.

    Invisible squares on top receive the clicks and give each cell its hover text.
    """
    of_all = table.sum(axis=0 if view == "Share of what it was read as" else 1, keepdims=True)
    shares = np.divide(table, of_all, out=np.zeros(table.shape), where=of_all > 0)
    diagonal = np.eye(NUM_CLASSES, dtype=bool)
    errors = np.where(diagonal, 0, table)
    texts = np.where(table > 0, table.astype(str), "")
    # The square root keeps single errors visible beside hundreds of correct answers.
    strength = np.sqrt(errors / max(errors.max(), 1)) if view == "Errors only" else np.sqrt(shares)
    if view == "Errors only":
        texts = np.where(diagonal, "", texts)
    elif view.startswith("Share"):
        texts = np.where(table > 0, np.vectorize(lambda share: f"{100 * share:.1f}")(shares), "")
    cells = {
        "type": "heatmap",
        "z": strength,
        "x": DIGITS,
        "y": DIGITS,
        "text": texts,
        "texttemplate": "%{text}",
        "hoverinfo": "skip",
        "colorscale": SCALES[theme],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    true, read = np.divmod(np.arange(NUM_CLASSES**2), NUM_CLASSES)
    squares = {
        "type": "scatter",
        "x": [DIGITS[column] for column in read],
        "y": [DIGITS[row] for row in true],
        "mode": "markers",
        "customdata": np.stack([true, read, table.ravel()], axis=1),
        "showlegend": False,
        "marker": {"symbol": "square", "size": _SMALL_PX if compact else _LARGE_PX, "opacity": 0.01, "color": TRAINING},
        "hovertemplate": "%{customdata[0]} read as %{customdata[1]}: %{customdata[2]}<extra></extra>",
    }
    frame = []
    if chosen:
        frame.append(
            {
                "type": "rect",
                "x0": chosen[1] - 0.5,
                "x1": chosen[1] + 0.5,
                "y0": chosen[0] - 0.5,
                "y1": chosen[0] + 0.5,
                "line": {"color": VALIDATION, "width": 3},
            }
        )
    axis = {"type": "category", "fixedrange": True, "showgrid": False}
    made = figure(
        "" if compact else _TITLES.get(view, "Rows: the true digit. Columns: what it was read as"),
        [cells, squares],
        height=None if compact else 460,
        revision="confusion",
        x={"title": {"text": "read as"}, "range": [-0.5, 9.5], **axis},
        y={"title": {"text": "true digit"}, "range": [9.5, -0.5], **axis},
        dragmode=False,
        shapes=frame,
    )
    if compact:
        made["layout"]["margin"] = {"l": 4, "r": 4, "t": 4, "b": 4}
        for name in ("xaxis", "yaxis"):
            made["layout"][name]["title"] |= {"font": {"size": 12}, "standoff": 8}
    return made
