"""Composes images of digits into one picture: fast to send, sharp at any size. Dark on light, or the reverse in dark mode."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.constants import SIDE_PX
from core.drawing.lattice import Box

_SCALE, _GAP_PX, _TITLE_PX = 3, 12, 26
_LARGE_PX = 24  # titles of a wide picture, which a phone shows at half size
# Of .streamlit/config.toml: the text, the second ground, and the accent of each theme.
_INK = {"light": (20, 22, 28), "dark": (240, 241, 245)}
_PAPER = {"light": (241, 243, 246), "dark": (34, 37, 45)}
_FRAME = {"light": (31, 99, 181), "dark": (124, 180, 242)}


def digit(image: np.ndarray, theme: str, *, scale: int = 10) -> np.ndarray:
    """One (28, 28) image, uint8 or floats in [0, 1], as (28 * scale, 28 * scale, 3) uint8 with square pixels."""
    return inked(image, theme).repeat(scale, axis=0).repeat(scale, axis=1)


def grid(images: np.ndarray, titles: Sequence[str] | None, theme: str, *, columns: int = 10) -> np.ndarray:
    """(n, 28, 28) images under optional titles of one or more lines, row by row: (h, w, 4) uint8, with a transparent ground."""
    rows = -(-len(images) // columns)
    side_px, title_px = SIDE_PX * _SCALE, _TITLE_PX * _num_lines(titles)
    cell_w, cell_h = side_px + _GAP_PX, side_px + _GAP_PX + title_px
    cells = np.zeros((rows * columns, cell_h, cell_w, 4), np.uint8)
    inside = cells[: len(images), title_px : title_px + side_px, _GAP_PX // 2 : _GAP_PX // 2 + side_px]
    inside[..., :3] = inked(images, theme).repeat(_SCALE, axis=1).repeat(_SCALE, axis=2)
    inside[..., 3] = 255
    sheet = cells.reshape(rows, columns, cell_h, cell_w, 4).swapaxes(1, 2).reshape(rows * cell_h, columns * cell_w, 4)
    if not titles:
        return sheet
    written = Image.fromarray(sheet)
    draw = ImageDraw.Draw(written)
    for place, title in enumerate(titles):
        middle = (place % columns * cell_w + cell_w // 2, place // columns * cell_h + title_px // 2)
        draw.text(middle, title, fill=_INK[theme], font=_font(), anchor="mm", align="center")
    return np.asarray(written)


def _num_lines(titles: Sequence[str] | None) -> int:
    return max((title.count("\n") + 1 for title in titles or ()), default=0)


def sprites(images: np.ndarray, theme: str) -> tuple[bytes, int]:
    """(n, 28, 28) uint8 images edge to edge as one PNG file, and its number of columns. With a palette, a pixel is one
    byte: thousands of images take a few hundred KB.
    """
    columns = max(1, math.isqrt(max(len(images) - 1, 0)) + 1)
    rows = max(1, -(-len(images) // columns))
    cells = np.zeros((rows * columns, SIDE_PX, SIDE_PX), np.uint8)
    cells[: len(images)] = images
    sheet = Image.fromarray(cells.reshape(rows, columns, SIDE_PX, SIDE_PX).swapaxes(1, 2).reshape(rows * SIDE_PX, -1))
    sheet.putpalette(_shades(theme).tobytes())
    file = io.BytesIO()
    sheet.save(file, "PNG", compress_level=3)
    return file.getvalue(), columns


def boxed(canvas: np.ndarray, boxes: Sequence[Box], titles: Sequence[str], theme: str) -> np.ndarray:
    """A `canvas` (h, w, 3 or 4) uint8 with a frame around each of `boxes`, left to right, and its title in a strip below.

    Titles that would overlap alternate between two lines; without any there is no strip. Gives (h + the strip, w, 3) uint8.
    """
    height, width = canvas.shape[:2]
    font, line_px = _font(_LARGE_PX), 2 * _LARGE_PX
    places: list[tuple[float, int]] = []
    reached = [0.0, 0.0]  # where the text of each line ends, px
    for (left, _, right, _), title in zip(boxes, titles, strict=True):
        half = font.getlength(title) / 2
        middle = min(max((left + right) / 2, half), width - half)
        line = 0 if middle - half >= reached[0] else 1
        reached[line] = middle + half + _GAP_PX
        places.append((middle, line))
    num_lines = 1 + max((line for _, line in places), default=0) if any(titles) else 0
    picture = Image.new("RGB", (width, height + num_lines * line_px), _PAPER[theme])
    drawn = Image.fromarray(canvas)
    picture.paste(drawn, (0, 0), drawn if drawn.mode == "RGBA" else None)
    draw = ImageDraw.Draw(picture)
    for (left, top, right, bottom), (middle, line), title in zip(boxes, places, titles, strict=True):
        frame = (max(left - 4, 0), max(top - 4, 0), min(right + 3, width - 1), min(bottom + 3, height - 1))
        draw.rectangle(frame, outline=_FRAME[theme], width=3)
        draw.text((middle, height + (line + 0.5) * line_px), title, fill=_INK[theme], font=font, anchor="mm")
    return np.asarray(picture)


def png(picture: np.ndarray) -> bytes:
    """An (h, w, 3 or 4) uint8 picture as a PNG file, compressed lightly: more would take twice as long for a fifth less."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return file.getvalue()


def inked(images: np.ndarray, theme: str) -> np.ndarray:
    """Ink levels (..., h, w), uint8 or floats in [0, 1], as (..., h, w, 3) uint8 in the theme's colours."""
    levels = images if images.dtype == np.uint8 else np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)
    return np.asarray(_shades(theme)[levels])


@lru_cache
def _shades(theme: str) -> np.ndarray:
    """(256, 3) uint8: the colours from paper to ink."""
    ink = np.linspace(0, 1, 256)[:, None]
    return np.asarray(np.round((1 - ink) * np.array(_PAPER[theme]) + ink * np.array(_INK[theme])), np.uint8)


@lru_cache
def _font(size_px: int = 17) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size_px)
