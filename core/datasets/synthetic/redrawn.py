"""Digits as a canvas would give them: the rejection threshold for people's drawings is set on images that look like drawings.

Each digit's outline is slanted, turned and stretched at random, drawn thicker or thinner, and read from a canvas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from core.constants import SIDE_PX
from core.datasets import synthetic
from core.datasets.synthetic.freehand import rewritten
from core.datasets.synthetic.non_digits import non_digits, whole
from core.datasets.validation import validation_part
from core.drawing.strokes import widened
from core.errors import DatasetMissing
from core.recipe import Recipe, ValidationKey
from core.system import files

_CANVAS_PX = 112
_THICKER_PX = (-2.5, 5)  # on each side; a pen of 10 px is usual
_LEAST_INK = 50  # pixels; a digit with less is not thinned
_NUM_FITTED, _NUM_HELD_OUT, _NUM_VALIDATION = (3000, 3000), (600, 600), 600  # digits, non-digits; digits of the run's own
_VERSION = 2  # of how they are drawn; files of an older version are made anew


@dataclass(frozen=True, eq=False)
class Drawings:
    """`digits` (m, 28, 28) float32 in [0, 1] with their `labels` (m,), and `others` (n, 28, 28), which are no digits."""

    digits: np.ndarray
    labels: np.ndarray
    others: np.ndarray


def redrawn(images: np.ndarray, seed: int) -> np.ndarray:
    """`images` (n, 28, 28) uint8 as (n, 28, 28) float32 in [0, 1], each in another handwriting with another pen."""
    random = np.random.default_rng([seed, 0x4E])
    return np.stack([_redrawn(image, random) for image in images]) if len(images) else images.astype(np.float32)


def to_fit_on(folder: Path) -> Drawings:
    """3,000 synthetic digits and as many non-digits: always the same ones, made once (some 15 seconds) and kept in `folder`.

    None of the run's own images: with 1,200 of them no fewer pen digits were rejected (bench/rejection.py).
    """
    return _drawn(folder, "fitted", _NUM_FITTED, 1)


def held_out(recipe: Recipe, folder: Path) -> Drawings:
    """Other ones, and 600 of the run's validation images, redrawn, where its data set is at hand. Raises DataError."""
    drawn = _drawn(folder, "held-out", _NUM_HELD_OUT, 2)
    try:
        own, labels = _validation(recipe.validation_key)
    except DatasetMissing:  # the starter network's is, until MNIST is fetched
        return drawn
    return Drawings(np.concatenate([drawn.digits, own]), np.concatenate([drawn.labels, labels]), drawn.others)


@lru_cache(maxsize=4)
def _validation(key: ValidationKey) -> tuple[np.ndarray, np.ndarray]:
    part = validation_part(Recipe(**key._asdict()))
    return redrawn(part.images[:_NUM_VALIDATION], 3), part.labels[:_NUM_VALIDATION]


_SHAPES: dict[str, files.Shape] = {"digits": (None, SIDE_PX, SIDE_PX), "labels": (None,), "others": (None, SIDE_PX, SIDE_PX)}


@lru_cache(maxsize=4)
def _drawn(folder: Path, name: str, nums: tuple[int, int], seed: int) -> Drawings:
    path = folder / f"drawings-{name}-{_VERSION}.npz"
    try:
        kept = files.load_arrays(path, "digits", "labels", "others", shapes=_SHAPES)
    except (FileNotFoundError, files.DamagedFile):
        images, labels = synthetic.drawn(nums[0], 40_000 + seed)  # far from the seeds that recipes have
        pictures = {"digits": redrawn(images, seed), "others": non_digits(nums[1], seed).images}
        kept = {name: np.round(pixels * 255).astype(np.uint8) for name, pixels in pictures.items()} | {"labels": labels}
        files.save_arrays(path, **kept)
    return Drawings(kept["digits"].astype(np.float32) / 255, kept["labels"], kept["others"].astype(np.float32) / 255)


def _redrawn(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    canvas = Image.fromarray(image).resize((_CANVAS_PX, _CANVAS_PX), Image.Resampling.BICUBIC)
    inside = rewritten(canvas, random) > 127
    by_px = random.uniform(*_THICKER_PX)
    # Rims are hard: growing, a pixel is ink only if its middle lies within `by_px` of an ink pixel's middle.
    made = widened(inside, by_px - 1 if by_px > 0 else by_px) > 0
    if made.sum() < _LEAST_INK:
        made = inside if inside.any() else np.ones_like(inside)
    return whole(np.pad(made, 2).astype(np.uint8) * 255)
