"""What a network reads when a drawing is perturbed: a heatmap with one cell per perturbation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.charts.parts import Figure, Part, figure

if TYPE_CHECKING:
    from core.drawing.diagnosis import VariantAnswers

# Orange where another digit is read, blue where the same one is; the more certain, the stronger.
_COLORS = {
    "light": [[0, "#e76300"], [0.5, "#f7f8fa"], [1, "#2a6cb8"]],
    "dark": [[0, "#e76300"], [0.5, "#23262e"], [1, "#4a9be0"]],
}


def answer_map(answers: VariantAnswers, digit: int, title: str, theme: str, *, x: Part, y: Part) -> Figure:
    """`answers` (r, c), each cell with the digit that was read; blue where that is `digit`, orange where not.

    `x` and `y` hold the `title` of each axis and its c or r `labels`; `y` may set the `height` of the chart in px.
    """
    same, nothing = answers.digits == digit, answers.digits < 0
    texts = np.where(nothing, "", answers.digits.astype(str))
    cells: Part = {
        "type": "heatmap",
        "z": np.round(np.where(same, 1, -1) * answers.certainty, 3),
        "x": x["labels"],
        "y": y["labels"],
        "text": texts,
        "texttemplate": "%{text}",
        "colorscale": _COLORS[theme],
        "zmin": -1,
        "zmax": 1,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "customdata": np.where(nothing, "no ink is left", _hover_texts(answers)),
        "hovertemplate": f"{x['title']} %{{x}}, {y['title']} %{{y}}: %{{customdata}}<extra></extra>",
    }
    return figure(
        f"{title}: {answers.num_same(digit)} of {answers.digits.size} stay {digit}",
        [cells],
        height=y.get("height", 360),
        revision=title,
        x=_axis(x["title"], x["labels"]),
        y={**_axis(y["title"], y["labels"]), "autorange": "reversed", "visible": len(y["labels"]) > 1},
        dragmode=False,
    )


def _hover_texts(answers: VariantAnswers) -> np.ndarray:
    return np.array(
        [f"{digit}, {sure:.0%} sure" for digit, sure in zip(answers.digits.flat, answers.certainty.flat, strict=True)]
    ).reshape(answers.digits.shape)


def _axis(title: str, labels: Sequence[str]) -> Part:
    return {"title": {"text": title}, "type": "category", "fixedrange": True, "showgrid": False, "tickvals": list(labels)}
