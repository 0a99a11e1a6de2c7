"""What a person who writes a number would miss: each digit found once, whatever strokes it is made of."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.drawing.segmentation import segmented

# Strokes in a box one high; each is one digit.
ZERO = [[(0.3, 0), (0, 0.3), (0, 0.7), (0.3, 1), (0.6, 0.7), (0.6, 0.3), (0.3, 0)]]
ONE = [[(0, 0), (0, 1)]]
TWO = [[(0, 0.2), (0.3, 0), (0.6, 0.2), (0, 1), (0.7, 1)]]
DIGITS = {
    "a zero": ZERO,
    "a slashed zero": [*ZERO, [(0.65, 0.05), (-0.05, 0.95)]],
    "a zero with a loose slash": [*ZERO, [(0.38, 0.38), (0.22, 0.62)]],
    "a one": ONE,
    "a one with a foot and an upstroke": [[(0, 0.3), (0.3, 0), (0.3, 1)], [(0, 1), (0.6, 1)]],
    "a four of two strokes": [[(0.3, 0), (0, 0.6), (0.7, 0.6)], [(0.5, 0.3), (0.5, 1)]],
    "an open four": [[(0, 0), (0, 0.55), (0.6, 0.55)], [(0.6, 0), (0.6, 1)]],
    "a five with its roof off": [[(0, 0.15), (0, 0.5), (0.4, 0.45), (0.6, 0.7), (0.4, 1), (0, 0.95)], [(0.15, 0), (0.65, 0)]],
    "a five with its roof to the right": [[(0, 0.1), (0, 0.5), (0.4, 0.5), (0.4, 1), (0, 0.95)], [(0.55, 0.02), (0.85, 0)]],
    "a five with a slanted roof far off": [[(0, 0.3), (0, 0.6), (0.4, 0.6), (0.4, 1), (0, 0.95)], [(0.65, 0.2), (1, 0)]],
    "a crossed seven": [[(0, 0), (0.6, 0), (0.2, 1)], [(0.1, 0.5), (0.6, 0.5)]],
    "a broken one": [[(0, 0), (0, 0.4)], [(0, 0.6), (0, 1)]],
    "a wide two": [[(0, 0.2), (0.5, 0), (1, 0.2), (0, 1), (1.2, 1)]],
    "a wide zero": [[(0.55, 0), (0, 0.3), (0, 0.7), (0.55, 1), (1.1, 0.7), (1.1, 0.3), (0.55, 0)]],
}


def written(*digits, height=160, gap_px=25, brush=16, extra=()):
    """Digits side by side on a canvas (336, as wide as they take), with `extra` dots of ink as (x, y, diameter)."""
    canvas = Image.new("L", (1800, 336))
    pen, left = ImageDraw.Draw(canvas), 40
    for strokes in digits:
        xs = [x for stroke in strokes for x, _ in stroke]
        for stroke in strokes:
            places = [(left + (x - min(xs)) * height, 90 + y * height) for x, y in stroke]
            pen.line(places, fill=255, width=brush)
            for x, y in places:
                pen.ellipse((x - brush / 2, y - brush / 2, x + brush / 2, y + brush / 2), fill=255)
        left += (max(xs) - min(xs)) * height + brush + gap_px
    for x, y, size in extra:
        pen.ellipse((x, y, x + size, y + size), fill=255)
    return np.asarray(canvas, np.float32) / 255


def boxes(ink, **options):
    lattice = segmented(ink, **options)
    return [lattice.whole(*span).box for span in lattice.likeliest()]


@pytest.mark.parametrize("name", DIGITS)
def test_one_digit_is_one(name):
    (box,) = boxes(written(DIGITS[name]))
    rows, columns = np.flatnonzero(written(DIGITS[name]).any(axis=1)), np.flatnonzero(written(DIGITS[name]).any(axis=0))
    assert box == (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)


@pytest.mark.parametrize("name", DIGITS)
@pytest.mark.parametrize("gap_px", [12, 40])
def test_between_others_too(name, gap_px):
    found = boxes(written(TWO, DIGITS[name], ZERO, gap_px=gap_px))
    assert len(found) == 3
    assert found == sorted(found)


def test_a_smaller_digit_beside_a_large_one_is_its_own():
    ink = written(ZERO, height=200)
    ink[:, 300:600] = written(TWO, height=95)[:, :300]
    assert len(boxes(ink)) == 2


def test_specks_are_no_digits():
    assert len(boxes(written(TWO, ZERO, extra=[(600, 60, 14), (700, 300, 3), (20, 20, 8)]))) == 2


def test_dots_alone_are_all_there_is():
    assert len(boxes(written(extra=[(100, 100, 10), (300, 100, 10)]))) == 2


def test_of_the_ink_in_a_box_only_its_own_is_the_digits():
    lean = [[(0.4, 0), (0, 1)]]
    ink = written(lean, lean, gap_px=-20)
    lattice = segmented(ink)
    first, second = (lattice.whole(*span) for span in lattice.likeliest())
    assert first.box[2] > second.box[0]
    assert lattice.cropped(first).sum() + lattice.cropped(second).sum() == ink.sum()


def test_digits_that_touch_can_be_cut_where_the_ink_is_thin():
    ink = written(ZERO, ZERO, gap_px=-14)
    assert len(boxes(ink)) == 1
    lattice = segmented(ink, cut=True)
    left, _, right, _ = lattice.whole(0, len(lattice.pieces)).box
    middle = (left + right) / 2
    assert any(abs(piece.box[0] - middle) < 15 for piece in lattice.pieces[1:])
    assert {(0, len(lattice.pieces))} < set(lattice.spans()), "as one digit it can be read, too"
    assert sum(lattice.cropped(piece).sum() for piece in lattice.pieces) == pytest.approx(ink.sum())


def test_a_blank_sheet_has_no_pieces():
    lattice = segmented(np.zeros((336, 672), np.float32), cut=True)
    assert (lattice.pieces, lattice.spans(), lattice.likeliest()) == ([], [], [])


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("share", [0.002, 0.3, 0.9, 1.0])
def test_noise_comes_to_an_end(share, cut):
    ink = (np.random.default_rng(1).random((120, 400)) < share).astype(np.float32)
    assert 0 < len(segmented(ink, cut=cut).pieces) <= 100
