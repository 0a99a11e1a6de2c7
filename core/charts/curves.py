"""Curves over the epochs of a run."""

from __future__ import annotations

import numpy as np

from core.charts.parts import (
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
from core.recipe import Recipe
from core.recipe.schedules import learning_rate
from core.runs.snapshot import RunSnapshot

# A growing curve is redrawn whenever its end moves, and the browser's processor time is taken from the training. So the end moves
# by a 120th of the run, a few pixels; at the beginning, by a 32nd of what has been drawn.
_MOVES, _FIRST_MOVES = 120, 32


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


def drawn(run: RunSnapshot) -> np.ndarray:
    """The (n, 3) rows of the run's curve to draw; while the run is active, up to the last move of the curve's end."""
    if not run.active:
        return run.curve
    stride = max(min(run.step / _FIRST_MOVES, run.recipe.epochs * run.steps_per_epoch / _MOVES), 1)
    stride = 2 ** int(np.log2(stride))  # a power of two, so that the end never moves back when the stride grows
    return np.asarray(run.curve[run.curve[:, 0] <= run.step // stride * stride])


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
