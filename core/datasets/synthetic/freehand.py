"""Strokes as people draw them with a brush on a canvas: stretched, slanted, unsteady. Any thread may call this."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

CANVAS_PX = 280
BRUSHES_PX = (12, 30)
_LENGTHS_PX = (70, 220)  # the longer side of what is drawn
_UNSTEADY = 0.02  # sd of each point's place, of that side

Stroke = np.ndarray  # (k, 2) points x, y of one stroke, in shares of the longer side


def drawn(
    strokes: list[Stroke],
    random: np.random.Generator,
    *,
    length_px: float | None = None,
    brushes_px: tuple[float, float] = BRUSHES_PX,
) -> np.ndarray:
    """A canvas (280, 280) uint8, paper 0, with `strokes` under a brush of random width, somewhere on it."""
    brush = float(random.uniform(*brushes_px))
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1e-3)
    length = length_px if length_px is not None else float(random.uniform(*_LENGTHS_PX))
    size = np.ptp(points, axis=0) / extent * length
    corner = brush / 2 + random.random(2) * np.maximum(CANVAS_PX - brush - size, 0)
    canvas = Image.new("L", (CANVAS_PX, CANVAS_PX))
    pen = ImageDraw.Draw(canvas)
    for stroke in strokes:
        places = (stroke - low) / extent * length + corner
        _draw_line(pen, places, brush)
    return np.asarray(canvas)


def rewritten(picture: Image.Image, random: np.random.Generator) -> np.ndarray:
    """A square grey `picture` (h, h) in another handwriting: slanted, turned and stretched about its middle."""
    matrix, middle = _handwriting(random), np.full(2, picture.width / 2)
    back = middle - matrix @ middle
    coefficients = (*matrix[0], back[0], *matrix[1], back[1])
    return np.asarray(picture.transform(picture.size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR))


def _handwriting(random: np.random.Generator) -> np.ndarray:
    """(2, 2): a random turn, slant and stretch, as between two people's handwriting."""
    turn, slant = random.normal(0, 0.13, 2)
    cos, sin = math.cos(turn), math.sin(turn)
    return np.asarray(np.array([[cos, -sin], [sin, cos]]) @ np.array([[math.exp(random.normal(0, 0.15)), slant], [0, 1]]))


def _draw_line(pen: ImageDraw.ImageDraw, places: np.ndarray, brush: float) -> None:
    if len(places) > 1:
        pen.line([(float(x), float(y)) for x, y in places], fill=255, width=round(brush))
    for x, y in places:  # round joints and ends, as the canvas' own pen makes them
        pen.ellipse((x - brush / 2, y - brush / 2, x + brush / 2, y + brush / 2), fill=255)


def unsteadied(strokes: list[Stroke], random: np.random.Generator, *, slanted: bool = True) -> list[Stroke]:
    """The strokes as a hand would draw them: stretched, slanted, turned, bent by a slow wave, each point off its place."""
    matrix = _handwriting(random) if slanted else np.eye(2)
    wave, phase = random.normal(0, 0.03, 2), random.uniform(0, 2 * math.pi, 2)
    bent = []
    for stroke in strokes:
        fine = _finer(stroke + random.normal(0, _UNSTEADY, stroke.shape))
        fine = fine + wave * np.sin(2 * math.pi * fine[:, ::-1] + phase)
        bent.append(fine @ matrix.T)
    return bent


def _finer(stroke: Stroke) -> Stroke:
    """The same line with a point at least every twentieth."""
    if len(stroke) < 2:
        return stroke
    steps = np.maximum(np.ceil(np.hypot(*np.diff(stroke, axis=0).T) / 0.05), 1).astype(int)
    pieces = [
        begin + (end - begin) * np.arange(count)[:, None] / count
        for begin, end, count in zip(stroke, stroke[1:], steps, strict=False)
    ]
    return np.concatenate([*pieces, stroke[-1:]])


def turns(count: float, *, from_radius: float = 1.0, to_radius: float = 1.0, start: float = 0.0) -> Stroke:
    """An arc or a spiral about (.5, .5), `count` times round."""
    share = np.linspace(0, 1, max(int(abs(count) * 24), 3))
    angle = start + 2 * math.pi * count * share
    radius = 0.5 * (from_radius + (to_radius - from_radius) * share)
    return np.stack([0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)], axis=1)


def path(text: str) -> list[Stroke]:
    """Strokes of a text such as "5,5 95,95 / 95,5 5,95", in hundredths."""
    return [np.array([[float(part) / 100 for part in word.split(",")] for word in line.split()]) for line in text.split("/")]
