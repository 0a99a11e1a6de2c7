"""A data set's own digits as a thick pen would have written them. On a small drawing the brush is thick for its digit: strokes
run together and loops close, which the even pen of a scanned data set never does.

Knows nothing of networks or data sets. Any thread may call this; about 1,400 images a second on one core.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.drawing.preprocessing import centred, evened
from core.drawing.strokes import widened

_SCALE = 3  # a pixel is drawn as 3 x 3, so that rims stay smooth
_ROOM_PX = 6  # around the picture, for strokes that grow
_MOST_PX = 3.5  # by which a stroke grows on each side: with MNIST's own pen, to a third of the digit's height


def thickened(images: np.ndarray, labels: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` images (n, 28, 28) uint8 and their labels: some of `images` with `labels`, written with a thicker pen and then made
    what `strokes.read_canvas` makes of such a drawing. The same seed gives the same ones.
    """
    random = np.random.default_rng([seed, 0x7C1])
    if not len(labels) or not count:
        return images[:0], labels[:0]
    rows = random.choice(len(labels), count)
    grown = [_grown(images[row], px) for row, px in zip(rows, random.uniform(0, _MOST_PX, count), strict=True)]
    return np.stack([np.round(centred(evened(ink)) * 255).astype(np.uint8) for ink in grown]), labels[rows]


def _grown(image: np.ndarray, px: float) -> np.ndarray:
    """Ink (h, w) in [0, 1] of `image` (28, 28) uint8, its strokes wider by `px` of its pixels on each side."""
    side = (image.shape[0] + 2 * _ROOM_PX) * _SCALE
    large = np.asarray(Image.fromarray(np.pad(image, _ROOM_PX)).resize((side, side), Image.Resampling.BICUBIC))
    return widened(large > 127, px * _SCALE).astype(np.float32)
