"""The notation for a pen's path in which digits, letters and signs are written down; see `core.datasets.synthetic.styles`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_PIECES = 5  # straight pieces of the curve between two points


class Path(NamedTuple):
    """The `points` (k, 2) of a path, x and y in heights, y downwards; for each stroke, its runs of points without a corner
    between them, as indices.
    """

    points: np.ndarray
    strokes: list[list[list[int]]]


def parsed(text: str) -> Path:
    """The path that a text of the notation tells."""
    points: list[list[float]] = []
    strokes: list[list[list[int]]] = []
    for stroke in text.split("/"):
        runs: list[list[int]] = [[]]
        for word in stroke.split():
            points.append([float(part) / 100 for part in word.rstrip("!").split(",")])
            runs[-1].append(len(points) - 1)
            if word.endswith("!"):
                runs.append([len(points) - 1])
        strokes.append(runs)
    return Path(np.array(points), strokes)


def lines(text: str) -> list[np.ndarray]:
    """The strokes (k, 2) of a path as the pen draws them: points close together, in heights."""
    path = parsed(text)
    return [np.concatenate([curve(path.points[run]) for run in runs]) for runs in path.strokes]


def curve(points: np.ndarray) -> np.ndarray:
    """Places along the smooth curve through `points` (k, any): E. Catmull and R. Rom's spline, straight on at both ends."""
    around = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = np.arange(_PIECES)[:, None] / _PIECES
    spans = [
        b + t * (c - a) / 2 + t**2 * (a - 2.5 * b + 2 * c - d / 2) + t**3 * (1.5 * (b - c) + (d - a) / 2)
        for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False)
    ]
    return np.concatenate([*spans, points[-1:]])
