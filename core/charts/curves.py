"""Curves over the epochs of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.charts.parts import (
    EPOCH_HOVER,
    HAND,
    LEGEND,
    LEGEND_MARGIN,
    QUIET,
    TRAINING,
    VALIDATION,
    Figure,
    Part,
    figure,
    number_format,
)
from core.recipe import Recipe
from core.recipe.schedules import learning_rate
from core.runs.snapshot import RunSnapshot

_SMOOTHING = 0.9
# A growing curve is redrawn whenever its end moves, and the browser's processor time is taken from the training. So the end moves
# by a 120th of the run, a few pixels; at the beginning, by a 32nd of what has been drawn.
_MOVES, _FIRST_MOVES = 120, 32


def learning_curve(run: RunSnapshot, measure: str, *, log: bool = False) -> Figure:
    """`measure` is "loss" or "accuracy": batches thin, their running mean thick, validation as dots, the best epoch marked.
    Accuracy on the person's own drawings is added where the run was scored on them.

    With `log`, accuracy is shown as the error, 1 - accuracy: a logarithmic axis of accuracy hides the way from 99 to 99.5 %.
    """
    as_error = log and measure == "accuracy"
    per_epoch = max(run.steps_per_epoch, 1)

    def shown(values: np.ndarray) -> np.ndarray:
        return np.round(np.maximum(1 - values, 1e-5) if as_error else values, 6)  # sent as text: each digit costs bytes

    curve = drawn(run)
    places = np.round(curve[:, 0].astype(float) / per_epoch, 4)
    batch = curve[:, 1 if measure == "loss" else 2].astype(float)
    epochs = np.array([(each.epoch, getattr(each, f"val_{measure}")) for each in run.epochs], float).reshape(-1, 2)
    ends = np.minimum(epochs[:, 0], run.step / per_epoch)  # the last epoch of a stopped run ends where it was stopped
    hover = f"%{{y:{'.4f' if measure == 'loss' else '.2%'}}}"
    traces: list[Part] = [
        {
            "type": "scatter",
            "x": places,
            "y": shown(batch),
            "name": "each batch",
            "mode": "lines",
            "hoverinfo": "skip",
            "line": {"color": TRAINING, "width": 1},
            "opacity": 0.3,
        },
        {
            "type": "scatter",
            "x": places,
            "y": shown(smoothed(batch)),
            "name": "training, smoothed",
            "mode": "lines",
            "hovertemplate": hover,
            "line": {"color": TRAINING, "width": 2.5},
        },
        {
            "type": "scatter",
            "x": ends,
            "y": shown(epochs[:, 1]),
            "name": "validation",
            "mode": "lines+markers",
            "hovertemplate": hover,
            "line": {"color": VALIDATION, "width": 1.5},
            "marker": {"size": 8},
        },
    ]
    scored = [each.hand_accuracy is not None for each in run.epochs]
    if measure == "accuracy" and any(scored):
        own = np.array([each.hand_accuracy for each in run.epochs if each.hand_accuracy is not None])
        traces.append(
            {
                "type": "scatter",
                "x": ends[scored],
                "y": shown(own),
                "name": f"your hand, {run.num_hand} drawings",
                "mode": "lines+markers",
                "hovertemplate": hover,
                "line": {"color": HAND, "width": 1.5, "dash": "dot"},
                "marker": {"size": 8, "symbol": "diamond"},
            }
        )
    best = run.best_epoch
    if best:
        value = shown(np.array([getattr(best, f"val_{measure}")]))
        traces.append(
            {
                "type": "scatter",
                "x": [ends[best.epoch - 1]],
                "y": value,
                "name": f"best epoch: {best.epoch}",
                "mode": "markers",
                "hoverinfo": "skip",
                "marker": {"symbol": "star", "size": 15, "color": VALIDATION},
            }
        )
    # The pair has one legend, on the loss; what only the accuracy has is named there.
    for trace in traces:
        trace["showlegend"] = measure == "loss" or trace["name"].startswith("your hand")
    y: Part = {"type": "log", "nticks": 5} if log else {"range": _window(run, curve, measure)}
    largest = float(max([*curve[:, 1], *(each.val_loss for each in run.epochs)], default=0)) if log else y["range"][1]
    y["tickformat"] = number_format(largest) if measure == "loss" else ".4~p"
    titles = {"loss": "Loss: lower is better", "accuracy": "Accuracy: higher is better"}
    marks, words = rate_marks(run)
    return figure(
        "Error, 1 − accuracy: lower is better" if as_error else titles[measure],
        traces,
        height=360,
        revision=f"{run.run_id} {log}",
        # Some space on the right, or a star on the last epoch would be cut in half.
        x={
            "title": {"text": "epoch"},
            "range": [0, run.recipe.epochs * 1.03],
            "hoverformat": ".2f",
            "unifiedhovertitle": EPOCH_HOVER,
        },
        y=y,
        hovermode="x unified",
        legend=LEGEND,
        margin=LEGEND_MARGIN,
        shapes=marks,
        annotations=words,
    )


def rate_marks(run: RunSnapshot) -> tuple[list[Part], list[Part]]:
    """Lines and labels where the learning rate was changed during training; x is in epochs."""
    made = [(step / max(run.steps_per_epoch, 1), factor) for step, factor in run.rate_changes if step <= run.step]
    dots = {"color": QUIET, "width": 1.5, "dash": "dot"}
    lines: list[Part] = [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": dots} for x, _ in made]
    words: list[Part] = [
        {
            "x": x,
            "y": 1,
            "yref": "paper",
            "text": f"rate × {factor:g}",
            "showarrow": False,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": 11},
        }
        for x, factor in made
    ]
    return lines, words


def smoothed(values: np.ndarray, memory: float = _SMOOTHING) -> np.ndarray:
    """Exponential running mean of (n,) values, corrected for its bias at the start (Kingma and Ba, arXiv:1412.6980, section 3).

    `memory` is in [0, 1); 0 changes nothing.
    """
    return np.asarray(pd.Series(values, dtype=np.float64).ewm(alpha=1 - memory, adjust=True).mean())


def drawn(run: RunSnapshot) -> np.ndarray:
    """The (n, 3) rows of the run's curve to draw; while the run is active, up to the last move of the curve's end."""
    if not run.active:
        return run.curve
    stride = max(min(run.step / _FIRST_MOVES, run.recipe.epochs * run.steps_per_epoch / _MOVES), 1)
    stride = 2 ** int(np.log2(stride))  # a power of two, so that the end never moves back when the stride grows
    return np.asarray(run.curve[run.curve[:, 0] <= run.step // stride * stride])


def _window(run: RunSnapshot, curve: np.ndarray, measure: str) -> list[float]:
    """A y range without the steep beginning, so that the rest of the run is not squeezed into a line."""
    column = curve[:, 1 if measure == "loss" else 2]
    settled = smoothed(column)[len(column) // 8 :]
    values = [*settled, *(getattr(each, f"val_{measure}") for each in run.epochs)]
    own = [each.hand_accuracy for each in run.epochs if each.hand_accuracy is not None]
    if not values:
        return [0.0, 1.0] if measure == "accuracy" else [0.0, 2.5]
    if measure == "accuracy":
        low = min([float(np.quantile(values, 0.02)), *own[len(own) // 2 :]])
        return [max(0.0, low - 0.1 * (1 - low)), 1 + 0.03 * (1 - low)]
    return [0.0, float(np.quantile(values, 0.98)) * 1.15 + 1e-6]


def schedule(recipe: Recipe, steps_per_epoch: int, *, run: RunSnapshot | None = None) -> Figure:
    """The learning rate over the recipe's epochs, with a dot where `run` is now. A plateau schedule depends on the run."""
    val_losses = [each.val_loss for each in run.epochs] if run else []
    changes = run.rate_changes if run else ()
    num_points = min(recipe.epochs * steps_per_epoch, 400)
    steps = np.linspace(0, recipe.epochs * steps_per_epoch - 1, num_points).astype(int)

    def rate(step: int) -> float:
        seen = val_losses[: step // steps_per_epoch]
        return learning_rate(recipe, step=step, steps_per_epoch=steps_per_epoch, val_losses=seen, changes=changes)

    traces: list[Part] = [
        {
            "type": "scatter",
            "x": steps / steps_per_epoch,
            "y": [rate(int(step)) for step in steps],
            "mode": "lines",
            "name": "learning rate",
            "line": {"color": TRAINING, "width": 2},
            "hovertemplate": "epoch %{x:.1f}: %{y:.3g}<extra></extra>",
        }
    ]
    if run and run.step:
        traces.append(
            {
                "type": "scatter",
                "x": [run.step / steps_per_epoch],
                "y": [rate(max(run.step - 1, 0))],
                "mode": "markers",
                "name": "now",
                "hoverinfo": "skip",
                "marker": {"size": 12, "color": VALIDATION},
            }
        )
    return figure(
        "Learning rate over the run" + (", the dot is now" if run and run.active and run.step else ""),
        traces,
        height=250,
        revision=recipe.schedule,
        x={"title": {"text": "epoch"}, "range": [0, recipe.epochs]},
        y={"rangemode": "tozero", "tickformat": "~g"},
        showlegend=False,
    )


def over_the_epochs(epochs: np.ndarray, shares: np.ndarray, *, true: int, read: int) -> Figure:
    """The probabilities (m, 10) of one image after `epochs` (m,): of the true digit and of the one that was read."""
    traces: list[Part] = [
        {
            "type": "scatter",
            "x": epochs,
            "y": np.round(shares[:, digit].astype(float), 4),
            "mode": "lines+markers",
            "name": f"{digit}, {what}",
            "line": {"color": color, "width": 2.5},
            "hovertemplate": "%{y:.1%}",
        }
        for digit, what, color in ((true, "the true digit", TRAINING), (read, "what was read", VALIDATION))
    ]
    return figure(
        "What each epoch made of it",
        traces,
        height=360,
        revision="over the epochs",
        x={"title": {"text": "epoch"}, "rangemode": "tozero", "unifiedhovertitle": EPOCH_HOVER},
        y={"range": [0, 1.04], "tickformat": ".0%"},
        hovermode="x unified",
        legend=LEGEND,
        margin=LEGEND_MARGIN,
    )
