"""Digits and strokes as tests draw them, and how to measure them."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

THREE = [(0.1, 0.1), (0.6, 0.0), (0.75, 0.25), (0.4, 0.45), (0.8, 0.7), (0.5, 1.0), (0.0, 0.9)]


def draw(points=THREE, *, side=280, size=180, left=40, top=40, brush=18, ink=(0, 0, 0, 255), paper=(0, 0, 0, 0)):
    canvas = Image.new("RGBA", (side, side), paper)
    places = [(left + x * size, top + y * size) for x, y in points]
    pen = ImageDraw.Draw(canvas)
    pen.line(places, fill=ink, width=brush, joint="curve")
    for x, y in (places[0], places[-1]):
        pen.ellipse((x - brush / 2, y - brush / 2, x + brush / 2, y + brush / 2), fill=ink)
    return np.asarray(canvas)


def ink_box(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def stroke_px(image):
    across, down = np.gradient(np.pad(image, 2))
    return 2 * image.sum() / np.hypot(across, down).sum()


# Strokes in a box one high; each is one digit.
ZERO = [[(0.3, 0), (0, 0.3), (0, 0.7), (0.3, 1), (0.6, 0.7), (0.6, 0.3), (0.3, 0)]]


ONE = [[(0, 0), (0, 1)]]


TWO = [[(0, 0.2), (0.3, 0), (0.6, 0.2), (0, 1), (0.7, 1)]]


DIGITS = {
    "a zero": ZERO,
    "a slashed zero": [*ZERO, [(0.65, 0.05), (-0.05, 0.95)]],
    "a zero with a loose slash": [*ZERO, [(0.38, 0.38), (0.22, 0.62)]],
    "a one": ONE,
    "a one with a foot and an upstroke": [[(0, 0.3), (0.3, 0), (0.3, 1)], [(0, 1), (0.6, 1)]],
    "a four of two strokes": [[(0.3, 0), (0, 0.6), (0.7, 0.6)], [(0.5, 0.3), (0.5, 1)]],
    "an open four": [[(0, 0), (0, 0.55), (0.6, 0.55)], [(0.6, 0), (0.6, 1)]],
    "a five with its roof off": [[(0, 0.15), (0, 0.5), (0.4, 0.45), (0.6, 0.7), (0.4, 1), (0, 0.95)], [(0.15, 0), (0.65, 0)]],
    "a five with its roof to the right": [[(0, 0.1), (0, 0.5), (0.4, 0.5), (0.4, 1), (0, 0.95)], [(0.55, 0.02), (0.85, 0)]],
    "a five with a slanted roof far off": [[(0, 0.3), (0, 0.6), (0.4, 0.6), (0.4, 1), (0, 0.95)], [(0.65, 0.2), (1, 0)]],
    "a crossed seven": [[(0, 0), (0.6, 0), (0.2, 1)], [(0.1, 0.5), (0.6, 0.5)]],
    "a broken one": [[(0, 0), (0, 0.4)], [(0, 0.6), (0, 1)]],
    "a wide two": [[(0, 0.2), (0.5, 0), (1, 0.2), (0, 1), (1.2, 1)]],
    "a wide zero": [[(0.55, 0), (0, 0.3), (0, 0.7), (0.55, 1), (1.1, 0.7), (1.1, 0.3), (0.55, 0)]],
}


def written(*digits, height=160, gap_px=25, brush=16, extra=()):
    """Digits side by side on a canvas (336, as wide as they take), with `extra` dots of ink as (x, y, diameter)."""
    canvas = Image.new("L", (1800, 336))
    pen, left = ImageDraw.Draw(canvas), 40
    for strokes in digits:
        xs = [x for stroke in strokes for x, _ in stroke]
        for stroke in strokes:
            places = [(left + (x - min(xs)) * height, 90 + y * height) for x, y in stroke]
            pen.line(places, fill=255, width=brush)
            for x, y in places:
                pen.ellipse((x - brush / 2, y - brush / 2, x + brush / 2, y + brush / 2), fill=255)
        left += (max(xs) - min(xs)) * height + brush + gap_px
    for x, y, size in extra:
        pen.ellipse((x, y, x + size, y + size), fill=255)
    return np.asarray(canvas, np.float32) / 255


def stroke(width=336, places=(155,)):
    """Thick upright strokes in the ink of light mode, (336, width, 4) uint8 as the canvas sends it."""
    image = np.full((336, width, 4), (248, 248, 250, 255), np.uint8)
    for left in places:
        image[80:260, left : left + 25] = (26, 28, 35, 255)
    return image
