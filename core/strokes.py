"""Canvas pixels -> digits as MNIST holds them: one place where a drawing becomes what a network was trained on.

Any thread may call this; nothing is kept. Knows nothing of TensorFlow, networks or the browser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.errors import DrawingError
from core.shapes import SIDE_PX

_BOX_PX = 20  # the longer side of the ink in MNIST
_MAX_PIXELS = 16_000_000  # a photograph sent by mistake would hold the page for seconds
_FAINT = 0.02  # ink below this share of the darkest is no part of the ink's box
_UNSEEN = 8  # a colour nearer to the paper's than this, of 255, is paper: nobody could see what they draw with it

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two are the first pixels outside


@dataclass(frozen=True, eq=False)
class Glyph:
    """A digit found on a canvas: `image` is (28, 28) float32 in [0, 1], ink 1; `box` is where it was drawn, in canvas px."""

    image: np.ndarray
    box: Box


def read_canvas(image: np.ndarray) -> list[Glyph]:
    """The digits drawn on `image`, left to right: for now all that is drawn is one digit. A blank canvas gives [].

    `image` is uint8: (h, w) or (h, w, 1) grey, (h, w, 3) RGB or (h, w, 4) RGBA. Ink and paper may have any two colours, and
    the paper may be transparent. Raises DrawingError.
    """
    return [Glyph(centred(ink), box) for box, ink in _pieces(_ink(_checked(image)))]


def centred(ink: np.ndarray) -> np.ndarray:
    """`ink` (h, w) in [0, 1], 0 paper, as (28, 28) float32 in [0, 1], placed as MNIST places its digits; all 0 without ink.

    The ink's box is scaled to 20 px on its longer side, keeping its shape, then moved by whole pixels until the centre of
    mass lies in the pixel (14, 14): so it is in all 60,000 training images, and those come back as they are. A box that
    would then leave the picture stays whole inside it. Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of
    handwritten digits". Raises DrawingError.
    """
    if ink.ndim != 2:
        raise DrawingError(f"The ink has shape {ink.shape}; expected rows and columns only, one number from 0 to 1 per pixel.")
    box = _box(ink > _FAINT * ink.max(initial=0))
    if box is None:
        return np.zeros((SIDE_PX, SIDE_PX), np.float32)
    left, top, right, bottom = box
    inside = _enlarged(np.asarray(ink[top:bottom, left:right], np.float32))
    scale = _BOX_PX / max(inside.shape)
    rows, columns = _averaging(inside.sum(axis=1), scale), _averaging(inside.sum(axis=0), scale)
    return np.asarray(np.clip(rows @ inside @ columns.T, 0, 1))


def _averaging(ink: np.ndarray, scale: float) -> np.ndarray:
    """(28, n): how much each of n places along an axis, holding `ink` (n,), gives to each of 28 pixels `scale` times as small.

    Area averaging is exact this way at every scale, and rows @ picture @ columns is the fastest way to a few pixels.
    """
    places = np.arange(len(ink))
    mass_px = float(ink @ (places + 0.5) / ink.sum()) * scale
    start_px = min(max(math.ceil(SIDE_PX // 2 - mass_px), 0), math.floor(SIDE_PX - len(ink) * scale))
    edges = (np.arange(SIDE_PX + 1) - start_px) / scale
    covered = np.clip(edges[:, None] - places, 0, 1)
    return np.asarray(np.diff(covered, axis=0) * scale, np.float32)


def _enlarged(inside: np.ndarray) -> np.ndarray:
    """`inside`, smoothly enlarged by a whole factor where its longer side is below 20 px, so that no blocks show."""
    height, width = inside.shape
    factor = math.ceil(_BOX_PX / max(height, width))
    if factor == 1:
        return inside
    larger = Image.fromarray(inside).resize((width * factor, height * factor), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(larger, np.float32), 0, 1)


def _checked(image: np.ndarray) -> np.ndarray:
    """`image` as (h, w, channels). Raises DrawingError."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        kind = image.dtype if isinstance(image, np.ndarray) else type(image).__name__
        raise DrawingError(f"The picture holds {kind}; expected a NumPy array of uint8, 0 to 255 per channel.")
    if image.ndim == 2:
        image = image[:, :, None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or not image.size:
        raise DrawingError(f"The picture has shape {image.shape}; expected height x width in grey, RGB or RGBA, not empty.")
    height, width, _ = image.shape
    if height * width > _MAX_PIXELS:
        raise DrawingError(f"The picture has {width} x {height} pixels; make it smaller, the most is {_MAX_PIXELS:,} in all.")
    return image


def _ink(image: np.ndarray) -> np.ndarray:
    """How much of each pixel is ink: (h, w) float32 in [0, 1], from (h, w, channels) uint8."""
    if image.shape[2] == 4:
        # Times alpha: what colour a transparent pixel has, nobody sees. Pillow does it in a tenth of NumPy's time.
        image = np.asarray(Image.fromarray(image).convert("RGBa"))
    paper = _paper(image)
    distance = np.zeros(image.shape[:2], np.uint8)
    for channel, level in enumerate(paper):
        values = image[:, :, channel]
        np.maximum(distance, np.where(values > level, values - level, level - values), out=distance)
    counts = np.bincount(distance.ravel(), minlength=256)
    furthest = int(np.flatnonzero(counts)[-1])
    if furthest < _UNSEEN:
        return np.zeros(distance.shape, np.float32)
    # The median of the inked, not the maximum, is full ink: half-transparent strokes are darker where they cross.
    inked = np.where(np.arange(256) >= max(_UNSEEN, furthest / 4), counts, 0).cumsum()
    full = int(np.searchsorted(inked, inked[-1] / 2))
    levels = np.minimum(np.arange(256, dtype=np.float32) / full, 1)
    levels[:_UNSEEN] = 0
    return np.asarray(levels[distance])


def _paper(image: np.ndarray) -> np.ndarray:
    """The colour of the paper, (channels,) uint8: transparent where anything is, else the commonest along the border."""
    if image.shape[2] == 4 and not image[:, :, 3].all():
        return np.zeros(4, np.uint8)
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    colours, counts = np.unique(border, axis=0, return_counts=True)
    return np.asarray(colours[counts.argmax()])


def _pieces(ink: np.ndarray) -> list[tuple[Box, np.ndarray]]:
    """Each digit's box and its own ink inside that box, left to right. For now whatever is drawn is one digit."""
    box = _box(ink > 0)
    if box is None:
        return []
    left, top, right, bottom = box
    return [(box, ink[top:bottom, left:right])]


def _box(mask: np.ndarray) -> Box | None:
    """Left, top, right, bottom of what is True in (h, w); None where nothing is."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
