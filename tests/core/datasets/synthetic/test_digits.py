"""Drawn digits must pass for handwriting that was scanned: balanced, placed like MNIST's, and each with its own face."""

import numpy as np
import pytest
from scipy.ndimage import label

from core import datasets
from core.datasets import synthetic
from core.datasets.synthetic import mix
from core.datasets.synthetic.styles import STYLES
from core.drawing import preprocessing


@pytest.fixture(scope="module")
def digits():
    return synthetic.drawn(1000, 13)


def test_the_same_seed_gives_the_same_digits_and_another_seed_others(digits):
    images, labels = synthetic.drawn(1000, 13)
    np.testing.assert_array_equal(images, digits[0])
    np.testing.assert_array_equal(labels, digits[1])
    assert not np.array_equal(synthetic.drawn(1000, 14)[0], images)


def test_all_ten_digits_come_about_as_often_and_no_two_are_alike(digits):
    images, labels = digits
    assert images.dtype == labels.dtype == np.uint8
    assert np.bincount(labels, minlength=10).tolist() == [100] * 10
    assert len(np.unique(images, axis=0)) == 1000
    assert np.ptp(np.bincount(synthetic.drawn(137, 13)[1], minlength=10)) == 1


def test_none_is_none():
    real = datasets.load("digits")
    nine = real.labels == 9
    for images, labels in (
        synthetic.drawn(0, 13),
        synthetic.added(real.images, real.labels, 0, 13),
        synthetic.added(real.images[nine], real.labels[nine], 50, 13),
        synthetic.thickened(real.images, real.labels, 0, 13),
    ):
        assert images.shape == (0, 28, 28) and labels.shape == (0,)


@pytest.fixture(scope="module")
def real_and_added():
    """The built-in zeros, ones and sevens one at a time, and each with a stroke more."""
    real = datasets.load("digits")
    rows = np.flatnonzero(np.isin(real.labels, (0, 1, 7)))[:240]
    pairs = [synthetic.added(real.images[[row]], real.labels[[row]], 1, int(row)) for row in rows]
    images, labels = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    np.testing.assert_array_equal(labels, real.labels[rows])
    return real.images[rows] / 255, images / 255, labels


def test_a_stem_gets_an_upstroke_or_a_foot_and_a_seven_a_bar():
    plain = np.zeros((2, 28, 28), np.uint8)
    plain[:, 4:24, 14:17] = 255
    plain[1, 4:7, 6:17] = 255
    ones, _ = synthetic.added(plain[:1], np.array([1], np.uint8), 40, 13)
    assert (ones > 127).any(axis=1).sum(axis=1).min() > 4
    sevens, _ = synthetic.added(plain[1:], np.array([7], np.uint8), 40, 13)
    assert (sevens[:, 9:20] > 127).sum(axis=2).max(axis=1).min() > 5


def test_a_zero_is_slashed(real_and_added):
    real, added, labels = real_and_added
    hole = np.s_[:, 12:16, 12:16]
    assert real[labels == 0][hole].mean() < 0.25 < 0.45 < added[labels == 0][hole].mean()


def test_an_image_with_a_stroke_more_lies_where_a_drawing_would_be_put(real_and_added):
    _, added, _ = real_and_added
    again = np.stack([preprocessing.centred(image) for image in added])
    assert np.mean(np.abs(again - added).mean(axis=(1, 2)) < 0.01) > 0.95


def test_a_thick_pen_closes_loops_and_keeps_the_digit_in_its_place():
    real = datasets.load("digits")
    eights = real.labels == 8
    images, labels = synthetic.thickened(real.images[eights], real.labels[eights], 200, 13)
    assert images.shape == (200, 28, 28) and images.dtype == np.uint8 and set(labels) == {8}
    loops = [label(image < 128)[1] - 1 for image in images]
    before = [label(image < 128)[1] - 1 for image in real.images[eights]]
    assert np.mean(np.array(loops) < 2) > np.mean(np.array(before) < 2) + 0.1
    again = np.stack([preprocessing.centred(image / 255) for image in images])
    assert np.mean(np.abs(again - images / 255).mean(axis=(1, 2)) < 0.01) > 0.95


def test_other_hands_are_drawn_and_real_ones_in_the_number_asked_for():
    real = datasets.load("digits")
    images, labels = synthetic.extra_digits(real.images, real.labels, 401, 13)
    assert images.shape == (401, 28, 28) and images.dtype == labels.dtype == np.uint8 and labels.shape == (401,)
    again, _ = synthetic.extra_digits(real.images, real.labels, 401, 13)
    np.testing.assert_array_equal(images, again)
    assert len(np.unique(images, axis=0)) == 401
    assert set(labels[:100]) == {0, 1, 7} and set(labels) == set(range(10))


def test_a_thick_pen_writes_every_hand_and_none_where_the_real_ones_are_to_stay(monkeypatch):
    pools = []
    thickened = mix.thickened
    monkeypatch.setattr(mix, "thickened", lambda *pool_and_more: pools.append(pool_and_more[0]) or thickened(*pool_and_more))
    real = datasets.load("digits")
    images, _ = synthetic.extra_digits(real.images, real.labels, 200, 13)
    (pool,) = pools
    np.testing.assert_array_equal(pool[: len(real.images)], real.images)
    known = {image.tobytes() for image in pool[len(real.images) :]}
    thin = [image.tobytes() in known for image in images]
    assert len(known) == 130 == sum(thin), "strokes added and digits by rule are thickened, too, and stay as they are beside it"
    by_rule, _ = synthetic.extra_digits(real.images, real.labels, 200, 13, rewritten=False)
    np.testing.assert_array_equal(by_rule, synthetic.drawn(200, 13)[0])
    assert len(pools) == 1


def test_the_longer_side_of_the_ink_is_20_px(digits):
    heights, widths = digits[0].any(axis=2).sum(axis=1), digits[0].any(axis=1).sum(axis=1)
    longer = np.maximum(heights, widths)
    assert longer.max() == 20 and np.mean(longer == 20) > 0.95


def test_each_lies_where_a_drawing_would_be_put(digits):
    """`preprocessing.centred` is what a drawing goes through; all but the faintest rims it leaves alone."""
    again = np.stack([preprocessing.centred(image / 255) for image in digits[0][:200]])
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
