"""What is stored of a canvas besides the digit: a small picture of it, and the strokes. Pure; any thread may call."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from core.charts import pictures
from core.drawing.lattice import Box
from core.drawing.pen_paths import Stroke
from core.drawing.preprocessing import ink_of

SMALL_PX = 84
_AIR = 1.2  # the side of the picture / the longer side of the digit


def small_picture(image: np.ndarray, box: Box) -> bytes:
    """A square grey PNG file of the digit in `box` of a canvas (see `preprocessing.read_canvas`), ink 255 in any colour.

    Raises DrawingError.
    """
    left, top, right, bottom = box
    side = round(max(right - left, bottom - top, SMALL_PX) * _AIR)
    x, y = (left + right - side) // 2, (top + bottom - side) // 2
    levels = Image.fromarray(np.round(255 * ink_of(image)).astype(np.uint8)).crop((x, y, x + side, y + side))
    levels.thumbnail((SMALL_PX, SMALL_PX), Image.Resampling.BOX)
    return pictures.png(np.asarray(levels))


def shown(picture: bytes, theme: str) -> bytes:
    """A `small_picture` as a PNG file in the theme's colours."""
    return pictures.png(pictures.inked(np.asarray(Image.open(io.BytesIO(picture))), theme))


def strokes_text(strokes: Sequence[Stroke]) -> str:
    """Strokes as JSON: the width of each and its path of SVG commands, in canvas px."""
    paths = [each for each in strokes if each.get("type") == "path"]
    kept = [{"width_px": each.get("strokeWidth"), "path": [_rounded(part) for part in each.get("path", [])]} for each in paths]
    return json.dumps(kept, separators=(",", ":"))


def _rounded(part: list[Any]) -> list[Any]:
    command, *numbers = part
    return [command, *(round(float(number), 1) for number in numbers)]
