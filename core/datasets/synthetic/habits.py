"""Strokes that some hands add to a digit and others never do: a slash through a zero, an upstroke and a foot to a one, a bar to a
seven. A data set from one country hardly has them; here they are drawn onto its own images.

Knows nothing of networks or data sets. Any thread may call this; about 3,000 images a second on one core.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt

from core.drawing.lattice import Box, box_of
from core.drawing.preprocessing import centred
from core.drawing.strokes import width_px

Point = tuple[float, float]
Path = list[Point]
Habit = Callable[[np.ndarray, Box, np.random.Generator], list[Path]]  # of a digit's ink and its box

_SCALE = 3  # a pixel is drawn as 3 x 3, so that rims stay smooth
_ROOM_PX = 5  # around the picture: a slash may reach beyond it
_PEN_LIMITS_PX = (1.2, 4.5)
_LEVEL_RAD = math.radians(58)  # an upstroke nearer to the level would make a seven


def added(images: np.ndarray, labels: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` images (n, 28, 28) uint8 and their labels: some of `images` with `labels` (zeros, ones, sevens) and a stroke more.

    Placed as MNIST's digits are. The same seed gives the same ones; fewer than `count`, that is none, where no such digit is.
    """
    random = np.random.default_rng([seed, 0x4AB])
    able = np.flatnonzero(np.isin(labels, list(_HABITS)))
    if not able.size or not count:
        return images[:0], labels[:0]
    rows = random.choice(able, count)
    return np.stack([_with_stroke(images[row], int(labels[row]), random) for row in rows]), labels[rows]


def _with_stroke(image: np.ndarray, label: int, random: np.random.Generator) -> np.ndarray:
    """`image` (28, 28) uint8 with the habit of `label`, drawn with a pen as wide as its own."""
    ink = image > 127
    box = box_of(ink)
    if box is None:
        return image
    depths_px = distance_transform_edt(np.pad(ink, 1))[1:-1, 1:-1]
    pen_px = float(np.clip(width_px(depths_px[ink]), *_PEN_LIMITS_PX))
    pen_px *= math.exp(random.normal(0, 0.15))
    side = (image.shape[0] + 2 * _ROOM_PX) * _SCALE
    picture = Image.fromarray(np.pad(image, _ROOM_PX)).resize((side, side), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    reach = pen_px * _SCALE / 2
    for path in _HABITS[label](ink, box, random):
        places = [((x + _ROOM_PX) * _SCALE, (y + _ROOM_PX) * _SCALE) for x, y in path]
        draw.line(places, fill=255, width=round(2 * reach), joint="curve")
        for x, y in (places[0], places[-1]):
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.round(centred(np.asarray(picture, np.float32) / 255) * 255).astype(np.uint8)


def _slash(ink: np.ndarray, box: Box, random: np.random.Generator) -> list[Path]:
    """Through the middle, mostly from above at the right; it may end inside the loop, reach far beyond it, stand upright."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    x = (left + right) / 2 + random.normal(0, 0.05) * height
    y = (top + bottom) / 2 + random.normal(0, 0.05) * height
    half = random.uniform(0.28, 1.0) * math.hypot(width, height)
    lean = math.atan2(width, height) * random.uniform(0.0, 1.3) * (1 if random.random() < 0.9 else -1)
    along = math.sin(lean), -math.cos(lean)
    bow = random.normal(0, 0.06) * half
    return [
        [
            (x - along[0] * half, y - along[1] * half),
            (x - along[1] * bow, y + along[0] * bow),
            (x + along[0] * half, y + along[1] * half),
        ]
    ]


def _upstroke(ink: np.ndarray, box: Box, random: np.random.Generator) -> list[Path]:
    """An upstroke at the head, a foot under the stem, or both."""
    top, bottom = _middle(ink, box[1]), _middle(ink, box[3] - 1)
    length = math.dist(top, bottom)
    down = math.atan2(bottom[0] - top[0], bottom[1] - top[1])  # from straight down towards the right
    steep = random.uniform(0, 1)
    turned = max(down - math.radians(65 - 45 * steep), -_LEVEL_RAD)
    reach = random.uniform(0.2, 0.5 + 0.35 * steep) * length  # long and level, it would be a seven
    flag = [(top[0] + math.sin(turned) * reach, top[1] + math.cos(turned) * reach), top]
    foot = [(bottom[0] + side * random.uniform(0.12, 0.32) * length, bottom[1] + random.normal(0, 0.5)) for side in (-1, 1)]
    which = random.random()
    return [flag] if which < 0.65 else [flag, foot] if which < 0.95 else [foot]


def _bar(ink: np.ndarray, box: Box, random: np.random.Generator) -> list[Path]:
    """Across the stem, somewhere in its middle."""
    _, top, _, bottom = box
    height = bottom - top
    row = int(np.clip(round(top + random.uniform(0.4, 0.64) * height), top, bottom - 1))
    columns = np.flatnonzero(ink[row])
    x = float(columns.mean()) if columns.size else ink.shape[1] / 2
    x += random.normal(0, 0.04) * height
    half, rise = random.uniform(0.15, 0.34) * height, random.normal(0.03, 0.05) * height
    return [[(x - half, row + 0.5 + rise), (x + half, row + 0.5 - rise)]]


_HABITS: dict[int, Habit] = {0: _slash, 1: _upstroke, 7: _bar}


def _middle(ink: np.ndarray, row: int) -> Point:
    """The middle of the ink in one of its rows."""
    return float(np.flatnonzero(ink[row]).mean()) + 0.5, float(row) + 0.5
