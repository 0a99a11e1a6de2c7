import numpy as np
import pytest
from PIL import ImageFont

from core.datasets.synthetic import non_digits
from core.datasets.synthetic.letters import LETTERS, SIGNS
from core.datasets.synthetic.non_digits import KINDS, PRINTED_LETTERS, PRINTED_SIGNS
from core.drawing.preprocessing import read_canvas

CHARACTER = {"letter by hand": "B", "letter in print": "G", "sign by hand": "/", "sign in print": "?"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_each_kind_is_a_canvas_with_ink_that_can_be_read(kind, seed):
    canvas = KINDS[kind](np.random.default_rng(seed), CHARACTER.get(kind, kind))
    assert canvas.dtype == np.uint8 and canvas.ndim == 2 and canvas.max() > 200
    assert read_canvas(canvas)


def test_they_are_as_networks_take_them_and_every_kind_comes_as_often():
    made = non_digits.non_digits(2 * len(KINDS), 1)
    assert made.images.shape == (2 * len(KINDS), 28, 28) and made.images.dtype == np.float32
    assert made.images.min() >= 0 and made.images.max() <= 1
    assert sorted(made.kinds) == sorted(2 * list(KINDS))


def test_a_seed_gives_the_same_ones_and_another_gives_others():
    first = non_digits.non_digits(8, 1).images.copy()
    non_digits.non_digits.cache_clear()
    np.testing.assert_array_equal(non_digits.non_digits(8, 1).images, first)
    assert (non_digits.non_digits(8, 2).images != first).any(axis=(1, 2)).all()


def test_no_letter_is_a_digit_in_many_hands():
    assert not set("OoDIilzsbgq01") & set(LETTERS) and not set("OoDIilzsbgq01") & set(PRINTED_LETTERS)


def test_letters_that_look_like_digits_and_a_slash_are_among_them_by_hand_and_in_print():
    assert set("BGQSZ") <= set(LETTERS) and set("BGQSZ") <= set(PRINTED_LETTERS)
    assert "/" in SIGNS and "/" in PRINTED_SIGNS
    assert set("BGQSZ/") <= set(non_digits.non_digits(800, 1).names)


@pytest.mark.parametrize("character", PRINTED_LETTERS + PRINTED_SIGNS)
def test_every_printed_character_is_in_the_font(character):
    missing, made = (non_digits.printed(np.random.default_rng(1), each, ImageFont.load_default) for each in ("\ue123", character))
    assert made.any() and (made != missing).any()


def test_a_dash_lies_and_a_dot_is_full():
    for seed in range(20):
        dash, dot = (non_digits.whole(KINDS[kind](np.random.default_rng(seed), kind)) > 0.2 for kind in ("dash", "dot"))
        assert np.ptp(np.flatnonzero(dash.any(axis=0))) > np.ptp(np.flatnonzero(dash.any(axis=1)))
        assert dot.sum() > 200


def test_of_none_there_is_none():
    assert non_digits.non_digits(0, 1).images.shape == (0, 28, 28)


def test_of_several_pieces_the_largest_is_taken():
    canvas = np.zeros((100, 300), np.uint8)
    canvas[20:80, 20:60] = 255
    alone = non_digits.whole(canvas)
    assert alone.shape == (28, 28) and alone.max() > 0.9
