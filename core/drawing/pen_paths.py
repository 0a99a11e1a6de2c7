"""Strokes as the canvas gives them: Fabric.js' paths, whose parts end with the place that the pen went to. Knows nothing of ink.

http://fabricjs.com/docs/fabric.Path.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

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
