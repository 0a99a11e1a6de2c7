import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import charts
from core.drawing import diagnosis, perturbations
from core.drawing.diagnosis import RAW, STAGES
from core.drawing.perturbations import SCALES, SHIFTS_PX, THICKER_PX, TURNS_DEG
from core.drawing.preprocessing import read_canvas
from core.errors import InvalidAnswers
from tests.drawn import THREE, draw, ink_box, stroke_px

NUM_SHIFTS, NUM_TURNS = len(SHIFTS_PX) ** 2, len(SCALES) * len(TURNS_DEG)
PLAIN = np.eye(2)[None]


@pytest.fixture(scope="module")
def made():
    canvas = draw(size=90, left=150, top=30)
    (glyph,) = read_canvas(canvas)
    return diagnosis.variants(glyph, canvas.shape[:2])


def answers(made, **digits):
    """Everything is read as 3, but for places among the changes that are given another digit."""
    table = np.full((len(made.images), 10), 0.01)
    table[:, 3] = 0.91
    for name, digit in digits.items():
        row = table[len(STAGES) + int(name[1:])]
        row[:] = 0.01
        row[digit] = 0.91
    return table


def shift(x, y):
    return f"_{SHIFTS_PX.index(y) * len(SHIFTS_PX) + SHIFTS_PX.index(x)}"


def turn(degrees, scale):
    return f"_{NUM_SHIFTS + SCALES.index(scale) * len(TURNS_DEG) + TURNS_DEG.index(degrees)}"


def test_all_pictures_are_one_batch_of_a_few_hundred(made):
    assert made.images.shape == (len(STAGES) + NUM_SHIFTS + NUM_TURNS + len(THICKER_PX), 28, 28)
    assert made.images.dtype == np.float32 and made.images.min() >= 0 and made.images.max() <= 1


def test_the_stages_go_from_the_whole_canvas_to_the_glyph():
    canvas = draw(size=90, left=150, top=30, brush=9)
    (glyph,) = read_canvas(canvas)
    raw, cropped, centred, even = diagnosis.stages(glyph, canvas.shape[:2])
    assert max(ink_box(raw)) <= 12 and np.flatnonzero(raw.any(axis=0))[0] >= 14
    assert max(ink_box(cropped)) == 28 and max(ink_box(centred)) == 20
    np.testing.assert_array_equal(even, glyph.image)


def test_the_middle_of_every_map_is_the_drawing_itself(made):
    glyph = made.images[len(STAGES) - 1]
    for name in (shift(0, 0), turn(0, 1.0), f"_{NUM_SHIFTS + NUM_TURNS + THICKER_PX.index(0)}"):
        place = len(STAGES) + int(name[1:])
        np.testing.assert_allclose(made.images[place], glyph, atol=1e-6)
        assert made.moved_px[place] == pytest.approx(0)


@settings(max_examples=30, deadline=None)
@given(st.integers(-6, 6), st.integers(-6, 6), st.integers(0, 2**32 - 1))
def test_whole_pixels_move_exactly(x, y, seed):
    image = np.zeros((28, 28), np.float32)
    image[8:20, 8:20] = np.random.default_rng(seed).random((12, 12))
    (moved,) = perturbations.moved(image, PLAIN, np.array([[x, y]], float))
    np.testing.assert_allclose(moved, np.roll(image, (y, x), (0, 1)), atol=1e-6)


def test_a_quarter_turn_to_the_right_is_numpys():
    image = np.random.default_rng(0).random((28, 28)).astype(np.float32)
    (turned,) = perturbations.moved(image, perturbations.turn(90)[None], np.zeros((1, 2)))
    np.testing.assert_allclose(turned, np.rot90(image, -1), atol=1e-4)


def test_a_larger_scale_makes_it_larger():
    image = np.zeros((28, 28), np.float32)
    image[10:18, 10:18] = 1
    small, large = perturbations.moved(image, np.array([0.5, 1.5])[:, None, None] * PLAIN, np.zeros((2, 2)))
    assert small.sum() == pytest.approx(16, rel=0.1) and large.sum() == pytest.approx(144, rel=0.1)


def test_what_leaves_the_picture_is_gone_and_paper_comes_in():
    image = np.ones((28, 28), np.float32)
    (moved,) = perturbations.moved(image, PLAIN, np.array([[4.0, 0]]))
    assert not moved[:, :4].any() and moved[:, 4:].all()


def test_strokes_get_wider_by_what_was_asked_for():
    (glyph,) = read_canvas(draw(THREE))
    thin, same, thick = perturbations.thickened(glyph.image, (-0.4, 0, 0.6))
    np.testing.assert_array_equal(same, glyph.image)
    width = stroke_px(glyph.image)
    assert stroke_px(thin) == pytest.approx(width - 0.8, abs=0.35)
    assert stroke_px(thick) == pytest.approx(width + 1.2, abs=0.35)


def test_a_picture_without_ink_stays_as_it_is():
    assert not perturbations.thickened(np.zeros((28, 28), np.float32), (-1, 0, 1)).any()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({shift(0, 2): 7, shift(3, 0): 9}, "Two pixels down, and it is a 7."),
        ({shift(-1, -2): 8}, "Two pixels up and one pixel to the left, and it is an 8."),
        ({turn(-10, 1.0): 1, shift(0, 4): 7}, "Turned 10° to the left, and it is a 1."),
        ({turn(0, 1.2): 5}, "20% larger, and it is a 5."),
        ({f"_{NUM_SHIFTS + NUM_TURNS}": 6}, "Its strokes 1.6 pixels thinner, and it is a 6."),
        ({shift(4, 4): 9}, "Only a large change alters it: four pixels down and four pixels to the right"),
        ({}, "None of the 168 changes alters it: all are read as a 3."),
    ],
)
def test_the_sentence_names_the_smallest_change_that_alters_the_answer(made, changes, said):
    found = diagnosis.diagnosis(made, answers(made, **changes))
    assert found.digit == 3 and found.smallest.startswith(said)


def test_maps_have_their_cells_where_the_change_is(made):
    found = diagnosis.diagnosis(made, answers(made, **{shift(4, -4): 9, turn(40, 0.6): 5}))
    assert found.shifted.digits[0, 8] == 9 and found.shifted.num_same(3) == 80
    assert found.turned.digits[0, 8] == 5 and found.turned.certainty[0, 8] == pytest.approx(0.91)
    assert found.stages.digits.tolist() == [3] * 4 and found.thicker.digits.shape == (len(THICKER_PX),)


def test_where_no_ink_is_left_nothing_is_read(made):
    blank = diagnosis.Variants(made.images.copy(), made.moved_px, made.answered)
    blank.images[len(STAGES)] = 0
    found = diagnosis.diagnosis(blank, answers(made, _0=7))
    assert found.shifted.digits[0, 0] == -1 and found.smallest.startswith("None of the ")
    figure = go.Figure(charts.answer_map(found.shifted, 3, "Shifted", "light", x=axis(9), y=axis(9)))
    assert figure.data[0].text[0][0] == "" and figure.data[0].customdata[0][0] == "no ink is left"


def axis(count):
    return {"title": "pixels", "labels": [str(place) for place in range(count)]}


def test_a_map_colours_the_same_answer_and_others_apart(made):
    found = diagnosis.diagnosis(made, answers(made, **{shift(-4, -4): 9}))
    figure = go.Figure(charts.answer_map(found.shifted, 3, "Shifted", "dark", x=axis(9), y=axis(9)))
    assert figure.layout.title.text == "Shifted: 80 of 81 stay 3"
    assert figure.data[0].z[0][0] == pytest.approx(-0.91) and figure.data[0].z[0][1] == pytest.approx(0.91)
    assert figure.data[0].text[0][0] == "9"


def test_answers_that_are_no_numbers_are_one_sentence(made):
    with pytest.raises(InvalidAnswers, match="not valid numbers"):
        diagnosis.diagnosis(made, np.full((len(made.images), 10), np.nan))


def test_an_image_of_a_data_set_is_asked_about_as_it_is():
    image = np.round(read_canvas(draw(THREE))[0].image * 255).astype(np.uint8)
    image[3, 4] = 3  # a rim that the canvas would take for paper
    made = diagnosis.variants(diagnosis.glyph_of(image), image.shape, answered=RAW)
    np.testing.assert_allclose(made.images[RAW] * 255, image, atol=1e-3)
    table = np.tile(np.eye(10)[5], (len(made.images), 1))
    table[RAW] = np.eye(10)[3]
    assert diagnosis.diagnosis(made, table).digit == 3
    assert diagnosis.glyph_of(np.zeros((28, 28), np.uint8)) is None
