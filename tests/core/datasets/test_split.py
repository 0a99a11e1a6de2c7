import dataclasses

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from core import datasets
from core.errors import DataError


def dataset(num_images: int) -> datasets.Dataset:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (num_images, 28, 28), dtype=np.uint8)
    return datasets.Dataset("test", "Test digits", "drawn by lot", images, rng.integers(0, 10, num_images, dtype=np.uint8))


@pytest.mark.parametrize(("num_images", "share", "seed"), [(100, 0.2, 13), (101, 0.05, 0), (57, 0.5, 2**31 - 1)])
def test_the_split_is_scikit_learns_own(num_images, share, seed):
    whole = dataset(num_images)
    expected = train_test_split(whole.images, whole.labels, test_size=share, random_state=seed)
    cut = datasets.split(whole, validation_share=share, seed=seed)
    for ours, theirs in zip((cut.x_train, cut.x_validation, cut.y_train, cut.y_validation), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_validation_rows_lead_back_to_the_data_set():
    whole = dataset(50)
    cut = datasets.split(whole, validation_share=0.2, seed=13)
    np.testing.assert_array_equal(whole.images[cut.validation_rows], cut.x_validation)
    np.testing.assert_array_equal(whole.labels[cut.validation_rows], cut.y_validation)


def test_too_few_images_are_refused_with_a_sentence():
    with pytest.raises(DataError, match="Test digits has 1 images, too few to keep 20%"):
        datasets.split(dataset(1), validation_share=0.2, seed=13)


def test_the_recipe_split_has_the_2018_sizes(mnist):
    cut = datasets.split(datasets.load("recipe-split"), validation_share=0.2, seed=13)
    assert (len(cut.y_train), len(cut.y_validation)) == (33_600, 8_400)


def test_rows_left_out_are_missing_from_training_and_never_from_validation():
    digits = datasets.load("digits")
    whole = datasets.split(digits, validation_share=0.2, seed=13)
    in_validation = int(whole.validation_rows[0])
    in_training = next(row for row in range(len(digits)) if row not in set(whole.validation_rows))
    cut = datasets.split(digits, validation_share=0.2, seed=13, left_out=(in_training, in_validation))
    np.testing.assert_array_equal(cut.validation_rows, whole.validation_rows)
    assert len(cut.y_train) == len(whole.y_train) - 1
    assert not (cut.x_train == digits.images[in_training]).all(axis=(1, 2)).any()


@pytest.fixture
def by_writers():
    digits = datasets.load("digits")
    writers = np.random.default_rng(0).integers(0, 9, 200).astype(np.int32)
    return datasets.Dataset("test", "Test", "", digits.images[:200].copy(), digits.labels[:200].copy(), groups=writers)


def test_whole_writers_are_kept_for_validation_nearest_to_the_share(by_writers):
    cut = datasets.split(by_writers, validation_share=0.2, seed=13, by_group=True)
    kept = set(by_writers.groups[cut.validation_rows])
    counts = np.bincount(by_writers.groups)
    assert 0 < len(kept) < 9 and len(cut.y_validation) == counts[sorted(kept)].sum()
    assert abs(len(cut.y_validation) - 40) <= counts.max() / 2
    assert len(cut.y_train) + len(cut.y_validation) == 200
    again = datasets.split(by_writers, validation_share=0.2, seed=13, by_group=True)
    np.testing.assert_array_equal(cut.x_train, again.x_train)
    others = [
        set(by_writers.groups[datasets.split(by_writers, validation_share=0.2, seed=seed, by_group=True).validation_rows])
        for seed in range(5)
    ]
    assert any(other != kept for other in others), "another seed keeps others"


def test_each_share_leaves_somebody_on_both_sides(by_writers):
    two = dataclasses.replace(by_writers, groups=(np.arange(200) < 190).astype(np.int32))
    for share in (0.05, 0.5):
        cut = datasets.split(two, validation_share=share, seed=13, by_group=True)
        assert len(cut.y_train) and len(cut.y_validation)


def test_left_out_rows_leave_the_writers_kept_for_validation_as_they_are(by_writers):
    whole = datasets.split(by_writers, validation_share=0.2, seed=13, by_group=True)
    row = int(np.setdiff1d(np.arange(200), whole.validation_rows)[0])
    cut = datasets.split(by_writers, validation_share=0.2, seed=13, left_out=(row,), by_group=True)
    np.testing.assert_array_equal(cut.validation_rows, whole.validation_rows)
    assert len(cut.y_train) == len(whole.y_train) - 1


def test_without_groups_the_split_is_what_it_was():
    digits = datasets.load("digits")
    plain, asked = (datasets.split(digits, validation_share=0.2, seed=13, by_group=each) for each in (False, True))
    np.testing.assert_array_equal(plain.validation_rows, asked.validation_rows)


def of_images(dataset, count, **settings):
    """The rows for training and for validation, where `count` images are trained on."""
    return datasets.rows(dataset, validation_share=0.2, seed=13, training_images=count, **settings)


def test_some_training_images_are_in_equal_shares_of_the_digits_and_the_validation_images_stay():
    digits = datasets.load("digits")
    whole, kept = of_images(digits, 0)
    for count in (10, 37, 300, 1000):
        train, validation = of_images(digits, count)
        np.testing.assert_array_equal(validation, kept)
        assert len(set(train)) == len(train) == count and set(train) <= set(whole)
        counts = np.bincount(digits.labels[train], minlength=10)
        assert counts.max() - counts.min() <= 1
    assert set(of_images(digits, 300)[0]) < set(of_images(digits, 1000)[0]), "more images are added to the same"
    other = datasets.rows(digits, validation_share=0.2, seed=14, training_images=300)[0]
    assert set(other) != set(of_images(digits, 300)[0])


def test_a_rare_digit_gives_what_it_has_and_the_others_the_rest():
    digits = datasets.load("digits")
    rows = np.concatenate([np.flatnonzero(digits.labels == 3)[:8], np.flatnonzero(digits.labels == 5)[:100]])
    two = datasets.Dataset("test", "Test", "", digits.images[rows].copy(), digits.labels[rows].copy())
    train, _ = of_images(two, 50)
    rare = np.sum(two.labels[of_images(two, 0)[0]] == 3)
    assert np.bincount(two.labels[train]).tolist() == [0, 0, 0, rare, 0, 50 - rare]


def test_as_many_as_there_are_or_more_are_all_of_them_in_their_order():
    digits = datasets.load("digits")
    whole = datasets.split(digits, validation_share=0.2, seed=13)
    for count in (1437, 70_000):
        cut = datasets.split(digits, validation_share=0.2, seed=13, training_images=count)
        np.testing.assert_array_equal(cut.x_train, whole.x_train)
        assert datasets.num_training_images("digits", validation_share=0.2, seed=13, training_images=count) == 1437
    assert datasets.num_training_images("digits", validation_share=0.2, seed=13, training_images=300) == 300


def test_one_that_is_left_out_is_replaced_by_another_of_its_digit():
    digits = datasets.load("digits")
    some, _ = of_images(digits, 300)
    gone = int(some[0])
    instead, _ = of_images(digits, 300, left_out=(gone,))
    assert set(some) - set(instead) == {gone}
    assert digits.labels[list(set(instead) - set(some))].tolist() == [digits.labels[gone]]
    asked = {"validation_share": 0.2, "seed": 13, "left_out": (gone,)}
    assert datasets.num_training_images("digits", **asked, training_images=300) == 300
    assert datasets.num_training_images("digits", **asked, training_images=1437) == 1436


def test_some_images_of_a_split_by_writers_are_by_the_writers_for_training(by_writers):
    train, kept = of_images(by_writers, 50, by_group=True)
    np.testing.assert_array_equal(kept, of_images(by_writers, 0, by_group=True)[1])
    assert len(train) == 50 and not set(by_writers.groups[train]) & set(by_writers.groups[kept])
