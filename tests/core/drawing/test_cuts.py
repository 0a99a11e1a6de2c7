"""Where digits that touch or cross may be parted: each gets all of its own ink, where they cross as well."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.drawing.cuts import parts_of
from core.drawing.pen_paths import numbered

PEN_PX = 12
CROSSING = [[(20, 20), (80, 180)], [(115, 20), (60, 180)]]
SLASH = [(115, 10), (25, 190)]


def inked(*lines):
    sheet = Image.new("L", (140, 200))
    for line in lines:
        ImageDraw.Draw(sheet).line(line, fill=255, width=PEN_PX, joint="curve")
    return np.asarray(sheet) > 0


def paths(*lines):
    return numbered([{"path": [["L", *place] for place in line]} for line in lines], (200, 140))


def test_strokes_that_cross_are_parted_with_all_of_their_ink():
    mask = inked(*CROSSING)
    left, right = parts_of(mask, PEN_PX, 160, paths(*CROSSING))
    for part, line in zip((left, right), sorted(CROSSING, key=lambda line: line[0][0] + line[1][0]), strict=True):
        own = inked(line)
        assert (part & own).sum() > 0.97 * own.sum() and (part & ~own).sum() < 0.15 * own.sum()
    assert (left & right).any() and (left | right).sum() == mask.sum()


def test_without_strokes_two_rings_that_touch_are_parted_where_they_touch():
    sheet = Image.new("L", (260, 200))
    pen = ImageDraw.Draw(sheet)
    for left in (10, 118):
        pen.ellipse((left, 20, left + 120, 180), outline=255, width=PEN_PX)
    mask = np.asarray(sheet) > 0
    parts = parts_of(mask, PEN_PX, 160)
    assert len(parts) > 1 and np.logical_or.reduce(parts).sum() == mask.sum()
    middle = 124
    assert any(
        np.flatnonzero(np.logical_or.reduce(parts[:cut]).any(axis=0))[-1] < middle + 2 * PEN_PX
        and np.flatnonzero(np.logical_or.reduce(parts[cut:]).any(axis=0))[0] > middle - 2 * PEN_PX
        for cut in range(1, len(parts))
    )


@pytest.mark.parametrize("strokes", [False, True])
def test_a_slash_through_a_zero_is_not_parted_from_it(strokes):
    ring = [(70 + 50 * np.cos(angle), 100 + 80 * np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 40)]
    parts = parts_of(inked(ring, SLASH), PEN_PX, 160, paths(ring, SLASH) if strokes else None)
    assert len(parts) == 1 or not strokes
    assert np.logical_or.reduce(parts).sum() == inked(ring, SLASH).sum()


def test_one_line_is_one_part():
    mask = inked(SLASH)
    for strokes in (None, paths(SLASH)):
        (part,) = parts_of(mask, PEN_PX, 180, strokes)
        assert (part == mask).all()
