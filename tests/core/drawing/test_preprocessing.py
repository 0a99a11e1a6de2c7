"""What a person who draws would miss: the same digit must look the same to the network, however it was drawn."""

import numpy as np
import pytest

from core.drawing import preprocessing
from core.errors import DrawingError
from tests.drawn import THREE, draw, ink_box, stroke_px


def glyph(canvas):
    (only,) = preprocessing.read_canvas(canvas)
    return only.image


def mass_centre(image):
    places = np.arange(28)
    return places @ image.sum(axis=1) / image.sum(), places @ image.sum(axis=0) / image.sum()


def test_a_glyph_is_28_px_float32_from_paper_0_to_ink_1():
    image = glyph(draw())
    assert image.shape == (28, 28) and image.dtype == np.float32
    assert image.min() == 0 and 0.99 < image.max() <= 1


def test_place_on_the_canvas_does_not_matter():
    np.testing.assert_allclose(glyph(draw(left=20, top=25)), glyph(draw(left=83, top=70)), atol=1e-6)


@pytest.mark.parametrize("size", [60, 120, 400])
def test_size_of_the_drawing_hardly_matters(size):
    reference = glyph(draw())
    image = glyph(draw(size=size, brush=size // 10, side=480))
    assert min(np.abs(np.roll(image, (dy, dx), (0, 1)) - reference).mean() for dy in (-1, 0, 1) for dx in (-1, 0, 1)) < 0.02


def test_the_longer_side_of_the_ink_is_20_px_and_the_shape_is_kept():
    assert ink_box(glyph(draw()))[0] == 20
    height, width = ink_box(glyph(draw([(0, 0), (1, 0), (1, 0.4), (0, 0.4), (0, 0)], brush=8)))
    assert width == 20 and height in (8, 9, 10)


@pytest.mark.parametrize("points", [THREE, [(0, 0), (0, 1), (0.6, 1)], [(0, 0.5), (1, 0.5)]])
def test_the_centre_of_mass_lies_in_the_middle_pixel_as_in_mnist(points):
    y, x = mass_centre(glyph(draw(points)))
    assert 13.49 <= y <= 14.51 and 13.49 <= x <= 14.51


def test_nothing_is_cut_off_where_the_mass_is_far_from_the_middle():
    ink = np.zeros((200, 200), np.float32)
    ink[:20] = 1
    ink[:, 100] = 0.5
    image = preprocessing.centred(ink)
    assert ink_box(image)[0] == 20
    assert image.sum() == pytest.approx(ink.sum() / 100, rel=0.01)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((255, 255, 255, 255), (0, 0, 0, 255)),
        ((0, 0, 0, 255), (255, 255, 255, 255)),
        ((200, 30, 90, 255), (240, 240, 200, 255)),
        ((255, 255, 255, 255), (255, 255, 255, 0)),
        ((0, 0, 0, 128), (0, 0, 0, 0)),
    ],
)
def test_colours_of_ink_and_paper_do_not_matter(ink, paper):
    np.testing.assert_allclose(glyph(draw(ink=ink, paper=paper)), glyph(draw()), atol=1e-6)


def test_grey_rgb_and_rgba_are_read_alike():
    canvas = draw(paper=(255, 255, 255, 255))
    for other in (canvas[:, :, 0], canvas[:, :, :1], canvas[:, :, :3]):
        np.testing.assert_allclose(glyph(other), glyph(canvas), atol=1e-6)


def test_brushes_of_many_widths_give_strokes_of_mnist_width():
    plain = {brush: stroke_px(preprocessing.centred(draw(brush=brush)[:, :, 3] / 255)) for brush in (5, 40)}
    evened = {brush: stroke_px(glyph(draw(brush=brush))) for brush in (5, 40)}
    assert plain[40] / plain[5] > 2.2
    assert evened[40] / evened[5] < 1.8 and all(1.8 < width < 4 for width in evened.values())


def test_a_hairline_beside_a_blot_is_kept():
    canvas = draw([(0, 0), (0, 1)], brush=5)
    canvas = np.maximum(canvas, draw([(0.3, 0.8), (0.6, 0.8)], brush=70))
    line = preprocessing.read_digit(canvas).image[4:10].sum(axis=1)
    assert (line > preprocessing.centred(canvas[:, :, 3] / 255)[4:10].sum(axis=1) / 3).all()


@pytest.mark.parametrize("paper", [(0, 0, 0, 0), (255, 255, 255, 0), (255, 255, 255, 255), (0, 0, 0, 255), (9, 99, 200, 255)])
def test_a_blank_canvas_has_no_digit(paper):
    assert preprocessing.read_canvas(draw([(0, 0)], brush=0, ink=paper, paper=paper)) == []


def test_read_digit_takes_all_that_is_drawn_as_one():
    apart = np.maximum(draw(left=10, size=60), draw(left=200, size=60))
    assert len(preprocessing.read_canvas(apart)) == 2
    assert preprocessing.read_digit(apart).box == (1, 32, 257, 109)


def test_one_digit_is_the_same_to_read_digit_and_read_canvas():
    np.testing.assert_array_equal(preprocessing.read_digit(draw()).image, glyph(draw()))


def test_read_digit_finds_none_on_a_blank_canvas():
    assert preprocessing.read_digit(np.zeros((280, 280, 4), np.uint8)) is None


@pytest.mark.parametrize("side", [2, 5, 280])
def test_a_single_dot_is_found_where_it_is(side):
    canvas = np.zeros((side, side, 4), np.uint8)
    canvas[1, 0] = 255
    (dot,) = preprocessing.read_canvas(canvas)
    assert dot.box == (0, 1, 1, 2)
    assert ink_box(dot.image) == (20, 20)


def test_a_canvas_scribbled_full_but_for_a_corner_is_read_as_ink():
    canvas = np.full((280, 280, 4), 255, np.uint8)
    canvas[:30, :30] = 0
    (scribble,) = preprocessing.read_canvas(canvas)
    assert scribble.box == (0, 0, 280, 280) and scribble.image.mean() > 0.25


def test_the_box_is_in_canvas_pixels():
    (found,) = preprocessing.read_canvas(np.pad(np.full((30, 10), 255, np.uint8), ((50, 20), (7, 63))))
    assert found.box == (7, 50, 17, 80)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.zeros((28, 28), np.float32), "float32"),
        (np.zeros((28, 28, 2), np.uint8), "(28, 28, 2)"),
        (np.zeros(28, np.uint8), "(28,)"),
        (np.zeros((0, 28, 4), np.uint8), "(0, 28, 4)"),
        (np.broadcast_to(np.uint8(0), (5000, 5000)), "5000 x 5000"),
        ("picture.png", "str"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(picture, words):
    with pytest.raises(DrawingError) as caught:
        preprocessing.read_canvas(picture)
    message = str(caught.value)
    assert words in message and ("expected" in message or "make it smaller" in message) and message.endswith(".")


def test_ink_of_the_wrong_shape_is_refused():
    with pytest.raises(DrawingError, match="expected rows and columns"):
        preprocessing.centred(np.zeros((1, 28, 28)))


def test_a_picture_far_longer_than_high_is_refused_at_once():
    with pytest.raises(DrawingError, match="16000000 x 1 pixels; make it smaller, the most is 16,000,000 in all, 8,192 along"):
        preprocessing.read_digit(np.zeros((1, 16_000_000), np.uint8))
