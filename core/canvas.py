"""What is kept of a canvas beside the digit on it: a small picture of it all, and the strokes. Pure; any thread may call."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from core import pictures, strokes

SMALL_PX = 84  # the longer side


def small_picture(image: np.ndarray) -> bytes:
    """A grey PNG file of a canvas (see `strokes.read_canvas`), ink 255 whatever its colour was. Raises DrawingError."""
    levels = Image.fromarray(np.round(255 * strokes.ink_of(image)).astype(np.uint8))
    levels.thumbnail((SMALL_PX, SMALL_PX), Image.Resampling.BOX)
    return pictures.png(np.asarray(levels))


def shown(picture: bytes, theme: str) -> bytes:
    """What `small_picture` made, as a PNG file in the theme's colours."""
    return pictures.png(pictures.inked(np.asarray(Image.open(io.BytesIO(picture))), theme))


def strokes_text(drawing: Mapping[str, Any] | None) -> str:
    """The canvas' own record of a drawing as JSON: for each stroke its width and its path of SVG commands, in canvas px."""
    paths = [each for each in (drawing or {}).get("objects", []) if each.get("type") == "path"]
    kept = [{"width_px": each.get("strokeWidth"), "path": [_rounded(part) for part in each.get("path", [])]} for each in paths]
    return json.dumps(kept, separators=(",", ":"))


def _rounded(part: list[Any]) -> list[Any]:
    command, *numbers = part
    return [command, *(round(float(number), 1) for number in numbers)]
