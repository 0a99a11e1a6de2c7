"""How wide a pen's strokes are, and the same strokes under a wider or narrower pen.

Any thread may call this. Knows nothing of digits, canvases or data sets.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt


def width_px(depths_px: np.ndarray) -> float:
    """The mean width of strokes, from each ink pixel's distance to the nearest paper pixel, middle to middle.

    In a long bar these distances run evenly from 0 to half its width, so the width is four times their mean.
    """
    return float(4 * (depths_px.mean() - 0.5))


def widened(mask: np.ndarray, by_px: float | np.ndarray) -> np.ndarray:
    """`mask` (h, w), True for ink, as ink in [0, 1] whose outline lies `by_px` further out; further in where that is negative.

    (h, w) float64 for a number, (n, h, w) for an array (n,). A pixel that the new outline crosses is partly inked.
    """
    steps_px = np.asarray(by_px, float)[..., None, None]
    outwards = steps_px >= 0
    reach_px = np.zeros(())
    if outwards.any():  # each transform takes most of the time: only those that are needed
        reach_px = steps_px + 1 - distance_transform_edt(~mask)
    if not outwards.all():
        reach_px = np.where(outwards, reach_px, steps_px + distance_transform_edt(mask))
    return np.asarray(np.clip(reach_px, 0, 1))
