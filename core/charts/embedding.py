"""The feature map: one point per image."""

from __future__ import annotations

import numpy as np

from core.charts.parts import DIGIT_COLORS, LEGEND, Figure, Part, figure
from core.constants import NUM_CLASSES

_RING = {"light": "#1a1c23", "dark": "#f0f0f5"}


def embedding(
    places: np.ndarray, labels: np.ndarray, predicted: np.ndarray, certainty: np.ndarray, theme: str, *, revision: str
) -> Figure:
    """(n, 2) `places` in the colours of the true digits, one trace per digit; misread images are larger and ringed.

    A point's `customdata` is its index, 0 to n - 1; its text names the true digit, the answer and `certainty` (n,), 0 to 1.
    """
    shown = np.round(places.astype(np.float64), 3)  # sent as text: each digit costs bytes
    traces: list[Part] = []
    for digit in range(NUM_CLASSES):
        points = np.flatnonzero(labels == digit)
        points = points[np.argsort((predicted != labels)[points], kind="stable")]  # misread ones on top
        if not len(points):
            continue
        wrong = predicted[points] != digit
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": str(digit),
                "x": shown[points, 0],
                "y": shown[points, 1],
                "customdata": points,
                "text": [
                    f"{digit} read as {read}, {100 * sure:.0f}%"
                    for read, sure in zip(predicted[points], certainty[points], strict=True)
                ],
                "hoverinfo": "none",  # image and text are shown beside the pointer
                "marker": {
                    "color": DIGIT_COLORS[digit],
                    "opacity": 0.9,
                    "size": np.where(wrong, 10, 6),
                    "line": {"color": _RING[theme], "width": np.where(wrong, 2, 0)},
                },
                "selected": {"marker": {"opacity": 1}},
                "unselected": {"marker": {"opacity": 0.2}},
            }
        )
    bare = {"showticklabels": False, "zeroline": False, "showgrid": False, "title": {"text": ""}}
    return figure(
        "",
        traces,
        height=560,
        revision=revision,
        x=bare,
        y={**bare, "scaleanchor": "x"},
        margin={"l": 8, "r": 8, "t": 72, "b": 8},
        dragmode="lasso",
        hovermode="closest",
        legend={**LEGEND, "entrywidth": 26, "title": {"text": "true digit "}},
    )
