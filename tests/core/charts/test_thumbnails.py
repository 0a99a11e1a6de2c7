import io
import json

import numpy as np
import pytest
from PIL import Image

from core.charts.thumbnails import SMALL_PX, shown, small_picture, strokes_text

BOX = (70, 84, 100, 252)


def drawn(ink, paper):
    image = np.full((336, 168, 4), (*paper, 255), np.uint8)
    image[84:252, 70:100, :3] = ink
    return image


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png))).astype(int)


def test_a_small_picture_is_the_same_whatever_colours_it_was_drawn_in():
    colours = [((26, 28, 35), (248, 248, 250)), ((240, 240, 245), (38, 40, 47))]
    light, dark = (small_picture(drawn(*pair), BOX) for pair in colours)
    assert light == dark
    levels = pixels(light)
    assert levels.shape == (SMALL_PX, SMALL_PX)
    assert levels[42, 42] == 255 and levels[5, 5] == levels[2, 42] == 0
    assert (levels[42] > 127).sum() == pytest.approx(30 / 168 / 1.2 * SMALL_PX, abs=1)


@pytest.mark.parametrize(("theme", "ink_is_darker"), [("light", True), ("dark", False)])
def test_it_is_shown_in_the_colours_of_the_theme(theme, ink_is_darker):
    picture = pixels(shown(small_picture(drawn((0, 0, 0), (255, 255, 255)), BOX), theme))
    assert (picture[42, 42].sum() < picture[5, 5].sum()) == ink_is_darker


def test_strokes_keep_their_width_and_path_and_nothing_else():
    path = {"type": "path", "strokeWidth": 22, "path": [["M", 10.04, 20], ["Q", 1, 2, 3.333, 4]], "fill": None}
    assert json.loads(strokes_text([path, {"type": "rect"}])) == [
        {"width_px": 22, "path": [["M", 10.0, 20.0], ["Q", 1.0, 2.0, 3.3, 4.0]]}
    ]
