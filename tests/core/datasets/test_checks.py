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


def test_copies_are_named_with_the_first_one_and_so_are_those_of_another_label():
    images = dataset([0] * 6).images.copy()
    images[1] = images[2] = images[0]
    images[4] = images[3]
    report = checks.report(dataset([7, 7, 1, 5, 5, 0], images))
    assert report.duplicates.tolist() == [[1, 0], [2, 0], [4, 3]]
    assert report.conflicting.tolist() == [[2, 0]]
    assert "3 duplicates" in checks.summary(report)


def test_one_pixel_makes_two_images_different():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 27, 27] = 1
    assert not len(checks.report(dataset([0, 1], images)).duplicates)


def test_blank_images_are_found_also_where_they_are_not_quite_even():
    images = datasets.load("digits").images[:6].copy()
    images[1], images[3] = 0, 255
    images[4] = np.random.default_rng(0).integers(100, 110, (28, 28))
    assert checks.report(dataset([0] * 6, images)).blank.tolist() == [1, 3, 4]


def test_ink_that_ends_at_the_border_looks_cut_but_not_a_point_that_touches_it():
    images = datasets.load("digits").images[:30].copy()
    assert not len(checks.report(dataset([0] * 30, images)).cut)
    images = images.copy()
    images[2] = np.roll(images[2], 10, axis=0)
    images[2, :10] = 0  # the lower third is gone
    images[5] = 0
    images[5, 5:20, 13:16] = 255
    images[5, 4:6, 0] = 120  # faint, and short
    assert checks.report(dataset([0] * 30, images)).cut.tolist() == [2]


def test_a_set_that_fills_its_frames_is_not_called_cut():
    images = np.zeros((30, 28, 28), np.uint8)
    images[:, :, 10:15] = 255
    images[:10, :4] = images[:10, -4:] = 0
    assert not len(checks.report(dataset([0] * 30, images)).cut)


def test_absent_digits_are_named_and_rare_ones_told():
    report = checks.report(dataset([0, 1, 2, 3, 4, 5, 6, 8] * 40 + [7] * 3))
    assert checks.warnings(report) == ["There is no image of the digit 9: the network cannot learn it."]
    assert report.rare == (7,)


@pytest.mark.parametrize(("change", "words"), [(lambda x: 255 - x, "inverted"), (lambda x: x // 3, "divided already")])
def test_pixels_on_another_scale_are_noticed(change, words):
    balanced = list(range(10)) * 2
    report = checks.report(dataset(balanced, change(dataset(balanced).images)))
    assert [words in sentence for sentence in checks.warnings(report)] == [True]


def test_the_recipe_split_is_told_in_one_line(mnist):
    report = checks.report(datasets.load("recipe-split"))
    assert checks.summary(report) == "42,000 images, 28 x 28, no missing values, pixels from 0 to 255, 0 duplicates"
    assert checks.warnings(report) == [] and not len(report.blank) and report.rare == ()
