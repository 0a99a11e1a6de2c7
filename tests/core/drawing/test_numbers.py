"""A number read by whoever answers for single digits: here, answers made to measure."""

from contextlib import closing

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.drawing import numbers, preprocessing
from core.errors import DrawingError
from core.network.predictor import Predictor
from core.store import Store, starter
from tests.conftest import absent, cases
from tests.drawn import DIGITS, ONE, TWO, ZERO, written

NOISE = np.random.default_rng(0).integers(0, 256, (336, 672))
NO_PICTURES = [np.zeros((9, 9, 2), np.uint8), np.broadcast_to(np.uint8(0), (5000, 5000)), np.zeros((0, 5), np.uint8)]


def canvas(*digits, **options):
    return (written(*digits, **options) * 255).astype(np.uint8)


class Answers:
    """Takes what is wide (of 28 x 28) for a zero, what is narrow for a one; `sure` of both alike."""

    def __init__(self, sure=0.9):
        self.sure, self.asked = sure, []

    def __call__(self, images):
        self.asked.append(images)
        predicted = np.where(images.any(axis=1).sum(axis=1) > 9, 0, 1)
        return np.where(np.eye(10, dtype=bool)[predicted], self.sure, (1 - self.sure) / 9)


def test_digits_are_read_left_to_right_in_one_go():
    answers = Answers()
    number = numbers.read_number(canvas(ONE, ZERO, ZERO, ONE), answers)
    assert number.text == "1001"
    assert number.certainty == pytest.approx(0.9**4)
    assert len(answers.asked) == 1 and answers.asked[0].shape[1:] == (28, 28)
    assert [glyph.box[0] for glyph in number.glyphs] == sorted(glyph.box[0] for glyph in number.glyphs)


def test_one_digit_gets_the_picture_that_it_gets_alone():
    (glyph,) = numbers.read_number(canvas(TWO), Answers()).glyphs
    np.testing.assert_array_equal(glyph.image, preprocessing.read_digit(canvas(TWO)).image)


@pytest.mark.parametrize("name", DIGITS)
def test_a_digit_that_is_known_is_not_split(name):
    assert len(numbers.read_number(canvas(DIGITS[name]), Answers()).glyphs) == 1


def test_digits_that_touch_are_split_where_each_half_is_known_and_the_whole_is_not():
    touching = canvas(ZERO, ZERO, gap_px=-14)
    whole = preprocessing.read_digit(touching).image

    def answer(images):
        """Sure of halves that are as tall as they are wide or taller, at a loss before the whole."""
        at_a_loss = np.array([np.allclose(image, whole) or image.any(axis=0).sum() < 10 for image in images])
        return np.where(np.eye(10, dtype=bool)[0], np.where(at_a_loss, 0.2, 0.98)[:, None], 0.01)

    number = numbers.read_number(touching, answer)
    assert number.text == "00"
    assert len(numbers.read_number(touching, lambda images: np.full((len(images), 10), 0.1)).glyphs) == 1


def test_ones_that_cross_are_told_apart_by_their_strokes():
    sheet = Image.new("L", (672, 336))
    strokes = [[(250, 60), (310, 280)], [(350, 60), (290, 280)]]
    for stroke in strokes:
        ImageDraw.Draw(sheet).line(stroke, fill=255, width=16)

    def answer(images):
        """Takes a line for a one, and is at a loss before a cross."""
        narrow = np.array([image.sum() < 75 for image in images])
        return np.where(np.eye(10, dtype=bool)[1], np.where(narrow, 0.98, 0.2)[:, None], 0.01)

    drawn = [{"path": [["L", *place] for place in stroke]} for stroke in strokes]
    first, second = numbers.read_number(np.asarray(sheet), answer, drawn).glyphs
    assert first.ink.sum() == pytest.approx(second.ink.sum(), rel=0.05) and first.box[2] > second.box[0]


def test_digits_that_lie_apart_in_the_field_for_one_are_told_unless_they_are_surer_as_one():
    apart = canvas(ONE, ZERO, ONE)
    assert numbers.several(apart, Answers(0.9), 0.6).text == "101"
    assert numbers.several(apart, Answers(0.9), 0.95) is None
    assert numbers.several(canvas(TWO), Answers(0.9), 0.1) is None


@pytest.mark.parametrize("name", DIGITS)
def test_a_digit_of_several_strokes_is_not_told_to_be_several(name):
    assert numbers.several(canvas(DIGITS[name]), Answers(0.9), 0.89) is None


@pytest.mark.parametrize(("place", "number"), [*enumerate(("26", "64", "14", "31", "17", "71"))])
def test_two_in_the_field_for_one_are_told_by_the_starter_network(place, number, tmp_path):
    path = cases() / f"two-in-one-{place}.png"
    if not path.exists():
        absent("needs drawings of two digits: let DIGITLAB_CASES name their folder")
    image = np.asarray(Image.open(path))
    with closing(Store(tmp_path)) as store:
        predictor, run = Predictor(store), starter.network()
        whole = predictor.probabilities(run, preprocessing.read_digit(image).image[None])
        told = numbers.several(image, lambda images: predictor.probabilities(run, images), float(whole.max()))
    assert told.text == number


def test_the_doubtful_digit_is_named():
    probabilities = np.full((3, 10), 0.02)
    probabilities[[0, 1, 2], [2, 7, 6]] = 0.9, 0.5, 0.8
    number = numbers.Number([], probabilities)
    assert (number.text, number.doubtful) == ("276", 1)
    assert number.certainty == pytest.approx(0.36)


def test_of_a_blank_canvas_nobody_is_asked():
    answers = Answers()
    number = numbers.read_number(np.zeros((336, 672, 4), np.uint8), answers)
    assert (number.glyphs, number.text, answers.asked) == ([], "", [])


@pytest.mark.parametrize("ink", [np.full((336, 672), 255), np.pad([[255]], 50), NOISE])
def test_full_ink_one_pixel_and_noise_are_read_as_something(ink):
    number = numbers.read_number(ink.astype(np.uint8), Answers())
    assert len(number.glyphs) == len(number.text) <= 60


@pytest.mark.parametrize("picture", NO_PICTURES)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(DrawingError):
        numbers.read_number(picture, Answers())
