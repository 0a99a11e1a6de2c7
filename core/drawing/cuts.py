"""Where connected ink may be cut into digits: between the strokes of a pen, else at the branches of the ink's middle line.

Digits that touch or cross meet at a place, not along a column. A stroke is part of one digit, and so is the middle line between
two branches: these lines, from left to right, are shared out between the digits. Geometry only. The middle line is
scikit-image's: T. Y. Zhang, C. Y. Suen, "A fast parallel algorithm for thinning digital patterns", CACM 27(3), 1984.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation, convolve, distance_transform_edt, label

_ANY_SIDE = np.ones((3, 3), int)
_SHORTEST = 0.35  # part of a middle line, in widths of the pen: shorter ones come from uneven rims
_MOST_PARTS = 40  # of a middle line; of more, the longest are kept
_SMALLEST = 0.3  # of the height: no digit's longer side is shorter
_INSIDE = 0.08  # of a box's width, from either side: what has its middle further in is no digit beside it
_CUTS = 4  # per height of width: those with the shortest contact
_REACH = 0.55  # of the pen's width, to each side of the middle line: a stroke's own ink


def parts_of(mask: np.ndarray, pen_px: float, height: float, strokes: np.ndarray | None = None) -> list[np.ndarray]:
    """`mask` (h, w), True for connected ink, in parts (h, w) from left to right, which together are all of it.

    Several neighbours may be one digit. Ink where the strokes of two parts cross belongs to both. One part where there is
    nothing to cut. `height` is that of the tallest digit nearby, in px; `strokes` (h, w) has the middle line of each stroke
    under a number of its own, where they are known.
    """
    lines = np.zeros(mask.shape, int) if strokes is None else _in_order(np.where(mask, strokes, 0), 1)
    if lines.max() < 2:
        lines = _middle_lines(np.pad(mask, 1), pen_px)[1:-1, 1:-1]
    count = int(lines.max())
    if count < 2:
        return [mask]
    nearest = _nearest(lines, mask)
    places = _places(nearest, height)
    if not places:
        return [mask]
    part_of_line = np.searchsorted(places, np.arange(count + 1))  # lines up to a place lie left of it
    part_of_pixel, own_line = part_of_line[nearest], lines > 0
    parts = []
    for part in range(len(places) + 1):
        far_px = distance_transform_edt(~(own_line & (part_of_line[lines] == part)))
        parts.append(mask & ((part_of_pixel == part) | (far_px <= _REACH * pen_px)))
    return parts


def _middle_lines(mask: np.ndarray, pen_px: float) -> np.ndarray:
    """(h, w): the parts of the middle line of `mask`, numbered from left to right; 0 elsewhere, at branches, too."""
    from skimage.morphology import skeletonize  # on use: its import takes a fifth of a second

    middle = skeletonize(mask)
    branches = middle & (convolve(middle.astype(int), _ANY_SIDE, mode="constant") > 3)  # itself and two neighbours are three
    parts, _ = label(middle & ~binary_dilation(branches, _ANY_SIDE), _ANY_SIDE)
    return _in_order(parts, max(2, _SHORTEST * pen_px))


def _in_order(lines: np.ndarray, shortest_px: float) -> np.ndarray:
    """`lines` (h, w) renumbered from left to right by their mean column, without those that are shorter than `shortest_px`."""
    lengths = np.bincount(lines.ravel())
    lengths[0] = 0
    long = np.flatnonzero(lengths >= shortest_px)
    long = long[np.argsort(-lengths[long], kind="stable")][:_MOST_PARTS]
    columns = np.bincount(lines.ravel(), np.tile(np.arange(lines.shape[1]), lines.shape[0]))[long] / lengths[long]
    renumbered = np.zeros(len(lengths), int)
    renumbered[long[np.argsort(columns, kind="stable")]] = np.arange(1, len(long) + 1)
    return np.asarray(renumbered[lines])


def _nearest(lines: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(h, w): for each pixel of `mask` the number of the nearest of `lines`; 0 outside."""
    rows, columns = distance_transform_edt(lines == 0, return_distances=False, return_indices=True)
    return np.where(mask, lines[rows, columns], 0)


def _places(nearest: np.ndarray, height: float) -> list[int]:
    """The places for a cut, each the number of the last line to its left: where the contact is shortest and both sides are large
    enough for a digit.
    """
    count = int(nearest.max())
    boxes = np.array([_box(nearest == number) for number in range(1, count + 1)])
    left = np.concatenate([np.minimum.accumulate(boxes[:, :2]), np.maximum.accumulate(boxes[:, 2:])], axis=1)
    right = np.concatenate([np.minimum.accumulate(boxes[::-1, :2]), np.maximum.accumulate(boxes[::-1, 2:])], axis=1)[::-1]
    contact = _contacts(nearest, count)
    found = [number for number in range(1, count) if _are_two(left[number - 1], right[number], height)]
    most = max(1, int(_CUTS * nearest.shape[1] / height))
    return sorted(sorted(found, key=lambda number: contact[number])[:most])


def _are_two(left: np.ndarray, right: np.ndarray, height: float) -> bool:
    """Whether two boxes are large enough for a digit each, and neither lies about the middle of the other, as a slash does."""
    sizes = [max(box[2] - box[0], box[3] - box[1]) for box in (left, right)]
    narrow, wide = sorted((left, right), key=lambda box: int(box[3] - box[1]))
    place = ((narrow[1] + narrow[3]) / 2 - wide[1]) / max(wide[3] - wide[1], 1)
    return min(sizes) >= _SMALLEST * height and not _INSIDE < place < 1 - _INSIDE


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Least row and column, then largest ones; a line that is nearest to no pixel does not occur."""
    rows, columns = np.nonzero(mask)
    return int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max())


def _contacts(nearest: np.ndarray, count: int) -> np.ndarray:
    """(count + 1,): how many neighbouring pixels lie on different sides of the cut behind each line."""
    steps = np.zeros(count + 2, int)
    for one, other in ((nearest[:, :-1], nearest[:, 1:]), (nearest[:-1], nearest[1:])):
        met = (one > 0) & (other > 0) & (one != other)
        np.add.at(steps, np.minimum(one[met], other[met]), 1)
        np.add.at(steps, np.maximum(one[met], other[met]), -1)
    return np.cumsum(steps)[:-1]
