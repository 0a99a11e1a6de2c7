"""Digits as one composed picture: quick to send, sharp at any size. Ink on paper in light mode, the reverse in dark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.shapes import SIDE_PX

_SCALE, _GAP_PX, _TITLE_PX = 3, 12, 26
_INK = {"light": (26, 28, 35), "dark": (240, 240, 245)}
_PAPER = {"light": (248, 248, 250), "dark": (38, 40, 48)}


def digit(image: np.ndarray, theme: str, *, scale: int = 10) -> np.ndarray:
    """One (28, 28) image, uint8 or floats in [0, 1], as (28 * scale, 28 * scale, 3) uint8 with square pixels."""
    return np.kron(_inked(image, theme), np.ones((scale, scale, 1), np.uint8))


def grid(images: np.ndarray, titles: Sequence[str] | None, theme: str, *, columns: int = 10) -> np.ndarray:
    """(n, 28, 28) images under their titles, if any, row by row, as one (h, w, 4) uint8 picture on nothing."""
    rows = -(-len(images) // columns)
    title_px = _TITLE_PX if titles else 0
    cell_w, cell_h = SIDE_PX * _SCALE + _GAP_PX, SIDE_PX * _SCALE + _GAP_PX + title_px
    sheet = Image.new("RGBA", (columns * cell_w, rows * cell_h))
    draw = ImageDraw.Draw(sheet)
    for place, image in enumerate(images):
        x, y = place % columns * cell_w + _GAP_PX // 2, place // columns * cell_h
        if titles:
            middle = x + SIDE_PX * _SCALE // 2
            draw.text((middle, y + title_px // 2), titles[place], fill=_INK[theme], font=_font(), anchor="mm")
        sheet.paste(Image.fromarray(digit(image, theme, scale=_SCALE)), (x, y + title_px))
    return np.asarray(sheet)


def _inked(image: np.ndarray, theme: str) -> np.ndarray:
    ink = (image / 255 if image.dtype == np.uint8 else image)[..., None]
    paper = np.array(_PAPER[theme], float)
    return np.asarray(np.round(paper + ink * (np.array(_INK[theme], float) - paper)), np.uint8)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=17)
