import numpy as np

from core.drawing.pen_paths import numbered, points, within

UP = {"type": "path", "path": [["M", 10, 90], ["Q", 12, 50, 11, 30], ["L", 12, 10]]}
FAR = {"type": "path", "path": [["M", 200, 90], ["Q", 200, 50, 200, 10], ["L", 20, 10]]}


def test_a_stroke_is_the_places_that_the_pen_went_to():
    assert points(UP).tolist() == [[10, 90], [11, 30], [12, 10]]


def test_what_is_no_path_has_no_places():
    assert points({"type": "circle", "radius": 3}).shape == (0, 2) and points({"path": [["z"]]}).shape == (0, 2)


def test_a_digit_has_the_strokes_that_lie_in_its_box():
    assert within([UP, FAR, {"type": "circle"}], (0, 0, 50, 100)) == (UP,)
    assert within([UP, FAR], (100, 0, 300, 100)) == (FAR,)


def test_each_stroke_has_its_number_where_the_pen_went():
    sheet = numbered([UP, {"path": [["M", 30, 5]]}, {"type": "circle"}], (100, 40))
    assert sheet.shape == (100, 40) and sheet[90, 10] == sheet[10, 12] == 1 and sheet[5, 30] == 2
    assert set(np.unique(sheet)) == {0, 1, 2}
