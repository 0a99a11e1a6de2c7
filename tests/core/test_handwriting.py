"""Drawn digits must pass for handwriting that was scanned: balanced, placed like MNIST's, and each with its own face."""

import numpy as np
import pytest

from core import handwriting, strokes
from core.handwriting.styles import STYLES


@pytest.fixture(scope="module")
def digits():
    return handwriting.drawn(1000, 13)


def test_the_same_seed_gives_the_same_digits_and_another_seed_others(digits):
    images, labels = handwriting.drawn(1000, 13)
    np.testing.assert_array_equal(images, digits[0])
    np.testing.assert_array_equal(labels, digits[1])
    assert not np.array_equal(handwriting.drawn(1000, 14)[0], images)


def test_all_ten_digits_come_about_as_often_and_no_two_are_alike(digits):
    images, labels = digits
    assert images.dtype == labels.dtype == np.uint8
    assert np.bincount(labels, minlength=10).tolist() == [100] * 10
    assert len(np.unique(images, axis=0)) == 1000
    assert np.ptp(np.bincount(handwriting.drawn(137, 13)[1], minlength=10)) == 1


def test_none_is_none():
    images, labels = handwriting.drawn(0, 13)
    assert images.shape == (0, 28, 28) and labels.shape == (0,)


def test_the_longer_side_of_the_ink_is_20_px(digits):
    heights, widths = digits[0].any(axis=2).sum(axis=1), digits[0].any(axis=1).sum(axis=1)
    longer = np.maximum(heights, widths)
    assert longer.max() == 20 and np.mean(longer == 20) > 0.95


def test_each_lies_where_a_drawing_would_be_put(digits):
    """`strokes.centred` is what a drawing goes through; all but the faintest rims it leaves alone."""
    again = np.stack([strokes.centred(image / 255) for image in digits[0][:200]])
    moved = np.abs(again - digits[0][:200] / 255).mean(axis=(1, 2))
    assert np.mean(moved < 0.01) > 0.95


def test_each_digit_has_several_styles_all_as_high_as_a_digit():
    for digit, styles in STYLES.items():
        assert len({style.path for style in styles}) == len(styles) > 3, digit
        for style in styles:
            points = [word.rstrip("!").split(",") for word in style.path.replace("/", " ").split()]
            heights = [float(y) for _, y in points]
            assert -10 <= min(heights) <= 10 and 90 <= max(heights) <= 110, (digit, style.path)


def test_a_drawn_digit_shows_its_own_label(digits):
    """The nearest mean of the ten tells each digit apart far more often than one time in ten."""
    images, labels = digits[0].reshape(1000, -1) / 255, digits[1]
    means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    nearest = ((images[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert min(np.mean(nearest[labels == digit] == digit) for digit in range(10)) > 0.4
