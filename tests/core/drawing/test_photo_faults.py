"""Each fault alone on a page that is otherwise fine is named; a page that is fine is told none."""

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter, rotate

from core.drawing.photo_faults import faults, trusted
from core.drawing.photos import picture_of
from tests.conftest import absent, cases
from tests.drawn import THREE, draw

HEIGHT, WIDTH = 460, 680
UNREAD = 0.0


def written(*, size=100, rows=(90, 270), columns=(80, 210, 340, 470)):
    """How much ink lies where (460, 680): the same three some times in lines."""
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    one = draw(THREE, side=size + 20, size=size, left=10, top=10, brush=max(size // 9, 2))[..., 3].astype(np.float32) / 255
    for top in rows:
        for left in columns:
            part = ink[top : top + len(one), left : left + len(one)]
            np.maximum(part, one[: part.shape[0], : part.shape[1]], out=part)
    return ink


def photographed(ink, *, pen=50.0, printed=0.0, light=1.0, blur_px=0.6):
    """(460, 680, 3) uint8: dark ink on paper of 220 with a camera's noise."""
    seen = 220 * (1 - printed)
    seen = (seen * (1 - ink) + np.minimum(seen, pen) * ink) * light
    seen = gaussian_filter(np.broadcast_to(seen, ink.shape), blur_px) + np.random.default_rng(0).normal(0, 2, ink.shape)
    return np.repeat(seen.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def lines(*, rows, columns):
    """(460, 680): the paper's printed lines, nearly as dark as the ink."""
    printed = np.zeros((HEIGHT, WIDTH), np.float32)
    for part, every in ((printed, rows), (printed.T, columns)):
        for place in range(12, len(part), every or len(part) * 2):
            part[place : place + 3] = 0.75 if every else 0
    return printed


def shadow():
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.where(x > 300 + 20 * np.sin(y / 30), 0.2, 1.0)


FAULTS = {
    "squares of the paper": lambda: photographed(written(), printed=lines(rows=24, columns=24)),
    "ruled lines": lambda: photographed(written(), printed=lines(rows=24, columns=0)),
    "A shadow lies": lambda: photographed(written(), light=shadow()),
    "tilted by 30°": lambda: photographed(rotate(written(rows=(180,)), 30, reshape=False, order=1).clip(0, 1)),
    "blurred": lambda: photographed(written(), blur_px=9),
    "too small": lambda: photographed(written(size=12, columns=(80, 100, 120, 140), rows=(90, 120))),
    "Nothing seems to be written": lambda: photographed(np.zeros((HEIGHT, WIDTH), np.float32)),
    "ink is too faint": lambda: photographed(written(), pen=202),
    "too dark": lambda: photographed(written(), light=0.1),
    "overexposed": lambda: photographed(written(), pen=200, light=1.6),
    "cut off at the border": lambda: photographed(written(columns=(80, 210, 340, 470, 620))),
}


@pytest.mark.parametrize("words", FAULTS)
def test_the_one_fault_of_a_page_is_named_first_with_what_to_do(words):
    first, *others = faults(FAULTS[words](), UNREAD)
    assert words in first and ": " in first and len(others) <= 1


@pytest.mark.parametrize("certainty", [0.35, 0.99])
def test_a_page_without_a_fault_is_told_none_however_sure_the_network_is(certainty):
    assert faults(photographed(written()), certainty) == []


def test_what_is_written_well_and_is_no_digit_is_said_to_be_none():
    (told,) = faults(photographed(written()), UNREAD)
    assert "does not look like digits" in told


def test_a_picture_of_something_else_is_said_to_be_no_digits():
    grey = np.kron(np.random.default_rng(0).integers(20, 230, (23, 34)), np.ones((20, 20))).astype(np.uint8)
    (told,) = faults(np.repeat(grey[..., None], 3, axis=2), UNREAD)
    assert "does not look like digits" in told


@pytest.mark.parametrize("words", sorted(set(FAULTS) - {"cut off at the border", "Nothing seems to be written"}))
def test_a_page_that_is_read_with_certainty_is_told_no_fault_whatever_it_looks_like(words):
    assert faults(FAULTS[words](), 0.95) == []


def test_digits_that_are_cut_off_are_told_though_the_others_are_read_with_certainty():
    (told,) = faults(FAULTS["cut off at the border"](), 0.99)
    assert "cut off at the border" in told


def test_the_edge_of_the_table_is_no_digit_that_is_cut_off():
    picture = photographed(written())
    picture[:, -25:] = 30
    assert faults(picture, 0.99) == []


def test_a_reading_is_trusted_as_far_as_its_least_certain_digit_unless_most_was_no_digit():
    assert trusted([0.9, 0.6], 0) == 0.6 and trusted([0.9], 1) == 0.9
    assert trusted([], 0) == trusted([0.9], 2) == 0.0


@pytest.mark.parametrize("name", ["page-0.jpg", "page-2.jpg", "page-3.jpg", "lines-0.jpg", "lines-1.jpg"])
def test_photos_that_are_read_right_are_told_no_fault_even_where_a_digit_was_doubtful(name):
    path = cases() / name
    if not path.exists():
        absent("needs photos of digits: let DIGITLAB_CASES name their folder")
    assert faults(picture_of(path.read_bytes()), 0.5) == []


def test_pictures_of_any_shape_and_of_one_colour_are_judged_without_an_error():
    for height, width in ((16, 16), (20, 160), (160, 20), (700, 90)):
        for colour in (0, 128, 255):
            assert faults(np.full((height, width, 3), colour, np.uint8), UNREAD)
    assert faults(np.asarray(Image.effect_noise((300, 200), 80).convert("RGB")), UNREAD)
