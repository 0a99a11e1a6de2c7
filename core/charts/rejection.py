"""What rejecting drawings costs: the risk-coverage curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.charts.parts import LEGEND, LEGEND_MARGIN, TRAINING, VALIDATION, Figure, Part, figure

if TYPE_CHECKING:  # the first page draws charts as well, and need not wait for what is measured with SciPy
    from core.evaluation.rejection import Rejection

_SHOWN_FROM = 0.8  # of the digits answered: nobody wants a network that rejects more than a fifth of them
_MOST_POINTS = 300


def risk_coverage(found: Rejection) -> Figure:
    """Above: the share of non-digits accepted; below: the share of wrong answers among accepted digits. Both by the share of
    digits accepted, with the threshold marked.
    """
    shown = np.flatnonzero(found.curve.coverage >= _SHOWN_FROM)
    shown = shown[np.linspace(0, len(shown) - 1, min(len(shown), _MOST_POINTS)).round().astype(int)]
    curve = found.curve
    coverage, accepted, errors = (part[shown] for part in (curve.coverage, curve.accepted_non_digits, curve.error_rate))
    threshold = 1 - found.rejected_digits.share
    at = int(np.abs(coverage - threshold).argmin())
    traces: list[Part] = []
    for values, axis_name, name, color in (
        (accepted, "y", "non-digits accepted", VALIDATION),
        (errors, "y2", "accepted digits misread", TRAINING),
    ):
        shape: Part = {"type": "scatter", "xaxis": "x", "yaxis": axis_name, "name": name}
        traces.append(
            {
                **shape,
                "x": np.round(coverage, 4),
                "y": np.round(values, 4),
                "mode": "lines",
                "line": {"color": color, "width": 2.5},
                "hovertemplate": f"%{{y:.1%}} {name}<extra></extra>",
            }
        )
        traces.append(
            {
                **shape,
                "x": [threshold],
                "y": [values[at]],
                "mode": "markers+text",
                "text": [f"{values[at]:.1%}"],
                "textposition": "top left",
                "marker": {"size": 11, "color": color},
                "showlegend": False,
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    line = {
        "type": "line",
        "x0": threshold,
        "x1": threshold,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 1.5, "dash": "dot", "color": "rgba(128,128,140,.8)"},
    }
    axis: Part = {"tickformat": ".0%", "rangemode": "tozero", "fixedrange": True, "nticks": 4}
    return figure(
        "",
        traces,
        height=400,
        revision="risk",
        x={
            "title": {"text": "share of digits accepted"},
            "tickformat": ".0%",
            "range": [_SHOWN_FROM, 1.005],
            "anchor": "y2",
            "fixedrange": True,
        },
        y={**axis, "domain": [0.56, 1], "range": [0, max(float(accepted.max()) * 1.15, 0.05)]},
        yaxis2={
            **axis,
            "tickformat": ".1%",
            "domain": [0, 0.44],
            "range": [0, max(float(errors.max()) * 1.25, 0.005)],
            "automargin": True,
        },
        shapes=[line],
        dragmode=False,
        hovermode="x",
        legend=LEGEND,
        margin=LEGEND_MARGIN,
    )
