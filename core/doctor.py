"""Why a drawing is read as it is: the stages of its preparation, and what small changes would make of the answer.

Pure NumPy, from 28 x 28 pixels; all pictures of one drawing, 175, go through the network as one batch. Any thread may call this.
Knows nothing of networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.errors import PredictionError
from core.shapes import SIDE_PX
from core.strokes import Glyph, centred, ink_of

STAGES = ("squeezed", "cropped", "centred", "even strokes")
SHIFTS_PX = tuple(range(-4, 5))
TURNS_DEG = tuple(range(-40, 41, 10))  # to the right
SCALES = tuple(round(0.6 + 0.1 * step, 1) for step in range(9))
THICKER_PX = tuple(round(-0.8 + 0.2 * step, 1) for step in range(9))  # on each side of a stroke
SMALL_PX = 2.5  # a change that moves the ink further, on average, is called none that is small
_FINE = 4  # samples a pixel where strokes are made thicker
_BLANK = 1.0  # what is left of the ink, in pixels, when nobody would see it
_NUMBERS = ("no", "one", "two", "three", "four")


@dataclass(frozen=True, eq=False)
class Variants:
    """`images` (n, 28, 28) float32: the stages, then the shifted (down x across), the turned and scaled (scale x turn) and the
    thicker ones. `moved_px` (n,) is how far each moves the ink on average, 0 for a stage."""

    images: np.ndarray
    moved_px: np.ndarray


@dataclass(frozen=True, eq=False)
class Answers:
    """`digits` are what was read, -1 where no ink is left, and `certainty` how surely, both of the same shape."""

    digits: np.ndarray
    certainty: np.ndarray

    def num_same(self, digit: int) -> int:
        """How many are read as `digit`."""
        return int((self.digits == digit).sum())


@dataclass(frozen=True)
class Diagnosis:
    """What became of the variants: `stages` (4,), `shifted` (9, 9) down x across, `turned` (9, 9) scale x turn, `thicker` (9,).

    `digit` is the answer to the drawing as it is; `smallest` a sentence on the smallest change that alters it.
    """

    digit: int
    smallest: str
    stages: Answers
    shifted: Answers
    turned: Answers
    thicker: Answers


def variants(canvas: np.ndarray, glyph: Glyph) -> Variants:
    """All pictures to ask the network about, for a `glyph` that was found on `canvas`. Raises DrawingError."""
    ink = glyph.image.astype(np.float32)
    shifts = np.array([(x, y) for y in SHIFTS_PX for x in SHIFTS_PX], float)
    turned = np.array([_turn(turn) * scale for scale in SCALES for turn in TURNS_DEG])
    still, plain = np.zeros((len(turned), 2)), np.broadcast_to(np.eye(2), (len(shifts), 2, 2))
    images = [stages(canvas, glyph), moved(ink, plain, shifts), moved(ink, turned, still), thickened(ink, THICKER_PX)]
    distances = [np.zeros(len(STAGES)), np.hypot(*shifts.T), _mean_moves(ink, turned), np.abs(THICKER_PX)]
    return Variants(np.concatenate(images), np.concatenate(distances))


def stages(canvas: np.ndarray, glyph: Glyph) -> np.ndarray:
    """(4, 28, 28) float32: the whole canvas squeezed, the ink cut out and enlarged, that centred by its weight at 20 px, and the
    glyph itself, whose strokes were evened on the way. Raises DrawingError."""
    ink = ink_of(canvas)
    left, top, right, bottom = glyph.box
    inside = ink[top:bottom, left:right]
    return np.stack([_squeezed(ink), _squeezed(_square(inside)), centred(inside), glyph.image]).astype(np.float32)


def moved(image: np.ndarray, matrices: np.ndarray, shifts_px: np.ndarray) -> np.ndarray:
    """(n, 28, 28) float32: `image` (28, 28) mapped about its middle by each of `matrices` (n, 2, 2), then moved by `shifts_px`
    (n, 2), x and y. Linear between pixels, paper outside."""
    middle = (SIDE_PX - 1) / 2
    y, x = np.indices((SIDE_PX, SIDE_PX)).reshape(2, -1) - middle
    places = np.stack([x, y])[None] - shifts_px[:, :, None]
    x, y = (np.linalg.inv(matrices) @ places + middle).transpose(1, 0, 2)
    padded = np.pad(image, 1)
    x, y = np.clip(x + 1, 0, SIDE_PX + 0.999), np.clip(y + 1, 0, SIDE_PX + 0.999)
    left, top = x.astype(int), y.astype(int)
    across, down = x - left, y - top
    upper = padded[top, left] * (1 - across) + padded[top, left + 1] * across
    lower = padded[top + 1, left] * (1 - across) + padded[top + 1, left + 1] * across
    return np.asarray(upper * (1 - down) + lower * down, np.float32).reshape(-1, SIDE_PX, SIDE_PX)


def thickened(image: np.ndarray, by_px: tuple[float, ...]) -> np.ndarray:
    """(n, 28, 28) float32: `image` with its strokes wider by each of `by_px` on both sides; narrower where that is below 0.

    The picture itself stands where it is 0. Otherwise ink is whatever lies within that distance of the line between ink and
    paper, and a pixel takes the mean of its sixteen parts.
    """
    from scipy.ndimage import distance_transform_edt

    fine_px = SIDE_PX * _FINE
    inside = np.asarray(Image.fromarray(image).resize((fine_px, fine_px), Image.Resampling.BICUBIC)) > 0.5
    if not inside.any():
        return np.repeat(image[None], len(by_px), axis=0).astype(np.float32)
    depth = distance_transform_edt(inside) - distance_transform_edt(~inside)
    rim = depth - np.sign(depth) * 0.5
    made = np.clip(rim[None] + np.array(by_px)[:, None, None] * _FINE + 0.5, 0, 1)
    pixels = made.reshape(len(by_px), SIDE_PX, _FINE, SIDE_PX, _FINE).mean(axis=(2, 4))
    pixels[[place for place, each in enumerate(by_px) if each == 0]] = image
    return np.asarray(pixels, np.float32)


def diagnosis(made: Variants, probabilities: np.ndarray) -> Diagnosis:
    """The figures and the sentence, from `probabilities` (n, 10) for `made.images`. Raises PredictionError for NaN."""
    if not np.isfinite(probabilities).all():
        raise PredictionError("This epoch's answers are no numbers. Choose another epoch, or train with a lower learning rate.")
    blank = made.images.sum(axis=(1, 2)) < _BLANK
    digits = np.where(blank, -1, probabilities.argmax(axis=1))
    certainty = np.where(blank, 0, probabilities.max(axis=1))
    sizes = (len(STAGES), len(SHIFTS_PX) ** 2, len(SCALES) * len(TURNS_DEG))
    shapes = ((-1,), (len(SHIFTS_PX), -1), (len(SCALES), -1), (-1,))
    parts = [
        Answers(own.reshape(shape), sure.reshape(shape))
        for own, sure, shape in zip(
            np.split(digits, np.cumsum(sizes)), np.split(certainty, np.cumsum(sizes)), shapes, strict=True
        )
    ]
    answer = int(probabilities[len(STAGES) - 1].argmax())
    return Diagnosis(answer, _smallest(answer, digits, made.moved_px), *parts)


def _smallest(answer: int, digits: np.ndarray, moved_px: np.ndarray) -> str:
    altered = np.flatnonzero((digits != answer) & (digits >= 0) & (moved_px > 0))
    if not len(altered):
        return f"No small change alters it: all {int((moved_px > 0).sum())} of these are read as {article(answer)}."
    place = int(altered[moved_px[altered].argmin()])
    change = f"{_words(place - len(STAGES))}, and it is {article(int(digits[place]))}."
    if moved_px[place] > SMALL_PX:
        return f"No small change alters it. The smallest that does: {change[0].lower()}{change[1:]}"
    return change


def article(digit: int) -> str:
    """ "a 7", "an 8"."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def _words(place: int) -> str:
    """The change behind the place among all changes, shifts first: "Two pixels down"."""
    if place < len(SHIFTS_PX) ** 2:
        y, x = (SHIFTS_PX[part] for part in divmod(place, len(SHIFTS_PX)))
        parts = [_pixels(y, "up", "down"), _pixels(x, "to the left", "to the right")]
        return " and ".join(part for part in parts if part).capitalize()
    place -= len(SHIFTS_PX) ** 2
    if place < len(SCALES) * len(TURNS_DEG):
        scale, turn = SCALES[place // len(TURNS_DEG)], TURNS_DEG[place % len(TURNS_DEG)]
        parts = [f"turned {abs(turn)}° to the {'right' if turn > 0 else 'left'}"] if turn else []
        if scale != 1:
            parts.append(f"{abs(scale - 1):.0%} {'larger' if scale > 1 else 'smaller'}")
        return " and ".join(parts).capitalize()
    width = 2 * THICKER_PX[place - len(SCALES) * len(TURNS_DEG)]
    return f"Its strokes {abs(width):.1f} pixels {'thicker' if width > 0 else 'thinner'}"


def _pixels(count: int, before: str, after: str) -> str:
    if not count:
        return ""
    return f"{_NUMBERS[abs(count)]} pixel{'s' if abs(count) > 1 else ''} {after if count > 0 else before}"


def _turn(degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _mean_moves(ink: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """(n,) how far each matrix moves the ink on average, in pixels."""
    y, x = np.indices(ink.shape).reshape(2, -1) - (SIDE_PX - 1) / 2
    steps = np.hypot(*((matrices - np.eye(2)) @ np.stack([x, y])).transpose(1, 0, 2))
    return np.asarray(steps @ ink.ravel() / max(float(ink.sum()), 1e-6))


def _square(ink: np.ndarray) -> np.ndarray:
    """With paper added on both sides of the shorter length."""
    height, width = ink.shape
    room = abs(height - width)
    rims = ((0, 0), (room // 2, room - room // 2))
    return np.pad(ink, rims if height > width else rims[::-1])


def _squeezed(ink: np.ndarray) -> np.ndarray:
    picture = Image.fromarray(np.asarray(ink, np.float32))
    return np.asarray(np.clip(np.asarray(picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)), 0, 1))
