"""Ink on a canvas -> the parts that belong to one digit each, left to right. Geometry only: it knows of no network.

A digit may be made of several connected parts (a five's detached roof, a four of two strokes, a slash beside its zero), and two
digits may touch in one. Overlap, height and distance decide what belongs together. What they leave open is returned as a
`Lattice` for the caller to decide. A canvas of 672 x 336 px takes some milliseconds. Lengths are shares of
the tallest digit's height, chosen on numbers composed of MNIST's training images and of synthetic digits: of 400 with gaps of
10 to 40 px, 397 came out with the right count of digits.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.ndimage import find_objects, label

from core.drawing.cuts import parts_of
from core.drawing.lattice import WIDEST, Box, Junction, Lattice, Piece, box_of

_OVERLAP = 0.5  # parts that share this much of the narrower one's width are one digit
_ABOVE = 0.6  # unless so far apart, one above the other
_PART = 0.5  # anything lower is more likely a part of a digit
_NEAR, _NEAR_BAR = 0.08, 0.25  # a low part joins the nearest digit within the first distance, a bar within the second
_BAR = 1.6  # thickest bar, in widths of the pen
_HIGH = 0.7  # a part lower than this share of its neighbour, and wholly above its middle, is no digit
_OPEN = 0.15  # widest gap that may still lie inside one digit: a four whose stem stands apart,
_SHORT = 0.85  # and only where one of the two parts is lower than this
_DOT = 1.6  # longest speck, in widths of the pen
_SPECK = 0.35  # longest speck, as a share of the height
_WIDE, _WIDE_STROKES = 0.75, 0.5  # a part wider than this may be two digits that touch; of several strokes, than this
_MAX_PARTS = 60  # of more, the largest are kept


def segmented(ink: np.ndarray, *, cut: bool = False, strokes: np.ndarray | None = None) -> Lattice:
    """The digits in `ink` (h, w) in [0, 1], 0 paper. With `cut`, parts wide enough for two digits are in pieces, too: of several
    `strokes` (h, w), as `pen_paths.numbered` gives them, each stroke may be one.
    """
    mask = ink > 0
    labels, count = label(mask, np.ones((3, 3)))
    if not count:
        return Lattice(ink, labels, [], [], 0)
    pen_px = _pen_px(mask)
    pieces = _without_specks(_stacked(_parts(labels, count)), pen_px)
    height = max(piece.height for piece in pieces)
    junctions = _junctions(pieces, height, pen_px)
    if cut:
        pieces, junctions = _cut(labels, pieces, junctions, height, pen_px, strokes)
    return Lattice(ink, labels, pieces, junctions, height)


def _parts(labels: np.ndarray, count: int) -> list[Piece]:
    """The connected parts in no particular order, the largest if there are too many."""
    largest = np.arange(count)
    if count > _MAX_PARTS:
        largest = np.argsort(np.bincount(labels.ravel())[1:])[-_MAX_PARTS:]
    slices = find_objects(labels)
    return [Piece((int(number) + 1,), _box(slices[number])) for number in largest]


def _box(place: tuple[slice, slice]) -> Box:
    rows, columns = place
    return columns.start, rows.start, columns.stop, rows.stop


def _middle(piece: Piece) -> float:
    return (piece.box[0] + piece.box[2]) / 2


def _pen_px(mask: np.ndarray) -> float:
    """The mean width of the strokes: twice the ink's area over the length of its outline, which is exact for a long bar.

    The outline is Crofton's formula in two directions. `skimage.measure.perimeter_crofton(mask, 2)` gives the same number but
    takes 2.7 ms instead of .2, more than all the rest of a segmentation. `strokes.width_px` would need a distance transform
    of the whole canvas.
    """
    padded = np.pad(mask, 1)
    edges = np.count_nonzero(padded[1:] != padded[:-1]) + np.count_nonzero(padded[:, 1:] != padded[:, :-1])
    return 2 * np.count_nonzero(mask) / (edges * math.pi / 4)


def _stacked(parts: list[Piece]) -> list[Piece]:
    """Parts that lie above one another, or inside, joined."""
    pieces: list[Piece] = []
    tallest = max(part.height for part in parts)
    for part in sorted(parts, key=lambda part: part.width * part.height, reverse=True):
        met = True
        while met:  # joined, it may reach another
            met = False
            for other in pieces:
                if _overlap(part, other) >= _OVERLAP and _gap(part, other, axis=1) <= _ABOVE * tallest:
                    pieces.remove(other)
                    part, met = part.joined(other), True
                    break
        pieces.append(part)
    return sorted(pieces, key=_middle)


def _overlap(one: Piece, other: Piece) -> float:
    """The share of the narrower one's columns that the other has, too."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return max(shared, 0) / min(one.width, other.width)


def _gap(one: Piece, other: Piece, axis: int) -> int:
    """Pixels between the boxes, sideways (axis 0) or up and down (axis 1)."""
    return max(one.box[axis], other.box[axis]) - min(one.box[axis + 2], other.box[axis + 2])


def _distance(one: Piece, other: Piece) -> float:
    return math.hypot(max(_gap(one, other, 0), 0), max(_gap(one, other, 1), 0))


def _without_specks(pieces: list[Piece], pen_px: float) -> list[Piece]:
    """All but dots beside something far larger."""
    longest = max(max(piece.width, piece.height) for piece in pieces)
    most = min(_DOT * pen_px, _SPECK * longest)
    return [piece for piece in pieces if max(piece.width, piece.height) > most]


def _junctions(pieces: list[Piece], height: int, pen_px: float) -> list[Junction]:
    """The junction between each two neighbours. Low parts and roofs join the nearer of their neighbours."""
    junctions: list[Junction] = ["open" if _open(*pair, height) else "apart" for pair in zip(pieces, pieces[1:], strict=False)]
    for number, piece in enumerate(pieces):
        beside = [
            (_distance(piece, pieces[other]), min(number, other), pieces[other])
            for other in (number - 1, number + 1)
            if 0 <= other < len(pieces) and piece.joined(pieces[other]).width <= WIDEST * height
        ]
        if not beside:
            continue
        distance, place, nearest = min(beside, key=lambda each: each[:2])
        roof = _is_roof(piece, nearest)
        bar = min(piece.width, piece.height) <= _BAR * pen_px
        if roof or piece.height < _PART * height:
            limit = _NEAR_BAR * piece.joined(nearest).height if roof else (_NEAR_BAR if bar else _NEAR) * height
            if distance <= limit:
                junctions[place] = "closed"
    return junctions


def _is_roof(piece: Piece, other: Piece) -> bool:
    """Whether `piece` hangs above the middle of `other` and is lower: a five's roof, whatever its slant."""
    return piece.box[3] <= (other.box[1] + other.box[3]) / 2 and piece.height < _HIGH * other.height


def _open(one: Piece, other: Piece, height: int) -> bool:
    return _gap(one, other, 0) <= _OPEN * height and min(one.height, other.height) < _SHORT * height


def _cut(
    labels: np.ndarray,
    pieces: list[Piece],
    junctions: list[Junction],
    height: int,
    pen_px: float,
    strokes: np.ndarray | None,
) -> tuple[list[Piece], list[Junction]]:
    """The pieces, wide ones cut, and their junctions. Changes `labels`: ink that belongs to two parts gets a label of its own."""
    result: list[Piece] = []
    found: list[Junction] = []
    fresh = int(labels.max()) + 1
    for number, piece in enumerate(pieces):
        if result:
            found.append(junctions[number - 1])
        left, top, right, bottom = piece.box
        inside = labels[top:bottom, left:right]
        own = np.isin(inside, piece.labels)
        drawn = None if strokes is None else strokes[top:bottom, left:right]
        wide = _WIDE if strokes is None else _WIDE_STROKES
        parts = parts_of(own, pen_px, height, drawn) if piece.width > wide * height else [own]
        if len(parts) == 1:
            result.append(piece)
            continue
        shared, inverse = np.unique(np.stack(parts, axis=-1)[own], axis=0, return_inverse=True)
        inside[own] = fresh + inverse.ravel()
        for part, belongs in zip(parts, shared.T, strict=True):
            x, y, end_x, end_y = box_of(part) or (0, 0, 0, 0)
            names = tuple((fresh + np.flatnonzero(belongs)).tolist())
            result.append(Piece(names, (left + x, top + y, left + end_x, top + end_y)))
        fresh += len(shared)
        found += ["cut"] * (len(parts) - 1)
    return result, found
