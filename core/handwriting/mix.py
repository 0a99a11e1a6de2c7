"""Which more hands join the real images of a training part, and how many of each kind."""

from __future__ import annotations

import numpy as np

from core.handwriting.drawing import drawn
from core.handwriting.habits import added

HABITS_SHARE = 0.25  # of what joins: real images with a stroke more; the rest is drawn


def more_hands(
    images: np.ndarray, labels: np.ndarray, count: int, seed: int, *, habits_share: float = HABITS_SHARE
) -> tuple[np.ndarray, np.ndarray]:
    """`count` images (n, 28, 28) uint8 and labels (n,) uint8, to join the real `images` (m, 28, 28) with `labels` (m,)."""
    habit_images, habit_labels = added(images, labels, round(habits_share * count), seed)
    drawn_images, drawn_labels = drawn(count - len(habit_labels), seed)
    return np.concatenate([habit_images, drawn_images]), np.concatenate([habit_labels, drawn_labels])
