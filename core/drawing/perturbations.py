"""Small perturbations of an image: shifted, turned and scaled, its strokes thicker or thinner. Any thread may call this.

They have an order: first the shifts (down x across), then the turns and scales (scale x turn), then the stroke widths.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy.ndimage import map_coordinates

from core.constants import SIDE_PX
from core.drawing.strokes import widened

SHIFTS_PX = tuple(range(-4, 5))
TURNS_DEG = tuple(range(-40, 41, 10))  # to the right
SCALES = tuple(round(0.6 + 0.1 * step, 1) for step in range(9))
THICKER_PX = tuple(round(-0.8 + 0.2 * step, 1) for step in range(9))  # on each side of a stroke
_FINE = 4  # samples a pixel where strokes are made thicker
_NUMBERS = ("no", "one", "two", "three", "four")


def perturbed(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, 28, 28) float32: `image` (28, 28) after each perturbation, in their order; and (n,) how far each moves the ink on
    average, in pixels.
    """
    shifts = np.array([(x, y) for y in SHIFTS_PX for x in SHIFTS_PX], float)
    turned = np.array([turn(degrees) * scale for scale in SCALES for degrees in TURNS_DEG])
    still, plain = np.zeros((len(turned), 2)), np.broadcast_to(np.eye(2), (len(shifts), 2, 2))
    images = [moved(image, plain, shifts), moved(image, turned, still), thickened(image, THICKER_PX)]
    return np.concatenate(images), np.concatenate([np.hypot(*shifts.T), _mean_moves(image, turned), np.abs(THICKER_PX)])


def moved(image: np.ndarray, matrices: np.ndarray, shifts_px: np.ndarray) -> np.ndarray:
    """(n, 28, 28) float32: `image` (28, 28) mapped about its middle by each of `matrices` (n, 2, 2), then moved by `shifts_px`
    (n, 2), x and y. Linear between pixels, paper outside.
    """
    middle = (SIDE_PX - 1) / 2
    y, x = np.indices((SIDE_PX, SIDE_PX)).reshape(2, -1) - middle
    places = np.stack([x, y])[None] - shifts_px[:, :, None]
    sources = (np.linalg.inv(matrices) @ places + middle).transpose(1, 0, 2)[::-1]  # rows, columns
    # A rim of paper, so that values fade out beyond the last pixel: a fifth faster than SciPy's mode "grid-constant".
    sampled = map_coordinates(np.pad(image, 1), np.ascontiguousarray(sources) + 1, np.float32, order=1)
    return np.asarray(sampled).reshape(-1, SIDE_PX, SIDE_PX)


def thickened(image: np.ndarray, by_px: tuple[float, ...]) -> np.ndarray:
    """(n, 28, 28) float32: `image` with its strokes wider by each of `by_px` on both sides; narrower where that is below 0.

    For a step of 0 it is `image` itself. Otherwise the outline is moved at four times the resolution, and a pixel is the mean of
    its sixteen samples.
    """
    fine_px = SIDE_PX * _FINE
    inside = np.asarray(Image.fromarray(image).resize((fine_px, fine_px), Image.Resampling.BICUBIC)) > 0.5
    if not inside.any():
        return np.repeat(image[None], len(by_px), axis=0).astype(np.float32)
    pixels = widened(inside, np.array(by_px) * _FINE).reshape(len(by_px), SIDE_PX, _FINE, SIDE_PX, _FINE).mean(axis=(2, 4))
    pixels[[place for place, each in enumerate(by_px) if each == 0]] = image
    return np.asarray(pixels, np.float32)


def describe(place: int) -> str:
    """The perturbation at `place` in their order, in words: "Two pixels down"."""
    if place < len(SHIFTS_PX) ** 2:
        y, x = (SHIFTS_PX[part] for part in divmod(place, len(SHIFTS_PX)))
        parts = [_pixels(y, "up", "down"), _pixels(x, "to the left", "to the right")]
        return " and ".join(part for part in parts if part).capitalize()
    place -= len(SHIFTS_PX) ** 2
    if place < len(SCALES) * len(TURNS_DEG):
        scale, degrees = SCALES[place // len(TURNS_DEG)], TURNS_DEG[place % len(TURNS_DEG)]
        parts = [f"turned {abs(degrees)}° to the {'right' if degrees > 0 else 'left'}"] if degrees else []
        if scale != 1:
            parts.append(f"{abs(scale - 1):.0%} {'larger' if scale > 1 else 'smaller'}")
        return " and ".join(parts).capitalize()
    width = 2 * THICKER_PX[place - len(SCALES) * len(TURNS_DEG)]
    return f"Its strokes {abs(width):.1f} pixels {'thicker' if width > 0 else 'thinner'}"


def _pixels(count: int, before: str, after: str) -> str:
    if not count:
        return ""
    return f"{_NUMBERS[abs(count)]} pixel{'s' if abs(count) > 1 else ''} {after if count > 0 else before}"


def turn(degrees: float) -> np.ndarray:
    """(2, 2): the matrix of a clockwise rotation in image coordinates, y down."""
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _mean_moves(ink: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """(n,) how far each matrix moves the ink on average, in pixels."""
    y, x = np.indices(ink.shape).reshape(2, -1) - (SIDE_PX - 1) / 2
    steps = np.hypot(*((matrices - np.eye(2)) @ np.stack([x, y])).transpose(1, 0, 2))
    return np.asarray(steps @ ink.ravel() / max(float(ink.sum()), 1e-6))
