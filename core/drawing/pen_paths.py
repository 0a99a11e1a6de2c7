"""Strokes as the canvas gives them: Fabric.js' paths, whose parts end with the place that the pen went to. Knows nothing of ink.

http://fabricjs.com/docs/fabric.Path.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from core.drawing.lattice import Box

Stroke = dict[str, Any]


def points(stroke: Stroke) -> np.ndarray:
    """(k, 2) places x, y in canvas px, in the order they were drawn; none where the stroke is something else than a path."""
    parts = stroke.get("path")
    return np.array([part[-2:] for part in parts if len(part) > 2] if isinstance(parts, list) else [], float).reshape(-1, 2)


def within(strokes: Sequence[Stroke], box: Box) -> tuple[Stroke, ...]:
    """Those of which at least half lies in `box`."""
    left, top, right, bottom = box
    found = []
    for stroke in strokes:
        places = points(stroke)
        inside = (places >= (left, top)).all(axis=1) & (places <= (right, bottom)).all(axis=1)
        if 2 * inside.sum() >= len(places) > 0:
            found.append(stroke)
    return tuple(found)


def numbered(strokes: Sequence[Stroke], shape: tuple[int, int]) -> np.ndarray:
    """(h, w) int32 of `shape`: the middle line of the first stroke as 1, of the second as 2, and so on; 0 elsewhere.

    Of strokes that cross, the later one has the place.
    """
    sheet = Image.new("I", shape[::-1])
    pen = ImageDraw.Draw(sheet)
    for number, stroke in enumerate(strokes, start=1):
        places = [(float(x), float(y)) for x, y in points(stroke)]
        if len(places) > 1:
            pen.line(places, fill=number)
        elif places:
            pen.point(places, fill=number)
    return np.asarray(sheet)
