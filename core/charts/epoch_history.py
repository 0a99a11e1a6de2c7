"""Each epoch's probabilities for one drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.charts.parts import DIGIT_COLORS, EPOCH_HOVER, LEGEND, LEGEND_MARGIN, Figure, Part, figure
from core.constants import NUM_CLASSES

if TYPE_CHECKING:
    from core.evaluation.epoch_history import EpochHistory

_IN_LEGEND = 0.02  # a digit whose probability stays below is left out of the legend


def epoch_history(found: EpochHistory) -> Figure:
    """Ten bands that add up to 1 at every epoch; the widest on the right is the last epoch's answer."""
    shares = np.round(found.probabilities.astype(float), 4)
    # One epoch has no width: its bands reach a little to both sides.
    single = len(found.epochs) == 1
    epochs = found.epochs[0] + np.array([-0.5, 0.5]) if single else found.epochs
    rows = np.repeat(shares, 2, axis=0) if single else shares
    traces: list[Part] = [
        {
            "type": "scatter",
            "x": epochs,
            "y": rows[:, digit],
            "name": str(digit),
            "mode": "lines",
            "stackgroup": "all",
            "fillcolor": DIGIT_COLORS[digit],
            "line": {"width": 0.5, "color": DIGIT_COLORS[digit]},
            "hovertemplate": "%{y:.1%}",
            "showlegend": bool(shares[:, digit].max() >= _IN_LEGEND),
        }
        for digit in range(NUM_CLASSES)
    ]
    read = int(shares[-1].argmax())
    since = f"every epoch reads {read}" if found.settled == found.epochs[0] else f"read as {read} since epoch {found.settled}"
    return figure(
        f"Over the epochs: {since}",
        traces,
        height=340,
        revision="river",
        x={
            "title": {"text": "epoch"},
            "range": [float(epochs[0]), float(epochs[-1])],
            "tickformat": "d",
            "fixedrange": True,
            "unifiedhovertitle": EPOCH_HOVER,
            "nticks": min(len(found.epochs), 12),
        },
        y={"range": [0, 1], "tickformat": ".0%", "tickvals": [0, 0.5, 1], "fixedrange": True},
        hovermode="x unified",
        legend={**LEGEND, "traceorder": "normal"},
        margin=LEGEND_MARGIN,
    )
