import io

import numpy as np
from PIL import Image

from core.charts import pictures

BLANK, FULL = np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)


def test_ink_is_dark_on_light_paper_and_light_on_dark():
    for theme, inked in (("light", np.less), ("dark", np.greater)):
        assert inked(pictures.digit(FULL, theme), pictures.digit(BLANK, theme)).all()


def test_bytes_and_shares_of_ink_give_the_same_picture():
    image = np.arange(784, dtype=np.uint8).reshape(28, 28)
    np.testing.assert_array_equal(pictures.digit(image, "light"), pictures.digit(image / 255, "light"))


def test_a_grid_places_every_image_under_its_own_title():
    images = np.stack([FULL if place == 12 else BLANK for place in range(13)])
    plain = pictures.grid(images, None, "light", columns=5)
    assert plain.shape == (3 * 96, 5 * 96, 4)
    ink = np.argwhere((plain[:, :, 0] < 100) & (plain[:, :, 3] == 255))
    np.testing.assert_array_equal(ink.min(0) // 96, [2, 2])
    np.testing.assert_array_equal(ink.max(0) // 96, [2, 2])
    titled = pictures.grid(images[:1], ["7"], "light", columns=1)
    assert titled.shape[0] > 96 and titled[:26, :, 3].any()


def test_a_packed_picture_is_the_same_picture():
    sheet = pictures.grid(np.stack([FULL, BLANK]), ["1", "2"], "dark", columns=2)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(pictures.png(sheet)))), sheet)


def test_sprites_lie_edge_to_edge_in_the_pages_colours():
    images = np.stack([FULL if place == 6 else BLANK for place in range(8)])
    png, columns = pictures.sprites(images, "dark")
    sheet = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert columns == 3 and sheet.shape == (3 * 28, 3 * 28, 3)
    cell = sheet[2 * 28 : 3 * 28, :28]  # the seventh
    np.testing.assert_array_equal(cell, pictures.digit(FULL, "dark", scale=1))
    np.testing.assert_array_equal(sheet[:28, :28], pictures.digit(BLANK, "dark", scale=1))


def test_each_digit_of_a_number_is_framed_and_named_below():
    canvas = np.full((60, 400, 4), 255, np.uint8)
    boxes = [(20, 10, 60, 50), (200, 0, 260, 60)]
    picture, unnamed = (pictures.boxed(canvas, boxes, titles, "light") for titles in (["2 98%", "0 61%"], ["", ""]))
    assert unnamed.shape == (60, 400, 3) and (picture[:60] == unnamed).all()
    plain = np.full_like(picture, 255)
    plain[60:] = picture[-1, -1]  # the strip below
    assert (picture[10:50, 20:60] == 255).all()
    changed = (picture != plain).any(axis=2)
    assert changed[30, 16:20].any() and changed[:60, 260:264].any()
    below = changed[60:].any(axis=0)
    assert below[20:60].any() and below[200:260].any() and not below[120:150].any()


def test_names_of_narrow_digits_do_not_run_into_one_another():
    boxes = [(10, 0, 20, 60), (50, 0, 60, 60)]
    lone, both = (pictures.boxed(np.zeros((60, 400, 3), np.uint8), boxes[:n], ["1 98%", "1 97%"][:n], "dark") for n in (1, 2))
    assert len(both) > len(lone) > 60
