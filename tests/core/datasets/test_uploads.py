"""What people brought, kept under a name that is made of its content."""

import os

import numpy as np
import pytest

from core import datasets
from core.datasets import uploads
from core.errors import DataError, DatasetMissing
from core.recipe import Recipe
from core.system import files


def digits(num_rows: int = 30) -> tuple[np.ndarray, np.ndarray]:
    images = np.arange(num_rows * 784, dtype=np.uint32).astype(np.uint8).reshape(-1, 28, 28)
    return images, (np.arange(num_rows) % 10).astype(np.uint8)


def test_an_upload_can_be_deleted_and_says_that_it_is_gone(data_dir):
    name = keep().name
    uploads.delete(name)
    uploads.delete(name)
    assert datasets.title(name) == "an uploaded file that is gone"
    with pytest.raises(DatasetMissing, match="is not here"):
        datasets.load(name)


def keep(filename: str = "train.csv", num_rows: int = 30) -> datasets.Dataset:
    return uploads.keep(*digits(num_rows), filename=filename)


def test_an_upload_is_a_data_set_that_a_recipe_can_name(data_dir):
    kept = keep()
    assert Recipe(dataset=kept.name).dataset == kept.name
    loaded = datasets.load(kept.name)
    images, labels = digits()
    np.testing.assert_array_equal(loaded.images, images)
    np.testing.assert_array_equal(loaded.labels, labels)
    assert loaded.title == "train.csv"


def test_the_name_tells_the_content(data_dir):
    first, same, other = keep(), keep("copy.csv"), keep(num_rows=40)
    assert first.name == same.name != other.name
    assert datasets.load(first.name).title == "copy.csv"


def test_uploads_are_listed_newest_first_and_damaged_ones_left_out(data_dir):
    names = [keep(f"{num_rows} rows.csv", num_rows).name for num_rows in (30, 40, 50)]
    for age, name in enumerate(names):
        os.utime(data_dir / "uploads" / f"{name}.npz", (age, age))
    (data_dir / "uploads" / f"{names[1]}.npz").write_bytes(b"PK and no more")
    expected = [(names[2], "50 rows.csv"), (names[0], "30 rows.csv")]
    assert uploads.uploads() == expected
    assert datasets.available() == [("digits", "Built-in digits"), *expected]


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\train.csv", "train.csv"),
        ("a\nb\x00\u202ec.csv", "a bc.csv"),
        ("![x](https:host?q).csv", "x (https host?q).csv"),
        ("", "Uploaded digits"),
        ("/", "Uploaded digits"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_filename_becomes_a_title_and_never_a_path(filename, title, data_dir):
    kept = keep(filename)
    assert kept.title == title
    files = [path.relative_to(data_dir).as_posix() for path in data_dir.rglob("*") if path.is_file()]
    assert files == [f"uploads/{kept.name}.npz"]


@pytest.mark.parametrize("name", ["csv-000000000000", "../secret", "csv-00000000000/", "csv-000000000000\n", "", "mnist.npz"])
def test_a_name_that_is_no_upload_is_missing(name, data_dir):
    (data_dir / "secret.npz").write_bytes(b"")
    for load in (uploads.load, datasets.load):
        with pytest.raises(DatasetMissing):
            load(name)


def test_a_failure_is_not_remembered(data_dir):
    name = keep().name
    path = data_dir / "uploads" / f"{name}.npz"
    path.rename(data_dir / "aside")
    with pytest.raises(DatasetMissing, match="Upload its file again"):
        datasets.load(name)
    (data_dir / "aside").rename(path)
    assert len(datasets.load(name)) == 30


def test_a_damaged_upload_is_refused(data_dir):
    name = keep().name
    path = data_dir / "uploads" / f"{name}.npz"
    whole = path.read_bytes()
    for place in [*range(0, 250, 7), len(whole) // 2, len(whole) - 10]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            loaded = uploads.load(name)
        except DataError as error:
            assert "is damaged" in str(error)
        else:  # a byte that means nothing, such as the time in the archive's directory
            np.testing.assert_array_equal(loaded.images, digits()[0])
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="is damaged"):
        uploads.load(name)


def test_another_uploads_content_under_this_name_is_refused(data_dir):
    first, other = keep().name, keep(num_rows=40).name
    folder = data_dir / "uploads"
    (folder / f"{other}.npz").replace(folder / f"{first}.npz")
    with pytest.raises(DataError, match="not those that were uploaded"):
        uploads.load(first)


def test_what_was_found_stands_in_the_provenance_and_the_reading_in_the_name(data_dir):
    plain = uploads.keep(*digits(), filename="a.csv")
    turned = uploads.keep(*digits(), filename="a.csv", found="no header", reading="images lie on their side")
    assert plain.name != turned.name
    assert turned.provenance == "Uploaded as a.csv: 30 labelled images. Found: no header; images lie on their side."


def test_an_upload_from_before_readings_were_kept_opens(data_dir):
    kept = uploads.keep(*digits(), filename="a.csv")
    files.save_arrays(
        data_dir / "uploads" / f"{kept.name}.npz", images=kept.images, labels=kept.labels, title=np.array("old.csv")
    )
    assert datasets.load(kept.name).provenance == "Uploaded as old.csv: 30 labelled images."


def test_writers_are_kept_as_numbers_and_are_part_of_the_name(data_dir):
    writers = np.array(["anna", "ben", "carl"] * 10)
    plain, told = keep(), uploads.keep(*digits(), filename="train.csv", groups=writers)
    assert plain.groups is None and plain.name != told.name
    assert told.groups.dtype == np.int32 and told.groups.tolist() == [0, 1, 2] * 10
    assert datasets.num_training_images(told.name, validation_share=0.2, seed=13, by_group=True) == 20
    assert datasets.num_training_images(told.name, validation_share=0.2, seed=13) == 24
    assert datasets.num_training_images(told.name, validation_share=0.2, seed=13, by_group=True, training_images=12) == 12


def test_writers_that_do_not_fit_the_images_are_damage(data_dir):
    kept = uploads.keep(*digits(), filename="a.csv", groups=np.array(["a", "b"] * 15))
    path = data_dir / "uploads" / f"{kept.name}.npz"
    arrays = files.load_arrays(path)
    files.save_arrays(path, **arrays | {"groups": arrays["groups"][:5]})
    with pytest.raises(DataError, match="is damaged"):
        datasets.load(kept.name)
