"""Pictures that are nearly the same: shifted by some pixels, re-encoded, a little brighter. Pure functions of images; any thread.

Each image is laid with its centre of ink in the middle, freed of its mean and its length, and compared with all others: the
cosine of two pictures is 1 where they differ by place and contrast alone. All pairs of 70,000 images are 2.4 billion: the first
principal components leave out those that cannot be alike, and only the rest are compared pixel by pixel. Nothing above the
threshold is lost by that, because leaving components out never makes two images more distant than they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.constants import SIDE_PX

# Chosen on MNIST's training images: of 60,000, 9 have so near a neighbour, all of them ones; at 0.9925 it is 45. Of copies as
# JPEG of quality 75 all are nearer, of those with a fifth more contrast 96 %. bench/data_report.py measures more.
ALIKE = 0.994
_FAINT = 0.25  # of the darkest ink; with less a JPEG's noise, with more the clipping of bright strokes moves the centre
_NUM_COMPONENTS = 64
_NUM_SAMPLED = 5000  # images that the components are computed from
_BLOCK, _COLUMNS = 1024, 8192  # images compared at a time: 34 MB of cosines
_LAID = 2000  # images laid in the middle at a time
_MOST_COMPARED = 4  # candidates of an image in a block that are compared pixel by pixel: the most alike by the components
_MIDDLE_PX = (SIDE_PX - 1) / 2

Check = Callable[[float], None]  # takes the share that is done, 0 to 1; may wait, and may raise to end the work


def expected_s(num_images: int) -> float:
    """About how many seconds `within` takes on two cores."""
    return 25e-6 * num_images + 2.5e-9 * num_images**2


def within(images: np.ndarray, check: Check, *, alike: float = ALIKE) -> np.ndarray:
    """(k, 2) pairs of rows of `images` (n, 28, 28) uint8, ascending: an image and the earlier one that it is most like, where
    their cosine is at least `alike`. Blank images are like none. Exact copies should be left out by the caller.
    """
    known = _Known(images, lambda share: check(share / 4))
    return _nearest(known, known, alike, lambda share: check(0.25 + 0.75 * share), earlier=True)


def between(images: np.ndarray, others: np.ndarray, check: Check, *, alike: float = ALIKE) -> np.ndarray:
    """(k, 2) pairs: a row of `images`, ascending, and the row of `others` that it is most like, where they are alike."""
    known = _Known(others, lambda share: check(share / 4))
    asked = _Known(images, lambda share: check(0.25 + share / 4), basis=known.basis)
    return _nearest(asked, known, alike, lambda share: check(0.5 + share / 2), earlier=False)


def laid(images: np.ndarray) -> np.ndarray:
    """(n, 784) float32 of (n, 28, 28) images: the centre of ink in the middle, mean 0, length 1; all 0 where an image is blank.

    Between pixels it is interpolated, so that a centre that moved by a hair moves the picture by a hair.
    """
    values = images.astype(np.float32)
    paper, full = values.min(axis=(1, 2), keepdims=True), values.max(axis=(1, 2), keepdims=True)
    ink = values - paper
    strong = np.maximum(ink - _FAINT * (full - paper), 0)  # noise over the whole picture would pull the centre to its middle
    total = np.maximum(strong.sum(axis=(1, 2)), 1e-6)
    places = np.arange(SIDE_PX, dtype=np.float32)
    down, down_part = _whole_and_part((strong.sum(axis=2) @ places) / total - _MIDDLE_PX)
    right, right_part = _whole_and_part((strong.sum(axis=1) @ places) / total - _MIDDLE_PX)
    margin = SIDE_PX // 2
    wide = np.pad(ink, ((0, 0), (margin, margin), (margin, margin)))
    taken = np.arange(SIDE_PX + 1) + margin
    rows, columns = taken + down[:, None], taken + right[:, None]
    moved = wide[np.arange(len(ink))[:, None, None], rows[:, :, None], columns[:, None, :]]
    moved = moved[:, :-1] * (1 - down_part) + moved[:, 1:] * down_part
    flat = (moved[:, :, :-1] * (1 - right_part) + moved[:, :, 1:] * right_part).reshape(len(ink), -1)
    flat -= flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1, flat / np.maximum(length, 1), 0), np.float32)


def _whole_and_part(shift_px: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    whole = np.clip(np.floor(shift_px), -SIDE_PX // 2, SIDE_PX // 2 - 1)
    return whole.astype(int), (shift_px - whole).astype(np.float32)[:, None, None]


class _Known:
    """Images by their principal components and the length of what these leave out: `parts` (n, d + 1) float32. The product of two
    rows is their cosine or more (Cauchy and Schwarz). To be compared pixel by pixel, images are laid anew: that takes less
    memory than to keep them.
    """

    def __init__(self, images: np.ndarray, check: Check, basis: np.ndarray | None = None) -> None:
        self.images = images
        self.basis = _basis(images) if basis is None else basis
        self.parts = np.empty((len(images), self.basis.shape[1] + 1), np.float32)
        for start in range(0, len(images), _LAID):
            check(start / len(images))
            part = slice(start, start + _LAID)
            whole = laid(images[part])
            kept = whole @ self.basis
            left_out = (whole**2).sum(axis=1) - (kept**2).sum(axis=1)
            self.parts[part] = np.column_stack([kept, np.sqrt(np.maximum(left_out, 0))])


def _basis(images: np.ndarray) -> np.ndarray:
    """(784, d) float32: the directions in which laid images are longest."""
    rows = np.random.default_rng(0).permutation(len(images))[:_NUM_SAMPLED]
    sample = laid(images[rows])
    vectors = np.linalg.eigh(sample.T @ sample)[1]
    return np.ascontiguousarray(vectors[:, ::-1][:, :_NUM_COMPONENTS])


def _nearest(asked: _Known, known: _Known, alike: float, check: Check, *, earlier: bool) -> np.ndarray:
    """(k, 2) rows of `asked`, ascending, and of the most alike image of `known`; with `earlier`, of those with a smaller row."""
    num_asked = len(asked.parts)
    best, partner = np.full(num_asked, alike, np.float32), np.full(num_asked, -1)
    for start in range(0, num_asked, _BLOCK):
        stop = min(start + _BLOCK, num_asked)
        check((start / num_asked) ** 2 if earlier else start / num_asked)  # a later image has more before it
        end = stop if earlier else len(known.parts)
        for first in range(0, end, _COLUMNS):
            bound = asked.parts[start:stop] @ known.parts[first : min(first + _COLUMNS, end)].T
            rows, columns = np.nonzero(bound >= alike)
            if earlier:
                before = first + columns < start + rows
                rows, columns = rows[before], columns[before]
            rows, columns = _most_alike(rows, columns, bound[rows, columns])
            cosines = _cosines(asked.images[start + rows], known.images[first + columns])
            order = np.argsort(cosines, kind="stable")  # the best comes last, and stays
            rows, columns, cosines = start + rows[order], first + columns[order], cosines[order]
            better = cosines >= best[rows]
            best[rows[better]], partner[rows[better]] = cosines[better], columns[better]
    found = np.flatnonzero(partner >= 0)
    return np.column_stack([found, partner[found]])


def _most_alike(rows: np.ndarray, columns: np.ndarray, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row the candidates with the highest bounds: where all images are alike, each would be compared with all."""
    order = np.lexsort((-bounds, rows))
    rows, columns = rows[order], columns[order]
    begin = np.searchsorted(rows, rows)
    kept = np.arange(len(rows)) - begin < _MOST_COMPARED
    return rows[kept], columns[kept]


def _cosines(images: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(k,) cosines of k laid images with k others."""
    parts = [
        (laid(images[start : start + _LAID]) * laid(others[start : start + _LAID])).sum(axis=1)
        for start in range(0, len(images), _LAID)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
