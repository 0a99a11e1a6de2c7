"""Ink on a canvas -> the parts that belong to one digit each, left to right. Geometry only: it knows of no network.

A digit may be made of several connected parts (a five's detached roof, a four of two strokes, a slash beside its zero), and two
digits may touch in one. What belongs together is told by how far parts lie over each other, how tall they are and how near; what
geometry leaves open is handed on as `Lattice` for somebody else to decide. Lengths are shares of the tallest digit's height.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.ndimage import find_objects, label

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two are the first pixels outside

_OVERLAP = 0.5  # parts that share this much of the narrower one's width are one digit: digits stand beside each other
_ABOVE = 0.6  # unless so far apart, one above the other
_PART = 0.5  # what is lower than this is rather a part of a digit than a digit
_NEAR, _NEAR_BAR = 0.08, 0.25  # such a part belongs to the nearest digit within this distance; if it is a mere bar, this
_BAR = 1.6  # a bar is not thicker than so many widths of the pen
_OPEN = 0.15  # a gap between digits up to which ...
_SHORT = 0.85  # ... two of which one is lower than this may still be one: a four whose stem stands apart
_DOT = 1.6  # a speck is not longer than so many widths of the pen ...
_SPECK = 0.35  # ... nor than this
_WIDE = 0.75  # a part wider than this may be two digits that touch
_SLIVER = 0.15  # what is narrower is no digit that was cut off another
_SPAN = 1.6  # no digit is wider
_CUTS = 3.0  # at most for each height of width
_MAX_PARTS = 60  # of a canvas full of specks, the largest


@dataclass(frozen=True)
class Piece:
    """Ink that is not taken apart: the labels of its connected parts, and its box."""

    labels: tuple[int, ...]
    box: Box

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]

    def joined(self, other: Piece) -> Piece:
        (a, b, c, d), (e, f, g, h) = self.box, other.box
        return Piece(self.labels + other.labels, (min(a, e), min(b, f), max(c, g), max(d, h)))


Place = Literal["apart", "open", "closed", "cut"]


@dataclass(frozen=True, eq=False)
class Lattice:
    """`pieces`, left to right, and what is to be said of each place between two of them.

    `apart`: two digits; `open`: more likely two; `closed`: more likely one; `cut`: ink runs through, more likely one.
    """

    ink: np.ndarray
    labels: np.ndarray
    pieces: list[Piece]
    places: list[Place]
    height: int

    def spans(self) -> list[tuple[int, int]]:
        """Every run of pieces, first to last + 1, that could be one digit; each piece by itself is among them."""
        found = []
        for first in range(len(self.pieces)):
            for last in range(first, len(self.pieces)):
                if last > first and (self.places[last - 1] == "apart" or self.whole(first, last + 1).width > _SPAN * self.height):
                    break
                found.append((first, last + 1))
        return found

    def likeliest(self) -> list[tuple[int, int]]:
        """The runs that geometry alone takes for one digit each."""
        ends = [place for place, said in enumerate(self.places, start=1) if said in ("apart", "open")]
        return list(zip([0, *ends], [*ends, len(self.pieces)], strict=True)) if self.pieces else []

    def whole(self, first: int, end: int) -> Piece:
        """Pieces `first` to `end` - 1 as one."""
        whole = self.pieces[first]
        for piece in self.pieces[first + 1 : end]:
            whole = whole.joined(piece)
        return whole

    def cropped(self, piece: Piece) -> np.ndarray:
        """(h, w): the ink of `piece` alone, inside its box."""
        left, top, right, bottom = piece.box
        wanted = np.zeros(int(self.labels.max()) + 1, bool)
        wanted[list(piece.labels)] = True
        inside = np.where(wanted[self.labels[top:bottom, left:right]], self.ink[top:bottom, left:right], 0)
        return np.asarray(inside, np.float32)


def segmented(ink: np.ndarray, *, cut: bool = False) -> Lattice:
    """The digits in `ink` (h, w) in [0, 1], 0 paper. With `cut`, parts wide enough for two digits are in pieces, too."""
    mask = ink > 0
    labels, count = label(mask, np.ones((3, 3)))
    if not count:
        return Lattice(ink, labels, [], [], 0)
    pen_px = _pen_px(mask)
    pieces = _without_specks(_stacked(_parts(labels, count)), pen_px)
    height = max(piece.height for piece in pieces)
    places = _places(pieces, height, pen_px)
    if cut:
        pieces, places = _cut(labels, pieces, places, height, pen_px)
    return Lattice(ink, labels, pieces, places, height)


def _parts(labels: np.ndarray, count: int) -> list[Piece]:
    """The connected parts, in no order; of very many the largest."""
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
    """The mean width of the strokes: of a long bar, twice its area by its outline, whose length is Crofton's formula's."""
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


def _places(pieces: list[Piece], height: int, pen_px: float) -> list[Place]:
    """What is to be said of each place between two pieces. Low parts go to the nearer of their neighbours."""
    places: list[Place] = ["open" if _open(*pair, height) else "apart" for pair in zip(pieces, pieces[1:], strict=False)]
    for number, piece in enumerate(pieces):
        if piece.height >= _PART * height:
            continue
        near = [
            (_distance(piece, pieces[other]), min(number, other))
            for other in (number - 1, number + 1)
            if 0 <= other < len(pieces) and piece.joined(pieces[other]).width <= _SPAN * height
        ]
        bar = min(piece.width, piece.height) <= _BAR * pen_px
        if near and min(near)[0] <= (_NEAR_BAR if bar else _NEAR) * height:
            places[min(near)[1]] = "closed"
    return places


def _open(one: Piece, other: Piece, height: int) -> bool:
    return _gap(one, other, 0) <= _OPEN * height and min(one.height, other.height) < _SHORT * height


def _cut(
    labels: np.ndarray, pieces: list[Piece], places: list[Place], height: int, pen_px: float
) -> tuple[list[Piece], list[Place]]:
    """Wide pieces cut where their ink is thinnest, and what is to be said of the places then. Changes `labels`."""
    result: list[Piece] = []
    said: list[Place] = []
    fresh = int(labels.max()) + 1
    for number, piece in enumerate(pieces):
        columns = _thinnest(labels, piece, height, pen_px) if piece.width > _WIDE * height else []
        if result:
            said.append(places[number - 1])
        if not columns:
            result.append(piece)
            continue
        left, top, right, bottom = piece.box
        inside = np.isin(labels[top:bottom, left:right], piece.labels)
        for start, end in zip([0, *columns], [*columns, right - left], strict=True):
            own = inside[:, start:end]
            rows = np.flatnonzero(own.any(axis=1))
            labels[top:bottom, left + start : left + end][own] = fresh
            result.append(Piece((fresh,), (left + start, top + int(rows[0]), left + end, top + int(rows[-1]) + 1)))
            fresh += 1
        said += ["cut"] * len(columns)
    return result, said


def _thinnest(labels: np.ndarray, piece: Piece, height: int, pen_px: float) -> list[int]:
    """The columns, counted from the piece's left, where a cut goes through the least ink: minima of the projection."""
    left, top, right, bottom = piece.box
    profile = np.isin(labels[top:bottom, left:right], piece.labels).sum(axis=0).astype(float)
    reach = max(1, round(pen_px / 2))
    smooth = np.convolve(np.pad(profile, reach, mode="edge"), np.full(2 * reach + 1, 1 / (2 * reach + 1)), mode="valid")
    margin = max(round(_SLIVER * height), 1)
    places: list[int] = []
    for place in np.argsort(smooth, kind="stable"):
        if len(places) >= _CUTS * piece.width / height or smooth[place] > 3 * pen_px:
            break
        near = smooth[max(place - margin, 0) : place + margin + 1]
        inside = margin <= place <= len(profile) - margin
        if inside and smooth[place] <= near.min() + 1e-9 and all(abs(place - other) >= margin for other in places):
            places.append(int(place))
    return sorted(places)
