"""Which more hands join the real images of a training part, and how many of each kind."""

from __future__ import annotations

import numpy as np

from core.handwriting.drawing import drawn
from core.handwriting.habits import added
from core.handwriting.pens import thickened

# Of what joins: real images with a stroke more, and with a thicker pen; the rest is drawn.
_HABITS_SHARE, _THICK_SHARE = 0.25, 0.35


def more_hands(
    images: np.ndarray, labels: np.ndarray, count: int, seed: int, *, rewritten: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """`count` images (n, 28, 28) uint8 and labels (n,) uint8, to join the real `images` (m, 28, 28) with `labels` (m,). Without
    `rewritten`, none of them is a real one by another hand: all are drawn.
    """
    shares = (_HABITS_SHARE, _THICK_SHARE) if rewritten else (0.0, 0.0)
    kinds = [make(images, labels, round(share * count), seed) for make, share in zip((added, thickened), shares, strict=True)]
    kinds.append(drawn(count - sum(len(each) for _, each in kinds), seed))
    return np.concatenate([each for each, _ in kinds]), np.concatenate([each for _, each in kinds])
