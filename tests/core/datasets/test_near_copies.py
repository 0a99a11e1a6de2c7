import io

import numpy as np
import pytest
from PIL import Image

from core import datasets
from core.datasets import near_copies

NUM = 300


def quiet(share):
    assert 0 <= share <= 1


def encoded(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=75)
    return np.asarray(Image.open(file).convert("L"))


@pytest.fixture(scope="module")
def digits():
    return datasets.load("digits").images[:NUM]


@pytest.mark.parametrize(
    "change",
    [
        lambda image: np.roll(image, (1, -1), (0, 1)),
        encoded,
        lambda image: np.clip(image * 1.15, 0, 255).astype(np.uint8),
        lambda image: np.clip(image.astype(int) + 15, 0, 255).astype(np.uint8),
        lambda image: (image * 0.7).astype(np.uint8),
    ],
    ids=["shifted", "encoded anew", "more contrast", "brighter all over", "darker"],
)
def test_a_changed_copy_is_found_with_the_image_it_was_made_from(digits, change):
    copied = np.arange(0, NUM, 10)
    images = np.concatenate([digits, np.stack([change(digits[row]) for row in copied])])
    pairs = near_copies.within(images, quiet)
    assert pairs.tolist() == np.column_stack([NUM + np.arange(len(copied)), copied]).tolist()


def test_different_digits_are_not_near(digits):
    assert near_copies.within(digits, quiet).shape == (0, 2)


def test_no_pair_is_lost_that_a_plain_comparison_of_all_finds(digits, monkeypatch):
    monkeypatch.setattr(near_copies, "_BLOCK", 64)
    monkeypatch.setattr(near_copies, "_COLUMNS", 100)
    alike = 0.9
    whole = near_copies.laid(digits)
    cosines = np.tril(whole @ whole.T, -1)
    rows = np.flatnonzero(cosines.max(axis=1) >= alike)
    assert len(rows) > 10
    expected = np.column_stack([rows, cosines[rows].argmax(axis=1)])
    np.testing.assert_array_equal(near_copies.within(digits, quiet, alike=alike), expected)


def test_copies_of_other_images_are_found_with_their_rows(digits):
    theirs = digits[100:200]
    mine = np.concatenate([digits[:100], theirs[7:8], np.roll(theirs[20:21], 1, axis=2), np.zeros((2, 28, 28), np.uint8)])
    assert near_copies.between(mine, theirs, quiet).tolist() == [[100, 7], [101, 20]]


def test_a_thousand_blank_images_and_one_of_a_thousand_copies_end_in_time():
    images = np.zeros((2000, 28, 28), np.uint8)
    images[1000:] = datasets.load("digits").images[0]
    pairs = near_copies.within(images, quiet)
    assert pairs[:, 0].tolist() == list(range(1001, 2000)) and (pairs[:, 1] >= 1000).all()


def test_it_ends_where_the_check_raises(digits):
    class Stop(Exception):
        pass

    def stop(share):
        if share > 0:
            raise Stop

    with pytest.raises(Stop):
        near_copies.within(digits, stop)
