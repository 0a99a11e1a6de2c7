"""Why a drawing is read as it is: the stages of its preparation, and how small perturbations change the answer.

Any thread may call this. All 175 images of one drawing go through the network as one batch. Knows nothing of networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.constants import SIDE_PX
from core.drawing.lattice import box_of
from core.drawing.perturbations import SCALES, SHIFTS_PX, TURNS_DEG, describe, perturbed
from core.drawing.preprocessing import Glyph, centred, read_digit
from core.errors import InvalidAnswers

STAGES = ("raw", "cropped", "centred", "even strokes")
RAW, DRAWING = 0, 3  # the stage that the network answers: of a data set's image, and of a drawing
SMALL_PX = 2.5  # a perturbation is small if it moves the ink by at most this on average
_BLANK = 1.0  # the sum of an image's ink below which it looks blank


@dataclass(frozen=True, eq=False)
class Variants:
    """`images` (n, 28, 28) float32: the stages, then the shifted (down x across), the turned and scaled (scale x turn) and the
    thicker ones. `moved_px` (n,) is how far each moves the ink on average, 0 for a stage. `answered` is the stage that the
    network answers and that is perturbed."""

    images: np.ndarray
    moved_px: np.ndarray
    answered: int


@dataclass(frozen=True, eq=False)
class VariantAnswers:
    """The `digits` that were read, -1 where no ink is left, and their probabilities `certainty`, both of the same shape."""

    digits: np.ndarray
    certainty: np.ndarray

    def num_same(self, digit: int) -> int:
        """How many are read as `digit`."""
        return int((self.digits == digit).sum())


@dataclass(frozen=True)
class Diagnosis:
    """The answers to the variants: `stages` (4,), `shifted` (9, 9) down x across, `turned` (9, 9) scale x turn, `thicker` (9,).

    `digit` is the answer to the drawing itself; `smallest` is a sentence on the smallest perturbation that alters it.
    """

    digit: int
    smallest: str
    stages: VariantAnswers
    shifted: VariantAnswers
    turned: VariantAnswers
    thicker: VariantAnswers


def glyph_of(image: np.ndarray) -> Glyph | None:
    """A data set's `image` (28, 28) uint8 as if it had been drawn, its raw stage the image itself; None of a blank one.

    Raises DrawingError.
    """
    read, box = read_digit(image), box_of(image > 0)
    if read is None or box is None:
        return None
    left, top, right, bottom = box
    return Glyph(read.image, box, image[top:bottom, left:right] / np.float32(255))


def variants(glyph: Glyph, canvas_px: tuple[int, int], *, answered: int = DRAWING) -> Variants:
    """All images to ask the network about, for a `glyph` on a canvas of (rows, columns) `canvas_px`."""
    steps = stages(glyph, canvas_px)
    images, moved_px = perturbed(steps[answered])
    return Variants(np.concatenate([steps, images]), np.concatenate([np.zeros(len(STAGES)), moved_px]), answered)


def stages(glyph: Glyph, canvas_px: tuple[int, int]) -> np.ndarray:
    """(4, 28, 28) float32: the canvas scaled down; the ink cropped and scaled up; the same at 20 px, centred by its mass; the
    final glyph with strokes of even width. Other ink on the canvas is left out.
    """
    left, top, right, bottom = glyph.box
    rows, columns = canvas_px
    whole = np.pad(glyph.ink, ((top, rows - bottom), (left, columns - right)))
    steps = [_squeezed(_square(whole)), _squeezed(_square(glyph.ink)), centred(glyph.ink), glyph.image]
    return np.stack(steps).astype(np.float32)


def diagnosis(made: Variants, probabilities: np.ndarray) -> Diagnosis:
    """The figures and the sentence, from `probabilities` (n, 10) for `made.images`. Raises InvalidAnswers."""
    if not np.isfinite(probabilities).all():
        raise InvalidAnswers
    blank = made.images.sum(axis=(1, 2)) < _BLANK
    digits = np.where(blank, -1, probabilities.argmax(axis=1))
    certainty = np.where(blank, 0, probabilities.max(axis=1))
    sizes = (len(STAGES), len(SHIFTS_PX) ** 2, len(SCALES) * len(TURNS_DEG))
    shapes = ((-1,), (len(SHIFTS_PX), -1), (len(SCALES), -1), (-1,))
    parts = [
        VariantAnswers(own.reshape(shape), sure.reshape(shape))
        for own, sure, shape in zip(
            np.split(digits, np.cumsum(sizes)), np.split(certainty, np.cumsum(sizes)), shapes, strict=True
        )
    ]
    answer = int(probabilities[made.answered].argmax())
    return Diagnosis(answer, _smallest(answer, digits, made.moved_px), *parts)


def _smallest(answer: int, digits: np.ndarray, moved_px: np.ndarray) -> str:
    altered = np.flatnonzero((digits != answer) & (digits >= 0) & (moved_px > 0))
    if not len(altered):
        return f"None of the {int((moved_px > 0).sum())} changes alters it: all are read as {article(answer)}."
    place = int(altered[moved_px[altered].argmin()])
    change = f"{describe(place - len(STAGES))}, and it is {article(int(digits[place]))}."
    if moved_px[place] > SMALL_PX:
        return f"Only a large change alters it: {change[0].lower()}{change[1:]}"
    return change


def article(digit: int) -> str:
    """ "a 7", "an 8"."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def _square(ink: np.ndarray) -> np.ndarray:
    """With paper added on both sides of the shorter length."""
    height, width = ink.shape
    room = abs(height - width)
    rims = ((0, 0), (room // 2, room - room // 2))
    return np.pad(ink, rims if height > width else rims[::-1])


def _squeezed(ink: np.ndarray) -> np.ndarray:
    picture = Image.fromarray(np.asarray(ink, np.float32))
    return np.asarray(np.clip(np.asarray(picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)), 0, 1))
