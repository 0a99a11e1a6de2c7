"""The built-in digits must be scikit-learn's, and look like what MNIST taught people to expect.

MNIST's figures are of its 60,000 training images; `stroke_px` is twice the ink over its total variation.
"""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from core.datasets import digits

MNIST_STROKE_PX = (2.28, 2.97)  # the middle half of the images; mean 2.69
MNIST_SATURATED = (0.32, 0.49)  # share of inked pixels (above 10 %) at 98 % or more: the middle half; mean .40
MNIST_WIDE_PX = (13, 19)  # width of the ink: the middle half; mean 15.5


@pytest.fixture(scope="module")
def dataset():
    return digits.load()


@pytest.fixture(scope="module")
def images(dataset):
    return dataset.images / 255


def test_every_digit_of_scikit_learn_is_there_in_its_order(dataset):
    assert dataset.name == "digits" and len(dataset) == 1797
    np.testing.assert_array_equal(dataset.labels, load_digits().target)


def test_each_picture_shows_the_digit_of_its_own_row(images):
    """Means of neighbouring pixels still follow the 8 x 8 original, far better than another row's."""
    small = load_digits().images[:200].reshape(200, -1)
    coarse = images[:200, 2:26, 2:26].reshape(200, 8, 3, 8, 3).mean(axis=(2, 4)).reshape(200, -1)
    own = [np.corrcoef(a, b)[0, 1] for a, b in zip(coarse, small, strict=True)]
    other = [np.corrcoef(a, b)[0, 1] for a, b in zip(coarse, np.roll(small, 1, axis=0), strict=True)]
    assert np.mean(own) > np.mean(other) + 0.2


def test_the_ink_fits_a_box_of_20_px(images):
    heights, widths = images.any(axis=2).sum(axis=1), images.any(axis=1).sum(axis=1)
    longer = np.maximum(heights, widths)
    assert longer.max() == 20 and np.mean(longer == 20) > 0.99  # a few end in a wisp too faint to be kept
    assert MNIST_WIDE_PX[0] <= widths.mean() <= MNIST_WIDE_PX[1]


def test_the_centre_of_mass_lies_in_the_middle_pixel(images):
    places, mass = np.arange(28), images.sum(axis=(1, 2))
    for centre in (images.sum(axis=1) @ places / mass, images.sum(axis=2) @ places / mass):
        assert np.mean((centre > 13.49) & (centre < 14.51)) > 0.99


def test_strokes_are_about_as_wide_as_in_mnist(images):
    down, across = np.gradient(np.pad(images, ((0, 0), (2, 2), (2, 2))), axis=(1, 2))
    stroke_px = 2 * images.sum(axis=(1, 2)) / np.hypot(down, across).sum(axis=(1, 2))
    assert MNIST_STROKE_PX[0] < np.median(stroke_px) < MNIST_STROKE_PX[1]
    assert np.quantile(stroke_px, 0.05) > 2


def test_the_contrast_is_that_of_mnist(images):
    saturated = (images >= 0.98).sum(axis=(1, 2)) / (images > 0.1).sum(axis=(1, 2))
    assert MNIST_SATURATED[0] < saturated.mean() < MNIST_SATURATED[1]


def test_the_pictures_are_the_same_bytes_each_time(dataset):
    np.testing.assert_array_equal(digits.load().images, dataset.images)
