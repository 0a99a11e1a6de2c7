"""Loss above accuracy over the epochs of one run, in one figure with one legend, as tall as the page makes it."""

from __future__ import annotations

import numpy as np

from core.charts.curves import drawn, rate_marks
from core.charts.parts import EPOCH_HOVER, HAND, TRAINING, VALIDATION, Figure, Part, figure, number_format
from core.runs.smoothing import smoothed
from core.runs.snapshot import RunSnapshot

_MEASURES = ("loss", "accuracy")
_HOVERS = {"loss": "%{y:.4f}", "accuracy": "%{y:.2%}"}
_TITLES = {"loss": "Loss, lower is better", "accuracy": "Accuracy, higher is better"}
_ERROR_TITLE = "Error, 1 − accuracy, lower is better"
_MOST_LOSS = 25.0  # ten times that of guessing: what lies above says only that the run diverged
_EACH_EPOCH = 10  # of so many at most, the axis names each
_GAP = 0.06  # share of the height between the two


def learning_pair(run: RunSnapshot, *, hint: str = "", full: bool = False, log: bool = False) -> Figure:
    """Training as a line, validation as dots, the best epoch as a star; `hint` is written over the curves of a run that is
    shown as an example, which gets no star.

    `full` adds each batch and the accuracy on the person's own drawings, and lets the axes be zoomed. With `log`, accuracy is
    shown as the error, 1 - accuracy: a logarithmic axis of accuracy hides the way from 99 to 99.5 %.
    """
    curve = drawn(run)
    per_epoch = max(run.steps_per_epoch, 1)
    places = np.round(curve[:, 0].astype(float) / per_epoch, 4)
    numbers = np.array([each.epoch for each in run.epochs], float)
    # The last epoch of a stopped run ends where it was stopped.
    ends = np.minimum(numbers, run.step / per_epoch) if len(curve) else numbers
    traces: list[Part] = []
    for place, measure in enumerate(_MEASURES):
        batch = curve[:, place + 1].astype(float)
        traces += _traces(run, measure, places, batch, ends, full=full, log=log, star=not hint)
    marks, words = rate_marks(run)
    accuracy_side = "top" if log else "bottom"
    words += [_title(_TITLES["loss"], 1.0, "top")]
    words += [_title(_ERROR_TITLE if log else _TITLES["accuracy"], (1 - _GAP) / 2 if log else 0.0, accuracy_side)]
    if hint:
        words.append(
            {
                "text": hint,
                "xref": "paper",
                "yref": "paper",
                "x": 0.5,
                "y": 0.5,
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 13},
            }
        )
    axes: list[Part] = [
        {"type": "log", "nticks": 5} if log else {"range": _range(run, curve, measure, full), "nticks": 5}
        for measure in _MEASURES
    ]
    largest = float(max([*curve[:, 1], *(each.val_loss for each in run.epochs)], default=0)) if log else axes[0]["range"][1]
    made = figure(
        "",
        traces,
        height=None,
        revision=f"{run.run_id} {log}",
        # Some space on the right, or a star on the last epoch would be cut in half.
        x={
            "range": [0, run.recipe.epochs * 1.03],
            "anchor": "y2",
            "hoverformat": ".2f",
            "unifiedhovertitle": EPOCH_HOVER,
            "tickformat": "d",
            **({"dtick": 1} if run.recipe.epochs <= _EACH_EPOCH else {}),  # else of a short run each number would come twice
            "fixedrange": not full,
            "title": {"text": "epoch", "font": {"size": 12}, "standoff": 6},
        },
        y={**axes[0], "domain": [(1 + _GAP) / 2, 1], "fixedrange": not full, "tickformat": number_format(largest)},
        yaxis2={
            **axes[1],
            "domain": [0, (1 - _GAP) / 2],
            "tickformat": ".3~p",
            "fixedrange": not full,
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
    run: RunSnapshot,
    measure: str,
    places: np.ndarray,
    batch: np.ndarray,
    ends: np.ndarray,
    *,
    full: bool,
    log: bool,
    star: bool,
) -> list[Part]:
    first = measure == "loss"
    common: Part = {
        "type": "scatter",
        "yaxis": "y" if first else "y2",
        "hovertemplate": _HOVERS[measure],
        "showlegend": first,
    }

    def shown(values: np.ndarray) -> np.ndarray:
        # Sent as text: each digit costs bytes.
        return np.round(np.maximum(1 - values, 1e-5) if log and not first else values, 5)

    def trace(name: str, group: str, x: np.ndarray, y: np.ndarray, **more: object) -> Part:
        return {**common, "x": x, "y": shown(y), "name": name, "legendgroup": group, **more}

    values = np.array([getattr(each, f"val_{measure}") for each in run.epochs])
    made: list[Part] = []
    if full:
        thin = {"color": TRAINING, "width": 1}
        made.append(trace("each batch", "batch", places, batch, mode="lines", line=thin, opacity=0.3, hoverinfo="skip"))
        del made[0]["hovertemplate"]
    thick = {"color": TRAINING, "width": 2}
    made.append(trace("training", "training", places, smoothed(batch), mode="lines", line=thick))
    dots = {"mode": "lines+markers", "line": {"color": VALIDATION, "width": 1.5}, "marker": {"size": 7}}
    made.append(trace("validation", "validation", ends, values, **dots))
    scored = [each.hand_accuracy is not None for each in run.epochs]
    if full and not first and any(scored):
        own = np.array([each.hand_accuracy for each in run.epochs if each.hand_accuracy is not None])
        dotted = {"color": HAND, "width": 1.5, "dash": "dot"}
        diamonds = {"size": 8, "symbol": "diamond"}
        name = f"your hand, {run.num_hand} drawings"
        made.append(trace(name, "hand", ends[scored], own, mode="lines+markers", line=dotted, marker=diamonds, showlegend=True))
    if star and (best := run.best_epoch):
        place = [each.epoch for each in run.epochs].index(best.epoch)
        marker = {"symbol": "star", "size": 13, "color": VALIDATION}
        at = slice(place, place + 1)
        made.append(trace("best epoch", "best", ends[at], values[at], mode="markers", hoverinfo="skip", marker=marker))
        made[-1]["hovertemplate"] = None
    return made


def _title(text: str, y: float, side: str) -> Part:
    """In the corner that falling losses and rising accuracies leave empty."""
    return {
        "text": f"<b>{text}</b>",
        "x": 1,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "right",
        "yanchor": side,
        "showarrow": False,
        "font": {"size": 12},
    }


def _range(run: RunSnapshot, curve: np.ndarray, measure: str, full: bool) -> list[float]:
    """From the floor of the loss, or to the top of the accuracy, so far that the steep beginning does not flatten the rest."""
    column = smoothed(curve[:, 1 if measure == "loss" else 2])
    values = np.array([*column[len(column) // 8 :], *(getattr(each, f"val_{measure}") for each in run.epochs)])
    values = values[np.isfinite(values)]
    if measure == "loss":
        high = min(1.15 * float(np.quantile(values, 0.98)), _MOST_LOSS) if len(values) else 0.0
        return [0.0, high + 1e-6 if len(curve) else max(high, 1.0)]
    low = float(np.quantile(values, 0.02)) if len(values) else 0.9
    low = low if len(curve) else min(low, 0.9)
    if full:
        own = [each.hand_accuracy for each in run.epochs if each.hand_accuracy is not None]
        low = min([low, *own[len(own) // 2 :]])
    return [max(0.0, low - 0.1 * (1 - low)), 1 + 0.04 * (1 - low)]
