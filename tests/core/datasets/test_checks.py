import numpy as np
import pytest

from core import datasets
from core.datasets import Dataset, checks


def dataset(labels: list[int], images: np.ndarray | None = None) -> Dataset:
    if images is None:
        images = np.random.default_rng(0).integers(0, 100, (len(labels), 28, 28), dtype=np.uint8)
        images[:, 0, 0] = 255
    return Dataset("test", "Test digits", "drawn by lot", images, np.array(labels, np.uint8))


def test_the_figures_are_counted():
    whole = dataset([0, 1, 1, 2])
    report = checks.report(whole)
    assert (report.rows, report.low, report.high, report.dtype) == (4, 0, 255, "uint8")
    assert (report.missing_pixels, report.missing_labels) == (0, 0)
    assert report.counts == (1, 2, 1, 0, 0, 0, 0, 0, 0, 0)
    assert report.mean == pytest.approx(whole.images.mean())


def test_copies_count_beyond_the_first_and_conflicts_once_per_picture():
    images = dataset([0] * 6).images.copy()
    images[1] = images[2] = images[0]
    images[4] = images[3]
    report = checks.report(dataset([7, 7, 1, 5, 5, 0], images))
    assert (report.duplicates, report.conflicting) == (3, 1)
    told = " ".join(checks.warnings(report))
    assert "3 images repeat" in told
    assert "1 picture occurs with more than one label" in told


def test_one_pixel_makes_two_images_different():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 27, 27] = 1
    assert checks.report(dataset([0, 1], images)).duplicates == 0


def test_absent_and_rare_digits_are_named():
    report = checks.report(dataset([0, 1, 2, 3, 4, 5, 6, 8] * 40 + [7] * 3))
    assert checks.warnings(report) == [
        "The digit 7 has only 3 images of 323: expect it to be read badly.",
        "There is no image of the digit 9: the network cannot learn it.",
    ]


@pytest.mark.parametrize(("change", "words"), [(lambda x: 255 - x, "inverted"), (lambda x: x // 3, "divided already")])
def test_pixels_on_another_scale_are_noticed(change, words):
    balanced = list(range(10)) * 2
    report = checks.report(dataset(balanced, change(dataset(balanced).images)))
    assert [words in sentence for sentence in checks.warnings(report)] == [True]


def test_the_recipe_split_is_told_in_one_line(mnist):
    report = checks.report(datasets.load("recipe-split"))
    assert checks.summary(report) == "42,000 images, 28 x 28, no missing values, pixels from 0 to 255, 0 duplicates"
    assert checks.warnings(report) == []
