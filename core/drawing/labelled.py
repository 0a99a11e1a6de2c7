"""One person's labelled drawings as arrays, and their split into a training half and a held-out half. Any thread may call.

Knows nothing of TensorFlow or the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

# What a drawing is kept as: the digit it is, or one of the two. These are never a digit to learn from or to be scored on.
NOT_A_DIGIT, NOT_MINE = "non-digit", "not-mine"
Label: TypeAlias = int | str
MIN_DRAWINGS = 20  # fewer tell little: 19 of 20 right is an interval from 76 to 99 %


@dataclass(frozen=True, eq=False)
class Hand:
    """Labelled drawings, oldest first: `images` (n, 28, 28) uint8, ink 255; `digits` (n,) uint8, the true ones; `digests` name
    each image by its content.
    """

    images: np.ndarray
    digits: np.ndarray
    digests: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.digits)

    def part(self, rows: np.ndarray) -> Hand:
        """The drawings of those `rows` (k,), in their order."""
        return Hand(self.images[rows], self.digits[rows], tuple(self.digests[row] for row in rows))

    def without(self, digests: Collection[str]) -> Hand:
        """All but the drawings of those digests."""
        return self.part(np.flatnonzero([each not in digests for each in self.digests]))


def levels(image: np.ndarray) -> np.ndarray:
    """`image`, uint8 or floats in [0, 1], as uint8."""
    return image if image.dtype == np.uint8 else np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)


def digest_of(image: np.ndarray) -> str:
    """A name for an image that is the same for the same pixels."""
    return hashlib.sha256(levels(image).tobytes()).hexdigest()[:32]


def halves(hand: Hand, seed: int) -> tuple[Hand, Hand]:
    """(to learn from, held out): each digit's drawings dealt out in turn, in an order that depends on `seed` alone, so that the
    two differ by one drawing of a digit at most.
    """
    order = np.lexsort((np.random.default_rng(seed).random(len(hand)), hand.digits))
    return hand.part(order[::2]), hand.part(order[1::2])
