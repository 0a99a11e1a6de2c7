"""One bar or number per digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.charts.parts import DIGITS, QUIET, TRAINING, Figure, figure
from core.constants import NUM_CLASSES


def class_balance(counts: Sequence[int]) -> Figure:
    """Bars: how many images show each digit."""
    bars = {
        "type": "bar",
        "x": DIGITS,
        "y": list(counts),
        "marker": {"color": TRAINING},
        "text": [f"{count:,}" for count in counts],
        "hovertemplate": "digit %{x}: %{y:,} images<extra></extra>",
    }
    return figure("How many images of each digit", [bars], height=280, x={"type": "category"}, y={}, showlegend=False)


def probabilities(row: np.ndarray) -> Figure:
    """Ten bars for (10,) probabilities; the highest stands out."""
    colors = [TRAINING if digit == row.argmax() else QUIET for digit in range(NUM_CLASSES)]
    bars = {
        "type": "bar",
        "x": row,
        "y": DIGITS,
        "orientation": "h",
        "marker": {"color": colors},
        "text": [f"{value:.1%}" for value in row],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:.2%}<extra></extra>",
    }
    return figure(
        "How sure it is of each digit",
        [bars],
        height=360,
        revision="probabilities",
        x={"range": [0, 1.18], "tickvals": [0, 0.5, 1], "tickformat": ".0%", "fixedrange": True},
        y={"type": "category", "autorange": "reversed", "fixedrange": True},
        showlegend=False,
    )
