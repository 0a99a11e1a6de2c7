"""Runs compared: overlaid curves, the difference of two confusion matrices, and the spread of runs that differ in their seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.charts.parts import (
    DIGITS,
    EPOCH_HOVER,
    LEGEND,
    LEGEND_MARGIN,
    QUIET,
    TRAINING,
    VALIDATION,
    Figure,
    Part,
    figure,
)
from core.constants import NUM_CLASSES
from core.runs.seeds import SeedGroup
from core.runs.smoothing import smoothed
from core.runs.snapshot import RunSnapshot

# Orange, paper, blue: distinguishable with any kind of colour blindness. The text colour has a contrast of at least 5:1 on all.
_DIVERGING = {
    "light": [[0, "#f0a04b"], [0.5, "#f7f8fa"], [1, "#7fb3e8"]],
    "dark": [[0, "#a1530e"], [0.5, "#23262e"], [1, "#2b68ab"]],
}
_INK = {"light": "#1a1c23", "dark": "#f0f0f5"}
# Lines differ in more than colour.
_LOOKS = (
    (TRAINING, "solid", "circle"),
    (VALIDATION, "dash", "diamond"),
    ("#832db6", "dot", "square"),
    ("#717581", "dashdot", "triangle-up"),
    ("#bd1f01", "solid", "x"),
    ("#b9ac70", "dash", "cross"),
    ("#ffa90e", "dot", "star"),
    ("#a96b59", "dashdot", "triangle-down"),
)
MOST_OVERLAID = len(_LOOKS)


def overlaid(runs: Sequence[RunSnapshot], measure: str, *, memory: float = 0.0, legend: bool = True) -> Figure:
    """Validation `measure`, "loss" or "accuracy", after each epoch of up to MOST_OVERLAID runs.

    With a `memory` in (0, 1) the lines are running means, and dots behind them show the values. Of two charts of the same runs
    one has the `legend`.
    """
    hover = f"%{{y:{'.4f' if measure == 'loss' else '.2%'}}}"
    traces: list[Part] = []
    for run, (color, dash, symbol) in zip(runs, _LOOKS, strict=False):
        epochs = [each.epoch for each in run.epochs]
        values = np.array([getattr(each, f"val_{measure}") for each in run.epochs], float)
        line = {
            "type": "scatter",
            "x": epochs,
            "y": np.round(smoothed(values, memory), 6).tolist(),
            "name": run.name,
            "mode": "lines" if memory else "lines+markers",
            "line": {"color": color, "width": 2, "dash": dash},
            "marker": {"size": 8, "symbol": symbol},
            "hovertemplate": hover,
            "legendgroup": run.run_id,
        }
        if memory:
            traces.append(
                {
                    "type": "scatter",
                    "x": epochs,
                    "y": np.round(values, 6).tolist(),
                    "name": run.name,
                    "mode": "markers",
                    "marker": {"size": 5, "symbol": symbol, "color": color},
                    "opacity": 0.45,
                    "hoverinfo": "skip",
                    "legendgroup": run.run_id,
                    "showlegend": False,
                }
            )
        traces.append(line)
    title = "Validation loss: lower is better" if measure == "loss" else "Validation accuracy: higher is better"
    return figure(
        f"{title}{', smoothed' if memory else ''}",
        traces,
        showlegend=legend,
        height=320 if len(runs) <= 2 else 380,
        revision=" ".join(run.run_id for run in runs),
        x=_epochs(max(len(run.epochs) for run in runs)),
        y={"tickformat": ".4~g" if measure == "loss" else ".4~p"},
        hovermode="x unified",
        legend=LEGEND,
        margin=LEGEND_MARGIN,
    )


def confusion_difference(difference: np.ndarray, first: str, second: str, theme: str) -> Figure:
    """`difference` (10, 10): the confusion matrix of the run named `first` minus that of `second`."""
    most = max(int(np.abs(difference).max()), 1)
    texts = [[f"{value:+d}".replace("-", "\N{MINUS SIGN}") if value else "" for value in row] for row in difference.tolist()]
    true, read = np.divmod(np.arange(NUM_CLASSES**2), NUM_CLASSES)
    says = np.array([_says(int(value), first, second) for value in difference.ravel()])
    cells: Part = {
        # The square root keeps a difference of 1 visible beside one of 20.
        "type": "heatmap",
        "z": np.sign(difference) * np.sqrt(np.abs(difference) / most),
        "x": DIGITS,
        "y": DIGITS,
        "text": texts,
        "texttemplate": "%{text}",
        "textfont": {"color": _INK[theme]},
        "colorscale": _DIVERGING[theme],
        "zmin": -1,
        "zmax": 1,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "customdata": np.stack([true, read, says], axis=1).reshape(NUM_CLASSES, NUM_CLASSES, 3),
        "hovertemplate": "%{customdata[0]} read as %{customdata[1]}: %{customdata[2]}<extra></extra>",
    }
    axis = {"type": "category", "fixedrange": True, "showgrid": False}
    return figure(
        f"Blue +: more often by {first}<br>Orange \N{MINUS SIGN}: more often by {second}",
        [cells],
        height=460,
        revision="difference",
        x={"title": {"text": "read as"}, "range": [-0.5, 9.5], **axis},
        y={"title": {"text": "true digit"}, "range": [9.5, -0.5], **axis},
        dragmode=False,
        margin={"l": 8, "r": 8, "t": 60, "b": 8},
    )


def seed_band(group: SeedGroup, runs: Sequence[RunSnapshot]) -> Figure:
    """Validation accuracy of the group's `runs` after each epoch, thin; their mean, thick, in a band of one deviation."""
    mean, deviation = group.curve.T
    epochs = np.arange(1, len(mean) + 1)
    around = np.concatenate([mean - deviation, (mean + deviation)[::-1]])
    band: Part = {
        "type": "scatter",
        "x": np.concatenate([epochs, epochs[::-1]]),
        "y": np.clip(around, 0, 1),
        "fill": "toself",
        "fillcolor": "rgba(63,144,218,.25)",
        "line": {"width": 0},
        "mode": "lines",
        "hoverinfo": "skip",
        "name": "mean \N{PLUS-MINUS SIGN} one standard deviation",
    }
    thin: list[Part] = [
        {
            "type": "scatter",
            "x": epochs,
            "y": [each.val_accuracy for each in run.epochs],
            "mode": "lines",
            "line": {"color": QUIET, "width": 1},
            "name": "each run",
            "legendgroup": "runs",
            "showlegend": place == 0,
            "hovertemplate": f"{run.name}: %{{y:.2%}}<extra></extra>",
        }
        for place, run in enumerate(runs)
    ]
    middle: Part = {
        "type": "scatter",
        "x": epochs,
        "y": mean,
        "name": "mean",
        "mode": "lines+markers",
        "line": {"color": TRAINING, "width": 2.5},
        "marker": {"size": 7},
        "hovertemplate": "mean: %{y:.2%}<extra></extra>",
    }
    return figure(
        f"The band: how {len(runs)} runs differ by their seed alone",
        [band, *thin, middle],
        height=320,
        revision=" ".join(group.names),
        x=_epochs(len(mean)),
        y={"tickformat": ".4~p"},
        legend=LEGEND,
        margin=LEGEND_MARGIN,
    )


def _epochs(num_epochs: int) -> Part:
    """The axis of epochs; a few get a tick each, or Plotly would place ticks between them."""
    axis: Part = {
        "title": {"text": "epoch"},
        "range": [0.7, num_epochs + 0.3],
        "fixedrange": True,
        "unifiedhovertitle": EPOCH_HOVER,
    }
    return {**axis, "dtick": 1} if num_epochs <= 12 else axis


def _says(value: int, first: str, second: str) -> str:
    if not value:
        return "equally often"
    return f"{abs(value)} more by {first if value > 0 else second}"
