"""The pieces of ink on a canvas, left to right, and which runs of them could be one digit.

Lengths are shares of the tallest digit's height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two are the first pixels outside
Junction = Literal["apart", "open", "closed", "cut"]

WIDEST = 1.6  # no digit is wider


def box_of(mask: np.ndarray) -> Box | None:
    """The bounding box of the True pixels of `mask` (h, w); None without any."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@dataclass(frozen=True)
class Piece:
    """Ink that belongs together: the labels of its connected parts, and its box."""

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


@dataclass(frozen=True, eq=False)
class Lattice:
    """`pieces`, left to right, and a junction between each two neighbours.

    A junction is `apart` (two digits), `open` (more likely two), `closed` (more likely one) or `cut` (connected ink, more likely
    one).
    """

    ink: np.ndarray
    labels: np.ndarray
    pieces: list[Piece]
    junctions: list[Junction]
    height: int

    def spans(self) -> list[tuple[int, int]]:
        """Every run of pieces, first to last + 1, that could be one digit; each piece by itself is among them."""
        found = []
        for first in range(len(self.pieces)):
            found.append((first, first + 1))
            for end in range(first + 2, len(self.pieces) + 1):
                if self.junctions[end - 2] == "apart" or self.whole(first, end).width > WIDEST * self.height:
                    break
                found.append((first, end))
        return found

    def likeliest(self) -> list[tuple[int, int]]:
        """The runs that geometry alone takes for one digit each."""
        ends = [place for place, junction in enumerate(self.junctions, start=1) if junction in ("apart", "open")]
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
