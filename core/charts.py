"""Data -> Plotly figure, as the plain JSON-like record that Plotly.js takes. Pure: the same data give the same figure, so a
redraw changes nothing. Zoom is kept by `uirevision`; the colours of text and lines are the page's own, which only the browser
knows (ui/plot.js). `plotly.graph_objects` is not used here: it copies and checks every field each time, which was three fifths
of the Train page's time; tests/core/test_charts.py has it check each figure once instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.recipe import Recipe
from core.schedules import learning_rate
from core.shapes import NUM_CLASSES
from core.training.snapshot import RunSnapshot

Figure = dict[str, Any]  # {"data": traces, "layout": ...}; arrays may be NumPy's
_Part = dict[str, Any]  # a trace, or an axis

# M. A. Petroff, "Accessible Color Sequences for Data Visualization", arXiv:2107.02270: ten that colour-blind people tell apart.
DIGIT_COLORS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
TRAINING, VALIDATION, QUIET = "#3f90da", "#e76300", "rgba(128,128,140,.55)"
# Solid colours: Plotly picks black or white text by them, and would take a transparent one for its opaque self.
_SCALES = {"light": [[0, "#f7f8fa"], [1, "#2a6cb8"]], "dark": [[0, "#23262e"], [1, "#62b0f2"]]}
_DIGITS = [str(digit) for digit in range(NUM_CLASSES)]
_SMOOTHING = 0.9


def _figure(
    title: str, traces: Sequence[_Part], *, height: int, x: _Part, y: _Part, revision: str = "", **layout: Any
) -> Figure:
    """`x` and `y` are the axes' own settings."""
    return {
        "data": list(traces),
        "layout": {
            "title": {"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "uirevision": revision,
            "xaxis": {"automargin": True, **x},
            "yaxis": {"automargin": True, **y},
            **layout,
        },
    }


def learning_curve(run: RunSnapshot, measure: str, *, log: bool = False) -> Figure:
    """`measure` is "loss" or "accuracy": batches thin, their running mean thick, validation as dots, the best epoch marked.

    With `log`, accuracy is drawn as its complement, the error, for no logarithm shows the road from 99 to 99.5 %.
    """
    as_error = log and measure == "accuracy"
    per_epoch = max(run.steps_per_epoch, 1)

    def shown(values: np.ndarray) -> np.ndarray:
        return np.round(np.maximum(1 - values, 1e-5) if as_error else values, 6)  # as text, each digit counts

    places = np.round(run.curve[:, 0].astype(float) / per_epoch, 4)
    batch = run.curve[:, 1 if measure == "loss" else 2].astype(float)
    epochs = np.array([(each.epoch, getattr(each, f"val_{measure}")) for each in run.epochs], float).reshape(-1, 2)
    ends = np.minimum(epochs[:, 0], run.step / per_epoch)  # a stopped run's last epoch ends where it was stopped
    hover = f"%{{y:{'.4f' if measure == 'loss' else '.2%'}}}"
    traces: list[_Part] = [
        {"type": "scatter", "x": places, "y": shown(batch), "name": "each batch", "mode": "lines", "hoverinfo": "skip",
         "line": {"color": TRAINING, "width": 1}, "opacity": 0.3},
        {"type": "scatter", "x": places, "y": shown(smoothed(batch)), "name": "training, smoothed", "mode": "lines",
         "hovertemplate": hover, "line": {"color": TRAINING, "width": 2.5}},
        {"type": "scatter", "x": ends, "y": shown(epochs[:, 1]), "name": "validation", "mode": "lines+markers",
         "hovertemplate": hover, "line": {"color": VALIDATION, "width": 1.5}, "marker": {"size": 8}},
    ]  # fmt: skip
    best = run.best_epoch
    if best:
        value = shown(np.array([getattr(best, f"val_{measure}")]))
        traces.append(
            {"type": "scatter", "x": [ends[best.epoch - 1]], "y": value, "name": f"best epoch: {best.epoch}",
             "mode": "markers", "hoverinfo": "skip", "marker": {"symbol": "star", "size": 15, "color": VALIDATION}}
        )  # fmt: skip
    y: _Part = {"type": "log" if log else "linear", "tickformat": ".4~g" if measure == "loss" else ".4~p"}
    if not log:
        y["range"] = _window(run, measure)
    titles = {"loss": "Loss: lower is better", "accuracy": "Accuracy: higher is better"}
    return _figure(
        "Error, 1 − accuracy: lower is better" if as_error else titles[measure],
        traces,
        height=360,
        revision=f"{run.run_id} {log}",
        # A little room on the right, or the star on the last epoch would be cut in half.
        x={"title": {"text": "epoch"}, "range": [0, run.recipe.epochs * 1.03], "hoverformat": ".2f"},
        y=y,
        hovermode="x unified",
        legend={"orientation": "h", "y": -0.24, "x": 0},
    )


def smoothed(values: np.ndarray) -> np.ndarray:
    """Exponential running mean of (n,) values, free of the start's bias (Kingma and Ba, arXiv:1412.6980, section 3)."""
    return np.asarray(pd.Series(values, dtype=np.float64).ewm(alpha=1 - _SMOOTHING, adjust=True).mean())


def _window(run: RunSnapshot, measure: str) -> list[float]:
    """A y range that leaves the first steep moments out, so that the rest of the run is not squeezed into a line."""
    column = run.curve[:, 1 if measure == "loss" else 2]
    settled = smoothed(column)[len(column) // 8 :]
    values = [*settled, *(getattr(each, f"val_{measure}") for each in run.epochs)]
    if not values:
        return [0.0, 1.0] if measure == "accuracy" else [0.0, 2.5]
    if measure == "accuracy":
        low = float(np.quantile(values, 0.02))
        return [max(0.0, low - 0.1 * (1 - low)), 1 + 0.03 * (1 - low)]
    return [0.0, float(np.quantile(values, 0.98)) * 1.15 + 1e-6]


def schedule(recipe: Recipe, steps_per_epoch: int, *, run: RunSnapshot | None = None) -> Figure:
    """The learning rate over the recipe's epochs; a dot where `run` stands. A plateau schedule depends on the run."""
    val_losses = [each.val_loss for each in run.epochs] if run else []
    num_points = min(recipe.epochs * steps_per_epoch, 400)
    steps = np.linspace(0, recipe.epochs * steps_per_epoch - 1, num_points).astype(int)

    def rate(step: int) -> float:
        seen = val_losses[: step // steps_per_epoch]
        return learning_rate(recipe, step=step, steps_per_epoch=steps_per_epoch, val_losses=seen)

    traces: list[_Part] = [
        {"type": "scatter", "x": steps / steps_per_epoch, "y": [rate(int(step)) for step in steps], "mode": "lines",
         "name": "learning rate", "line": {"color": TRAINING, "width": 2},
         "hovertemplate": "epoch %{x:.1f}: %{y:.3g}<extra></extra>"}
    ]  # fmt: skip
    if run and run.step:
        traces.append(
            {"type": "scatter", "x": [run.step / steps_per_epoch], "y": [rate(max(run.step - 1, 0))], "mode": "markers",
             "name": "now", "hoverinfo": "skip", "marker": {"size": 12, "color": VALIDATION}}
        )  # fmt: skip
    return _figure(
        "Learning rate over the run" + (", the dot is now" if run and run.active else ""),
        traces,
        height=250,
        revision=recipe.schedule,
        x={"title": {"text": "epoch"}, "range": [0, recipe.epochs]},
        y={"rangemode": "tozero", "tickformat": "~g"},
        showlegend=False,
    )


def class_balance(counts: Sequence[int]) -> Figure:
    """Bars: how many images show each digit."""
    bars = {"type": "bar", "x": _DIGITS, "y": list(counts), "marker": {"color": list(DIGIT_COLORS)},
            "text": [f"{count:,}" for count in counts],
            "hovertemplate": "digit %{x}: %{y:,} images<extra></extra>"}  # fmt: skip
    return _figure("How many images of each digit", [bars], height=280, x={"type": "category"}, y={}, showlegend=False)


def probabilities(row: np.ndarray) -> Figure:
    """Ten bars for (10,) probabilities; the highest stands out."""
    colors = [TRAINING if digit == row.argmax() else QUIET for digit in range(NUM_CLASSES)]
    bars = {"type": "bar", "x": row, "y": _DIGITS, "orientation": "h", "marker": {"color": colors},
            "text": [f"{value:.1%}" for value in row], "textposition": "outside", "cliponaxis": False,
            "hovertemplate": "%{y}: %{x:.2%}<extra></extra>"}  # fmt: skip
    return _figure(
        "How sure it is of each digit",
        [bars],
        height=360,
        revision="probabilities",
        x={"range": [0, 1.18], "tickvals": [0, 0.5, 1], "tickformat": ".0%", "fixedrange": True},
        y={"type": "category", "autorange": "reversed", "fixedrange": True},
        showlegend=False,
    )


CONFUSION_VIEWS = ("Counts", "Share of the true digit", "Errors only")


def confusion(table: np.ndarray, view: str, theme: str, *, chosen: tuple[int, int] | None = None) -> Figure:
    """Rows true, columns read as. `table` (10, 10) counts; `view` is one of CONFUSION_VIEWS; `chosen` (true, read) is framed.

    Invisible squares lie on top: they take the press, and give each cell its text on hover.
    """
    rows = table.sum(axis=1, keepdims=True)
    shares = np.divide(table, rows, out=np.zeros(table.shape), where=rows > 0)
    diagonal = np.eye(NUM_CLASSES, dtype=bool)
    errors = np.where(diagonal, 0, table)
    texts = np.where(table > 0, table.astype(str), "")
    # The square root keeps single errors visible beside hundreds of right answers.
    strength = np.sqrt(errors / max(errors.max(), 1)) if view == "Errors only" else np.sqrt(shares)
    if view == "Errors only":
        texts = np.where(diagonal, "", texts)
    elif view == "Share of the true digit":
        texts = np.where(table > 0, np.vectorize(lambda share: f"{100 * share:.1f}")(shares), "")
    cells = {"type": "heatmap", "z": strength, "x": _DIGITS, "y": _DIGITS, "text": texts, "texttemplate": "%{text}",
             "hoverinfo": "skip", "colorscale": _SCALES[theme], "zmin": 0, "zmax": 1, "showscale": False,
             "xgap": 1, "ygap": 1}  # fmt: skip
    true, read = np.divmod(np.arange(NUM_CLASSES**2), NUM_CLASSES)
    squares = {
        "type": "scatter", "x": [_DIGITS[column] for column in read], "y": [_DIGITS[row] for row in true], "mode": "markers",
        "customdata": np.stack([true, read, table.ravel()], axis=1), "showlegend": False,
        "marker": {"symbol": "square", "size": 30, "opacity": 0.01, "color": TRAINING},
        "hovertemplate": "%{customdata[0]} read as %{customdata[1]}: %{customdata[2]}<extra></extra>",
    }  # fmt: skip
    frame = []
    if chosen:
        frame.append({"type": "rect", "x0": chosen[1] - 0.5, "x1": chosen[1] + 0.5, "y0": chosen[0] - 0.5,
                      "y1": chosen[0] + 0.5, "line": {"color": VALIDATION, "width": 3}})  # fmt: skip
    axis = {"type": "category", "fixedrange": True, "showgrid": False}
    return _figure(
        "Rows: the true digit. Columns: what it was read as",
        [cells, squares],
        height=460,
        revision="confusion",
        x={"title": {"text": "read as"}, "range": [-0.5, 9.5], **axis},
        y={"title": {"text": "true digit"}, "range": [9.5, -0.5], **axis},
        dragmode=False,
        shapes=frame,
    )
