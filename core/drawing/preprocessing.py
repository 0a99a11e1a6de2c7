"""Canvas pixels -> digits as MNIST holds them: one place where a drawing becomes what a network was trained on.

Any thread may call this; nothing is kept. Knows nothing of TensorFlow, networks or the browser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import distance_transform_edt, maximum_filter

from core.constants import SIDE_PX
from core.drawing.lattice import Box, Lattice, box_of
from core.drawing.segmentation import segmented
from core.drawing.strokes import width_px
from core.errors import DrawingError

_BOX_PX = 20  # the longer side of the ink in MNIST
_WORK_PX = 80  # longer side while strokes are evened: four samples a pixel, and small enough to take a millisecond
_STROKE_PX = 2.5  # width of MNIST's strokes (mean 2.58, sd .67, over 1,500 training images), of 20 px of ink
_EVENING = 0.6  # share of the way to that width: all the way scored lower with every pen but the thinnest (see `evened`)
_ROUNDING = 1e-6  # 33 places at a scale of 20 / 33 are 20.000000000000004 px, and not 21
_MAX_PIXELS, _MAX_SIDE_PX = 16_000_000, 8192  # a photograph sent by mistake would take seconds
_FAINT = 0.02  # ink below this share of the darkest is no part of the ink's box
_UNSEEN = 8  # a colour nearer to the paper's than this, of 255, is paper: ink that faint is invisible


@dataclass(frozen=True, eq=False)
class Glyph:
    """A digit found on a canvas: `image` is (28, 28) float32 in [0, 1], ink 1; `box` is where it was drawn, in canvas px, and
    `ink` (height, width) of that box, float32 in [0, 1], what was drawn there and belongs to it.
    """

    image: np.ndarray
    box: Box
    ink: np.ndarray


def read_canvas(image: np.ndarray) -> list[Glyph]:
    """The digits drawn on `image`, left to right, by geometry alone: digits that touch are one. A blank canvas gives [].

    `image` is uint8: (h, w) or (h, w, 1) grey, (h, w, 3) RGB or (h, w, 4) RGBA. Ink and paper may have any two colours, and
    the paper may be transparent. Raises DrawingError.
    """
    lattice = segmented(ink_of(image))
    return [glyph(lattice, *span) for span in lattice.likeliest()]


def read_digit(image: np.ndarray) -> Glyph | None:
    """All that is drawn on `image`, as `read_canvas` takes it, as one digit; None where nothing is. Raises DrawingError."""
    ink = ink_of(image)
    box = box_of(ink > 0)
    if box is None:
        return None
    left, top, right, bottom = box
    inside = ink[top:bottom, left:right]
    return Glyph(_as_mnist(inside), box, inside)


def glyph(lattice: Lattice, first: int, end: int) -> Glyph:
    """Pieces `first` to `end` - 1 of `lattice` as one digit."""
    piece = lattice.whole(first, end)
    inside = lattice.cropped(piece)
    return Glyph(_as_mnist(inside), piece.box, inside)


def _as_mnist(ink: np.ndarray) -> np.ndarray:
    return centred(evened(_resized(ink, _WORK_PX)))


def centred(ink: np.ndarray) -> np.ndarray:
    """`ink` (h, w) in [0, 1], 0 paper, as (28, 28) float32 in [0, 1], placed as MNIST places its digits; all 0 without ink.

    The ink's box is scaled to 20 px on its longer side, keeping its shape, then moved by whole pixels until the centre of
    mass lies in the pixel (14, 14): so it is in all 60,000 training images, and those come back as they are but for the
    faintest rims. A box that would then leave the picture stays whole inside it. Source: Y. LeCun, C. Cortes, C. Burges,
    "The MNIST database of handwritten digits". Raises DrawingError.
    """
    if ink.ndim != 2:
        raise DrawingError(f"The ink has shape {ink.shape}; expected rows and columns only, one number from 0 to 1 per pixel.")
    box = box_of(ink > _FAINT * ink.max(initial=0))
    if box is None:
        return np.zeros((SIDE_PX, SIDE_PX), np.float32)
    left, top, right, bottom = box
    inside = np.asarray(ink[top:bottom, left:right], np.float32)
    if max(inside.shape) < _BOX_PX:
        inside = _resized(inside, _BOX_PX)
    scale = _BOX_PX / max(inside.shape)
    rows, columns = _averaging(inside.sum(axis=1), scale), _averaging(inside.sum(axis=0), scale)
    return np.asarray(np.clip(rows @ inside @ columns.T, 0, 1))


def evened(ink: np.ndarray, *, stroke_px: float = _STROKE_PX, share: float = _EVENING) -> np.ndarray:
    """`ink` (h, w) in [0, 1] cropped to its box and with a rim of paper, its strokes made wider or narrower towards MNIST's.

    The same brush is thick on a small drawing and thin on a large one. Strokes go `share` of the way to `stroke_px` of 20 px
    of ink, by an equal step inwards or outwards everywhere. A network at 99.2 %, on MNIST's training images 50,000 to 51,499
    redrawn with other pens, before -> after: .4 px thinner on each side 97.3 -> 98.9 %, as they are 98.8 -> 99.1 %, .6 px
    thicker 98.7 -> 99.2 %, 1.2 px 96.3 -> 98.0 %, 1.8 px 89.7 -> 96.7 %.
    """
    box = box_of(ink > 0.5)
    if box is None:
        return ink
    left, top, right, bottom = box
    length = max(right - left, bottom - top)
    inside = np.pad(ink[top:bottom, left:right] > 0.5, 1)
    depth = distance_transform_edt(inside)
    width = width_px(depth[inside])
    # Wider strokes make a larger digit, which is then made smaller to fit into 20 px, strokes and all: hence the division.
    wanted = stroke_px / _BOX_PX
    step = (wanted * length - width) / (1 - wanted) * share / 2
    if step > 0:
        step = min(step, length / 8)  # a dot is to stay a dot
        room = math.ceil(step) + 1
        inside = np.pad(inside, room)
        depth = np.pad(depth, room) - distance_transform_edt(~inside)
    else:
        # Where a filled loop makes the strokes look thick on average, its thin tail has to be spared.
        ridge = np.sort(depth[inside & (depth >= maximum_filter(depth, 3))])
        thinnest = ridge[ridge.size // 10] - 0.5
        step = max(step, min(0, wanted * length / 4 - thinnest))  # pared to half the width aimed at, never below
        depth[~inside] = -1
    rim = depth - np.copysign(0.5, depth)  # distance to the line between ink and paper, not to the next pixel's middle
    return np.asarray(np.clip(rim + step + 0.5, 0, 1), np.float32)


def _averaging(ink: np.ndarray, scale: float) -> np.ndarray:
    """(28, n): how much each of n places along an axis, holding `ink` (n,), gives to each of 28 pixels `scale` times as small.

    Area averaging is exact this way at every scale, and rows @ picture @ columns is the fastest way to a few pixels.
    """
    places = np.arange(len(ink))
    mass_px = float(ink @ (places + 0.5) / ink.sum()) * scale
    start_px = min(max(math.ceil(SIDE_PX // 2 - mass_px), 0), SIDE_PX - math.ceil(len(ink) * scale - _ROUNDING))
    edges = (np.arange(SIDE_PX + 1) - start_px) / scale
    covered = np.clip(edges[:, None] - places, 0, 1)
    return np.asarray(np.diff(covered, axis=0) * scale, np.float32)


def _resized(ink: np.ndarray, longer_px: int) -> np.ndarray:
    """`ink` (h, w), its longer side made `longer_px`, its shape kept: averaged where it shrinks, smooth where it grows."""
    height, width = ink.shape
    scale = longer_px / max(height, width)
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.clip(np.asarray(Image.fromarray(ink).resize(size, how), np.float32), 0, 1)


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
    if height * width > _MAX_PIXELS or max(height, width) > _MAX_SIDE_PX:
        raise DrawingError(
            f"The picture has {width} x {height} pixels; make it smaller, the most is {_MAX_PIXELS:,} in all, "
            f"{_MAX_SIDE_PX:,} along a side."
        )
    return image


def ink_of(image: np.ndarray) -> np.ndarray:
    """How much of each pixel is ink: (h, w) float32 in [0, 1], of a picture as `read_canvas` takes it. Raises DrawingError."""
    image = _checked(image)
    if image.shape[2] == 4:
        # Times alpha: a transparent pixel's colour is invisible. Pillow takes a tenth of NumPy's time for it.
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
