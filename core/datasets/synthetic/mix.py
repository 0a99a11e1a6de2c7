"""Which synthetic digits join the real images of a training part, and how many of each kind."""

from __future__ import annotations

import numpy as np

from core.datasets.synthetic.digits import drawn
from core.datasets.synthetic.habits import added
from core.datasets.synthetic.pens import thickened

# Shares of what joins: real images with an added stroke; any images with a thicker pen; the rest is drawn from styles.
_HABITS_SHARE, _THICK_SHARE = 0.3, 0.35


def extra_digits(
    images: np.ndarray, labels: np.ndarray, count: int, seed: int, *, rewritten: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """`count` images (n, 28, 28) uint8 and labels (n,) uint8, to join the real `images` (m, 28, 28) with `labels` (m,). Without
    `rewritten`, all are drawn from styles and none is a changed real image.
    """
    if not rewritten:
        return drawn(count, seed)
    with_strokes = added(images, labels, round(_HABITS_SHARE * count), seed)
    num_thick = round(_THICK_SHARE * count)
    plain = drawn(count - num_thick - len(with_strokes[1]), seed)
    thin = [np.concatenate(each) for each in zip((images, labels), with_strokes, plain, strict=True)]
    thick = thickened(thin[0], thin[1], num_thick, seed)
    return np.concatenate([with_strokes[0], thick[0], plain[0]]), np.concatenate([with_strokes[1], thick[1], plain[1]])
