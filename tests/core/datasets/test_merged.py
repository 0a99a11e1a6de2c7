"""Sets merged from others: each image once, weights in training alone, a part that is gone said in a sentence."""

import json

import numpy as np
import pytest

from core import datasets
from core.datasets import merged, uploads
from core.datasets.dataset import Dataset, split
from core.datasets.merged import Part
from core.errors import DataError, DatasetMissing
from core.recipe import Recipe


@pytest.fixture
def mine(data_dir):
    """Thirty images that nobody else has."""
    images = np.zeros((30, 28, 28), np.uint8)
    images[:, 5, 5] = np.arange(1, 31)
    return uploads.keep(images, (np.arange(30) % 10).astype(np.uint8), filename="mine.csv")


@pytest.fixture
def both(mine):
    return merged.keep([Part("digits", 1), Part(mine.name, 5)], "Built-in digits + 5 x mine.csv")


def test_a_merged_set_holds_the_images_of_its_parts_by_reference(both, mine, data_dir):
    whole, digits = datasets.load(both), datasets.load("digits")
    np.testing.assert_array_equal(whole.images, np.concatenate([digits.images, mine.images]))
    np.testing.assert_array_equal(whole.labels, np.concatenate([digits.labels, mine.labels]))
    np.testing.assert_array_equal(whole.weights, [1] * len(digits) + [5] * 30)
    assert whole.provenance == "Merged from Built-in digits (1,797 images, 1 x), mine.csv (30 images, 5 x)."
    assert (both, "Built-in digits + 5 x mine.csv") in datasets.available() and datasets.num_images(both) == 1827
    assert (data_dir / "uploads" / f"{both}.json").stat().st_size < 200
    assert Recipe(dataset=both).dataset == both


def test_weights_repeat_training_images_and_no_validation_image(both):
    whole = datasets.load(both)
    cut = split(whole, validation_share=0.2, seed=13)
    validation = cut.validation_rows
    np.testing.assert_array_equal(cut.x_validation, whole.images[validation])
    assert len(np.unique(validation)) == len(validation) == 366
    training = np.setdiff1d(np.arange(len(whole)), validation)
    assert len(cut.y_train) == whole.weights[training].sum()
    assert datasets.num_training_images(both, validation_share=0.2, seed=13) == len(cut.y_train)
    seen = {image.tobytes(): int(count) for image, count in zip(*np.unique(cut.x_train, axis=0, return_counts=True), strict=True)}
    assert all(seen[whole.images[row].tobytes()] == whole.weights[row] for row in training)
    assert not {image.tobytes() for image in cut.x_validation} & set(seen)


def test_a_row_that_is_left_out_is_left_out_as_often_as_it_would_be_used(both):
    whole = datasets.load(both)
    row = max(set(range(1797, 1827)) - set(split(whole, validation_share=0.2, seed=13).validation_rows))
    sizes = [len(split(whole, validation_share=0.2, seed=13, left_out=out).y_train) for out in ((), (row,))]
    assert sizes[0] - sizes[1] == 5
    assert datasets.num_training_images(both, validation_share=0.2, seed=13, left_out=(row,)) == sizes[1]


def test_of_some_training_images_each_is_used_as_often_as_its_weight_says(both):
    whole = datasets.load(both)
    train, _ = datasets.rows(whole, validation_share=0.2, seed=13, training_images=300)
    cut = split(whole, validation_share=0.2, seed=13, training_images=300)
    assert len(train) == 300 and len(cut.y_train) == whole.weights[train].sum() > 300
    assert datasets.num_training_images(both, validation_share=0.2, seed=13, training_images=300) == len(cut.y_train)


def test_copies_are_one_image_with_their_weights_added_up(mine):
    images = np.concatenate([mine.images[:4], mine.images[:1], np.full((1, 28, 28), 9, np.uint8)])
    labels = np.concatenate([mine.labels[:3], [7, 0, 1]]).astype(np.uint8)
    other = uploads.keep(images, labels, filename="other.csv")
    whole = datasets.load(merged.keep([Part(mine.name, 2), Part(other.name, 3)], "both"))
    assert len(whole) == 31 and whole.weights[:5].tolist() == [8, 5, 5, 5, 2] and whole.weights[-1] == 3
    np.testing.assert_array_equal(whole.labels[:30], mine.labels)
    assert whole.provenance.endswith("Of copies of an image one is kept: 5 left out, 1 with another label than the first.")
    assert len({image.tobytes() for image in whole.images}) == len(whole)


def test_a_part_that_was_deleted_is_said_and_comes_back_with_it(both, mine):
    datasets.load(both)
    uploads.delete(mine.name)
    assert both not in dict(datasets.available())
    assert datasets.title(both) == "Built-in digits + 5 x mine.csv"
    with pytest.raises(DatasetMissing, match=rf"was merged from others, and the uploaded data set {mine.name} is not here"):
        datasets.load(both)
    uploads.keep(mine.images.copy(), mine.labels.copy(), filename="again.csv")
    assert len(datasets.load(both)) == 1827


def test_a_deleted_merged_set_leaves_its_parts(both, mine):
    datasets.delete(both)
    assert [name for name, _ in datasets.available()] == ["digits", mine.name]
    with pytest.raises(DatasetMissing, match="is not here"):
        datasets.load(both)


def test_the_same_parts_and_weights_are_the_same_set(both, mine):
    assert merged.keep([Part("digits", 1), Part(mine.name, 5)], "another title") == both
    assert merged.keep([Part("digits", 1), Part(mine.name, 4)], "another title") != both


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([("digits", 1)], "1 data sets were chosen"),
        ([("digits", 1), ("digits", 2)], "2 to 8 different ones"),
        ([("digits", 1), ("mix-0123456789ab", 1)], "not merged ones"),
        ([("digits", 1), ("mnist", 0)], "A weight is 0"),
        ([("digits", 1), ("mnist", 51)], "from 1 to 50"),
    ],
)
def test_what_cannot_be_merged_is_a_sentence(data_dir, parts, why):
    with pytest.raises(DataError, match=why):
        merged.keep([Part(*part) for part in parts], "")
    assert not (data_dir / "uploads").exists()


def test_weights_that_would_fill_the_memory_are_refused(mine, monkeypatch):
    monkeypatch.setattr(merged, "_MOST_USED", 5000)
    with pytest.raises(DataError, match="an epoch would use up to 89,880 images; 5,000 are the most"):
        datasets.load(merged.keep([Part("digits", 50), Part(mine.name, 1)], "too much"))


@pytest.mark.parametrize("kept", [{"title": "a", "parts": [["digits", 1], ["mnist", 9]]}, {"parts": 7}, [], None])
def test_a_list_that_was_changed_is_said_to_be_damaged(both, data_dir, kept):
    (data_dir / "uploads" / f"{both}.json").write_text(json.dumps(kept))
    assert both not in dict(datasets.available())
    with pytest.raises(DataError, match="does not say from what it was merged"):
        datasets.load(both)


def test_weights_are_whole_numbers_from_one_on():
    with pytest.raises(DataError, match="from 1 on"):
        Dataset("a", "A", "", np.zeros((2, 28, 28), np.uint8), np.zeros(2, np.uint8), weights=np.array([1, 0]))
