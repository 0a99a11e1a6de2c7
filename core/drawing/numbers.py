"""Several digits on one canvas, read as one number with the help of a classifier of single digits.

Geometry says what surely belongs together (`core.drawing.segmentation`); where it leaves a choice (digits that touch, a four in
two parts), the answers decide: over-segmentation with recognition (Y. LeCun et al., "Gradient-based learning applied to document
recognition", Proc. IEEE 86(11), 1998, section VI). Any thread may call this. Knows of no network: `answer` is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.drawing import preprocessing
from core.drawing.lattice import Lattice
from core.drawing.pen_paths import Stroke, numbered
from core.drawing.segmentation import segmented

# Penalties, in nats, for readings that contradict the geometry. Chosen among 40 settings on 500 pairs whose boxes overlap, 1,500
# single digits and 250 numbers, each of synthetic digits and of MNIST's training images enlarged. Whole numbers right given each
# digit right alone: pairs 82 and 85 % (with a penalty of .6 for each cut 66 and 77 %), single digits 100 and 99.3 %, as without
# any cut. Synthetic pairs with their strokes: 95 %.
_JOINED_OPEN = 1.2  # one digit across an open place
_WIDE, _TOO_WIDE = 0.9, 1.0  # one digit across cuts, for each of its heights by which it is wider than the first
_LOW, _TOO_LOW = 0.75, 1.5  # a digit beside a cut, for each height of the tallest by which it is lower than the first
_MIN_PROBABILITY = 1e-6
_MAX_CANDIDATES = 60  # candidates; a canvas scribbled full has more, and each takes a millisecond

Answer = Callable[[np.ndarray], np.ndarray]  # (n, 28, 28) float32 in [0, 1] -> (n, 10) probabilities


@dataclass(frozen=True, eq=False)
class Number:
    """The digits found, left to right, with `probabilities` (n, 10); `chosen` (n,) are their rows among the candidates.

    Of several lines `lines` says how many digits each has, from top to bottom; it is empty for one.
    """

    glyphs: list[preprocessing.Glyph]
    probabilities: np.ndarray
    chosen: Sequence[int] = ()
    lines: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The likeliest digits: "2026"; empty where nothing is drawn."""
        return "".join(map(str, self.probabilities.argmax(axis=1)))

    def by_line(self, signs: Sequence[str]) -> list[str]:
        """One text for each line, of one sign for each digit."""
        ends = np.cumsum(self.lines or (len(signs),)).tolist()
        return ["".join(signs[end - count : end]) for end, count in zip(ends, self.lines or (len(signs),), strict=True)]

    @property
    def certainties(self) -> np.ndarray:
        """(n,) the probability of each most likely digit."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def doubtful(self) -> int:
        """Index of the least certain digit."""
        return int(self.certainties.argmin())

    @property
    def certainty(self) -> float:
        """The probability that all digits are right, assuming independence."""
        return float(self.certainties.prod())


def read_number(image: np.ndarray, answer: Answer, strokes: Sequence[Stroke] = ()) -> Number:
    """The number on `image`, a canvas as `preprocessing.read_canvas` takes it. Asks `answer` once, for all candidates together.

    With the `strokes` that it was drawn in, digits that overlap are told apart by them. A blank canvas has no glyphs, and
    `answer` is not called. Raises DrawingError.
    """
    ink = preprocessing.ink_of(image)
    lattice = segmented(ink, cut=True, strokes=numbered(strokes, ink.shape) if strokes else None)
    spans = lattice.spans()
    if len(spans) > _MAX_CANDIDATES:
        spans = lattice.likeliest()
    if not spans:
        return Number([], np.zeros((0, NUM_CLASSES), np.float32))
    glyphs = [preprocessing.glyph(lattice, *span) for span in spans]
    probabilities = answer(np.stack([glyph.image for glyph in glyphs]).reshape(-1, SIDE_PX, SIDE_PX))
    chosen = _best(lattice, spans, probabilities.max(axis=1))
    return Number([glyphs[place] for place in chosen], probabilities[chosen], chosen)


def joined(lines: Sequence[Number]) -> Number:
    """The numbers of several lines, from top to bottom, as one."""
    if len(lines) == 1:
        return lines[0]
    glyphs = [glyph for line in lines for glyph in line.glyphs]
    return Number(glyphs, np.concatenate([line.probabilities for line in lines]), lines=tuple(len(line.glyphs) for line in lines))


def several(image: np.ndarray, answer: Answer, certainty: float, strokes: Sequence[Stroke] = ()) -> Number | None:
    """The number on a canvas meant for one digit, which as one digit is read with `certainty`; None where it is rather one.

    It is a number where its pieces lie apart and its digits, in the geometric mean, are read with more certainty than the whole.
    """
    if len(preprocessing.read_canvas(image)) < 2:
        return None
    number = read_number(image, answer, strokes)
    count = len(number.glyphs)
    return number if count > 1 and number.certainty ** (1 / count) > certainty else None


def _best(lattice: Lattice, spans: list[tuple[int, int]], certainties: np.ndarray) -> list[int]:
    """Which of `spans`, end to end, cover all pieces with the highest sum of logarithms, by dynamic programming."""
    scores = np.log(np.maximum(certainties, _MIN_PROBABILITY))
    best: list[tuple[float, list[int]]] = [(0.0, []), *[(-np.inf, [])] * len(lattice.pieces)]
    for place, (first, end) in enumerate(spans):  # in the order of `first`: what ends there is final
        so_far, path = best[first]
        score = so_far + scores[place] - _cost(lattice, first, end)
        if score > best[end][0]:
            best[end] = (score, [*path, place])
    return best[-1][1]


def _cost(lattice: Lattice, first: int, end: int) -> float:
    """What a digit of the pieces `first` to `end` - 1 costs for going against geometry, inside it and at its ends."""
    inside, whole = lattice.junctions[first : end - 1], lattice.whole(first, end)
    cost = inside.count("open") * _JOINED_OPEN
    if "cut" in inside:
        cost += _TOO_WIDE * max(0, whole.width / whole.height - _WIDE)
    if "cut" in (*lattice.junctions[max(first - 1, 0) : first], *lattice.junctions[end - 1 : end]):
        cost += _TOO_LOW * max(0, _LOW - whole.height / lattice.height)
    return cost
