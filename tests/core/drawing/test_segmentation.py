"""What a person who writes a number would miss: each digit found once, whatever strokes it is made of."""

import numpy as np
import pytest

from core.drawing.segmentation import segmented
from tests.drawn import DIGITS, TWO, ZERO, written


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
    assert lattice.cropped(lattice.whole(0, len(lattice.pieces))).sum() == ink.sum(), "no ink is lost"


def test_a_blank_sheet_has_no_pieces():
    lattice = segmented(np.zeros((336, 672), np.float32), cut=True)
    assert (lattice.pieces, lattice.spans(), lattice.likeliest()) == ([], [], [])


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("share", [0.002, 0.3, 0.9, 1.0])
def test_noise_comes_to_an_end(share, cut):
    ink = (np.random.default_rng(1).random((120, 400)) < share).astype(np.float32)
    assert 0 < len(segmented(ink, cut=cut).pieces) <= 100
