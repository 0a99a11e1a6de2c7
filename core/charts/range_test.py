"""The loss of a network while its learning rate rises."""

from __future__ import annotations

import math

import numpy as np

from core.charts.parts import QUIET, TRAINING, VALIDATION, Figure, Part, figure

_FIGURES = 4


def range_test(rates: np.ndarray, losses: np.ndarray, suggestion: float | None) -> Figure:
    """The smoothed `losses` (n,) of the steps at `rates` (n,), on a logarithmic axis, with a mark at the suggested rate."""
    traces: list[Part] = [
        {
            "type": "scatter",
            "x": [float(f"{rate:.{_FIGURES}g}") for rate in rates],
            "y": np.round(losses.astype(float), _FIGURES).tolist(),
            "mode": "lines",
            "name": "training loss",
            "line": {"color": TRAINING, "width": 2.5},
            "hovertemplate": "rate %{x:.2g}: loss %{y:.3f}<extra></extra>",
        }
    ]
    shapes: list[Part] = []
    if suggestion is not None:
        shapes.append(
            {
                "type": "line",
                "x0": suggestion,
                "x1": suggestion,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": QUIET, "width": 1.5, "dash": "dot"},
            }
        )
        traces.append(
            {
                "type": "scatter",
                "x": [suggestion],
                "y": [round(float(np.interp(math.log(suggestion), np.log(rates), losses)), _FIGURES)],
                "mode": "markers+text",
                "text": [f"{suggestion:g}"],
                "textposition": "top right",
                "name": "suggested rate",
                "marker": {"size": 11, "color": VALIDATION},
                "hovertemplate": "suggested rate %{x:.2g}<extra></extra>",
            }
        )
    return figure(
        "Loss while the rate rises",
        traces,
        height=240,
        revision="range test",
        x={"title": {"text": "learning rate"}, "type": "log", "exponentformat": "power", "dtick": 1},
        y={"title": {"text": "smoothed training loss"}},
        showlegend=False,
        shapes=shapes,
    )
