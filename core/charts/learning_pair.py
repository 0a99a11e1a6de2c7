"""Loss above accuracy over the epochs of one run, in one figure with one legend, as tall as the page makes it."""

from __future__ import annotations

import numpy as np

from core.charts.curves import drawn, rate_marks, smoothed
from core.charts.parts import QUIET, TRAINING, VALIDATION, Figure, Part, figure
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot

_MEASURES = ("loss", "accuracy")
_HOVERS = {"loss": "%{y:.3f}", "accuracy": "%{y:.1%}"}
_TITLES = {"loss": "Loss, lower is better", "accuracy": "Accuracy, higher is better"}
_GAP = 0.06  # share of the height between the two


def learning_pair(run: RunSnapshot, *, hint: str = "") -> Figure:
    """Training as a line, validation as dots, the best epoch as a star; `hint` is written into the empty space of a figure
    without curves. Of a run whose curve was not kept, as the starter network's, one dot and a level line for its one epoch.
    """
    curve = drawn(run)
    per_epoch = max(run.steps_per_epoch, 1)
    places = np.round(curve[:, 0].astype(float) / per_epoch, 4)
    numbers = np.array([each.epoch for each in run.epochs], float)
    ends = np.minimum(numbers, run.step / per_epoch) if len(curve) else numbers
    traces: list[Part] = []
    for place, measure in enumerate(_MEASURES):
        traces += _traces(run, measure, places, curve[:, place + 1].astype(float), ends, first=not place)
    marks, words = rate_marks(run)
    words += [_title("loss", 1.0, "top"), _title("accuracy", 0.0, "bottom")]
    if hint:
        words.append(
            {"text": hint, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.27, "showarrow": False, "font": {"size": 13}}
        )
    if not len(curve) and run.epochs:
        marks += [_level(run.epochs[-1], measure, axis) for measure, axis in (("loss", "y"), ("accuracy", "y2"))]
    made = figure(
        "",
        traces,
        height=None,
        revision=run.run_id,
        x={
            "range": [0, run.recipe.epochs * 1.03],
            "anchor": "y2",
            "hoverformat": ".2f",
            "tickformat": "d",
            "fixedrange": True,
            "title": {"text": "epoch", "font": {"size": 12}, "standoff": 6},
        },
        y={"range": _range(run, curve, "loss"), "domain": [(1 + _GAP) / 2, 1], "fixedrange": True, "nticks": 5},
        yaxis2={
            "range": _range(run, curve, "accuracy"),
            "domain": [0, (1 - _GAP) / 2],
            "tickformat": ".3~p",
            "fixedrange": True,
            "nticks": 5,
            "automargin": True,
        },
        hovermode="x unified",
        hoversubplots="axis",
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom", "font": {"size": 12}},
        shapes=marks,
        annotations=words,
    )
    made["layout"]["margin"] = {"l": 8, "r": 8, "t": 28, "b": 8}
    return made


def _traces(
    run: RunSnapshot, measure: str, places: np.ndarray, batch: np.ndarray, ends: np.ndarray, *, first: bool
) -> list[Part]:
    values = np.round([getattr(each, f"val_{measure}") for each in run.epochs], 6)
    common: Part = {
        "type": "scatter", "yaxis": "y" if first else "y2", "hovertemplate": _HOVERS[measure], "showlegend": first,
    }  # fmt: skip
    made: list[Part] = [
        {
            **common,
            "x": places,
            "y": np.round(smoothed(batch), 5),
            "name": "training",
            "legendgroup": "training",
            "mode": "lines",
            "line": {"color": TRAINING, "width": 2},
        },
        {
            **common,
            "x": ends,
            "y": values,
            "name": "validation",
            "legendgroup": "validation",
            "mode": "lines+markers",
            "line": {"color": VALIDATION, "width": 1.5},
            "marker": {"size": 7},
        },
    ]
    if best := run.best_epoch:
        place = [each.epoch for each in run.epochs].index(best.epoch)
        made.append(
            {
                **common,
                "x": [ends[place]],
                "y": [values[place]],
                "name": "best epoch",
                "legendgroup": "best",
                "mode": "markers",
                "hoverinfo": "skip",
                "hovertemplate": None,
                "marker": {"symbol": "star", "size": 13, "color": VALIDATION},
            }
        )
    return made


def _title(measure: str, y: float, side: str) -> Part:
    """In the corner that falling losses and rising accuracies leave empty."""
    return {
        "text": f"<b>{_TITLES[measure]}</b>",
        "x": 1,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "right",
        "yanchor": side,
        "showarrow": False,
        "font": {"size": 12},
    }


def _level(epoch: Epoch, measure: str, axis: str) -> Part:
    """A dotted line from the left edge to the one epoch that is known."""
    value = getattr(epoch, f"val_{measure}")
    ends = {"x0": 0, "x1": epoch.epoch, "y0": value, "y1": value, "yref": axis}
    return {"type": "line", **ends, "line": {"color": QUIET, "width": 1.5, "dash": "dot"}}


def _range(run: RunSnapshot, curve: np.ndarray, measure: str) -> list[float]:
    """From the floor of the loss, or to the top of the accuracy, so far that the steep beginning does not flatten the rest."""
    column = smoothed(curve[:, 1 if measure == "loss" else 2])
    values = np.array([*column[len(column) // 8 :], *(getattr(each, f"val_{measure}") for each in run.epochs)])
    values = values[np.isfinite(values)]
    if measure == "loss":
        high = 1.15 * float(np.quantile(values, 0.98)) if len(values) else 0.0
        return [0.0, high + 1e-6 if len(curve) else max(high, 1.0)]
    low = float(np.quantile(values, 0.02)) if len(values) else 0.9
    low = low if len(curve) else min(low, 0.9)
    return [max(0.0, low - 0.1 * (1 - low)), 1 + 0.04 * (1 - low)]
