"""The error budget: one bar of all misread images, divided into kinds of errors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.charts.parts import QUIET, TRAINING, VALIDATION, Figure, Part, figure
from core.evaluation.error_budget import KINDS, Kind

_COLORS = dict(zip(KINDS, (VALIDATION, "#ffa90e", TRAINING), strict=True))
_NUM_PLACES = 100  # of markers to click on: dense enough to leave no gaps on a wide screen


def error_budget(budget: Sequence[Kind], *, chosen: str | None = None) -> Figure:
    """One stacked bar; parts other than `chosen` are grey. Invisible markers on it receive the clicks: see `kind_at`."""
    num_errors = sum(len(kind.rows) for kind in budget)
    traces: list[Part] = []
    for kind in budget:
        text = f"{len(kind.rows)}" if len(kind.rows) else ""
        color = _COLORS[kind.name] if chosen in (None, kind.name) else QUIET
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": [len(kind.rows)],
                "y": [""],
                "name": kind.name,
                "text": [text],
                "marker": {"color": color},
                "hoverinfo": "skip",
                "insidetextanchor": "middle",
            }
        )
    places = np.linspace(0, num_errors, 2 * _NUM_PLACES + 1)[1::2] if num_errors else np.zeros(0)
    traces.append(
        {
            "type": "scatter",
            "x": places,
            "y": [""] * len(places),
            "mode": "markers",
            "showlegend": False,
            "marker": {"symbol": "square", "size": 40, "opacity": 0.01, "color": TRAINING},
            "text": [f"{len(kind.rows)} {kind.name}" for kind in (kind_at(budget, place) for place in places)],
            "hovertemplate": "%{text}<extra></extra>",
        }
    )
    return figure(
        budget_title(budget),
        traces,
        height=150,
        x={"range": [0, max(num_errors, 1)], "fixedrange": True, "visible": False},
        y={"type": "category", "fixedrange": True, "showticklabels": False},
        barmode="stack",
        legend={"orientation": "h", "y": -0.1, "x": 0, "traceorder": "normal", "itemclick": False, "itemdoubleclick": False},
        dragmode=False,
    )


def kind_at(budget: Sequence[Kind], place: float) -> Kind:
    """The kind of error at `place` on the axis of the bar."""
    ends = np.cumsum([len(kind.rows) for kind in budget])
    return budget[min(int(np.searchsorted(ends, place, side="right")), len(budget) - 1)]


def budget_title(budget: Sequence[Kind]) -> str:
    """The bar's main finding, in one line."""
    num_errors = sum(len(kind.rows) for kind in budget)
    if not num_errors:
        return "All images were read right"
    largest = max(budget, key=lambda kind: len(kind.rows))
    return f"Of {num_errors:,} errors, {len(largest.rows):,} {_VERBS[largest.name][len(largest.rows) != 1]}"


_VERBS = {
    KINDS[0]: ("is probably a wrong label", "are probably wrong labels"),
    KINDS[1]: ("is ambiguous", "are ambiguous"),
    KINDS[2]: ("is plainly wrong", "are plainly wrong"),
}
