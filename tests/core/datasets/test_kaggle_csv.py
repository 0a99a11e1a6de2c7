import io
import os
from collections.abc import Callable

import numpy as np
import pytest

from core.datasets import kaggle_csv
from core.errors import DataError
from core.system.settings import UPLOAD_MB
from tests.tables import HEADER, PIXELS, Table, content, table, with_cell


def read(raw: bytes) -> tuple[np.ndarray, np.ndarray]:
    return kaggle_csv.read_labelled(io.BytesIO(raw), title="train.csv")


def test_every_value_arrives_in_its_place():
    images, labels = read(content(table()))
    assert (images.shape, images.dtype, labels.dtype) == ((30, 28, 28), np.uint8, np.uint8)
    assert labels.tolist() == [row % 10 for row in range(1, 31)]
    assert images[2, 27, 27] == (783 + 3) % 256
    assert images[0].ravel()[:3].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.replace(b"\n", b"\n\n") + b"  \n",
        lambda raw: raw.rstrip(),
        lambda raw: raw.replace(b",", b", "),
        lambda raw: raw.replace(b",0,", b",0.0,").replace(b",17,", b",17.000,").replace(b",9,", b',"009",'),
        lambda raw: b'"' + raw.replace(b",", b'","').replace(b"\n", b'"\n"').removesuffix(b'"'),
        lambda raw: raw.replace(b"\n", b"\r"),
        lambda raw: b"sep=,\r\n" + raw,
        lambda raw: b'\xef\xbb\xbf"sep=,"\n' + raw,
    ],
    ids=["bom", "crlf", "blank lines", "no last newline", "blanks", "other spellings", "quotes", "cr", "sep", "quoted sep"],
)
def test_harmless_differences_change_nothing(change: Callable[[bytes], bytes]):
    expected, raw = read(content(table())), content(table())
    assert change(raw) != raw
    for ours, theirs in zip(read(change(raw)), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_columns_may_come_in_any_order():
    order = np.random.default_rng(0).permutation(785)
    shuffled = [[cells[place] for place in order] for cells in table()]
    for ours, theirs in zip(read(content(shuffled)), read(content(table())), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "text", ["abc", "", "NaN", "300", "256", "-1", "3.5", "1e2", "0x1F", "1_0", "٣", "None", "5 5", '"29', '29"', '2"9']
)
def test_a_bad_pixel_is_named_by_row_line_and_column(text):
    found = f"'{text}'" if text else "empty"
    with pytest.raises(DataError) as caught:
        read(with_cell(3, "pixel17", text))
    sentence = f"train.csv, row 3 (line 4 of the file): pixel17 is {found}; expected a whole number from 0 to 255."
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("text", ["10", "3.5", "", "seven", "-1"])
def test_a_bad_label_is_named_by_row_and_column(text):
    found = f"'{text}'" if text else "empty"
    with pytest.raises(DataError) as caught:
        read(with_cell(30, "label", text))
    assert f"row 30 (line 31 of the file): label is {found}; expected a whole number from 0 to 9." in str(caught.value)


def test_lines_are_counted_with_blank_ones_and_rows_without():
    raw = with_cell(3, "pixel0", "x").replace(b"\n", b"\n\n", 2)
    with pytest.raises(DataError, match=r"row 3 \(line 6 of the file\)"):
        read(raw)


def test_lines_are_counted_from_excels_own_first_line_on():
    with pytest.raises(DataError, match=r"row 3 \(line 5 of the file\)"):
        read(b"sep=,\n" + with_cell(3, "pixel0", "x"))


def test_a_file_of_empty_lines_is_refused_before_they_are_all_read():
    with pytest.raises(DataError, match="has more than 10,000 empty lines, up to line 10,032. Take them out."):
        read(content(table()) + 50_000 * b"\n")


def test_reading_tells_how_far_it_is_and_can_be_ended():
    told = []
    kaggle_csv.read_labelled(io.BytesIO(content(table(2500))), title="train.csv", report=told.append)
    assert told == sorted(told) and len(told) == 2 and 0.3 < told[0] < 0.5

    def end(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kaggle_csv.read_labelled(io.BytesIO(content(table(2500))), title="train.csv", report=end)


def test_bytes_that_are_no_text_are_shown_as_what_they_are():
    with pytest.raises(DataError, match=r"row 2 \(line 3 of the file\): pixel5 is '\\xff'"):
        read(with_cell(2, "pixel5", "?").replace(b"?", b"\xff"))


def without(lines: Table, *places: int) -> Table:
    return [[cell for place, cell in enumerate(cells) if place not in places] for cells in lines]


def with_column(name: str) -> Table:
    return [[name, *HEADER], *[["1", *cells] for cells in table()[1:]]]


def with_row(cells: list[str]) -> Table:
    return [*table(4), cells, *table()[5:]]


BAD_FILES = {
    "empty": (b"", "is empty"),
    "an empty line": (b"\n" + content(table()), "begins with an empty line"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a CSV"),
    "a packed file": (b"PK\x03\x04" + content(table()), "packed file or a workbook"),
    "a gzip": (b"\x1f\x8b\x08" + content(table()), "packed file or a workbook"),
    "UTF-16": ("\ufefflabel,pixel0\n".encode("utf-16-le"), "not a line of UTF-8 text"),
    "one endless line": (b"1," * 50_000, "not a line of UTF-8 text"),
    "semicolons": (content(table()).replace(b",", b";"), "separated by semicolons"),
    "tabs": (content(table()).replace(b",", b"\t"), "separated by tabs"),
    "no names": (content(table()[1:]), "begins with numbers"),
    "a column missing": (content(without(table(), 18)), "lacks column 'pixel17'."),
    "columns missing": (content(without(table(), 1, 5, 785)), "lacks column 'pixel0' and 1 more."),
    "no label": (content(without(table(), 0)), "lacks column 'label'."),
    "a column too many": (content(with_column("id")), "has column 'id' too many"),
    "a column without a name": (content(with_column("")), "has a column without a name too many"),
    "a name twice": (content(with_column("pixel3")), "has column 'pixel3' twice"),
    "other names": (b"a,b,c\n1,2,3\n", "lacks column 'label' and 784 more"),
    "a short row": (content(with_row(["1", "2"])), r"row 5 \(line 6 of the file\) has 2 values; the first line names 785"),
    "a long row": (content(with_row(["1"] * 786)), r"row 5 \(line 6 of the file\) has 786 values"),
    "cut off": (content(table())[:-1_000], r"row 30 \(line 31 of the file\) has \d+ values.* cut off"),
}


@pytest.mark.parametrize(("raw", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_sentence_or_two(raw, words):
    with pytest.raises(DataError, match=words) as caught:
        read(raw)
    told = str(caught.value)
    assert told.count(". ") <= 1 and told.endswith(".") and "\n" not in told and len(told) < 250


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "train.csv"
    path.touch()
    os.truncate(path, 10**6 * UPLOAD_MB + 1)
    with pytest.raises(DataError, match="400 MB are read"):
        kaggle_csv.read_labelled(path, title="train.csv")


def test_a_path_reads_like_a_file_and_a_missing_one_is_a_sentence(tmp_path):
    path = tmp_path / "train.csv"
    path.write_bytes(content(table()))
    assert len(kaggle_csv.read_labelled(path, title="train.csv")[1]) == 30
    with pytest.raises(DataError, match="gone.csv cannot be read"):
        kaggle_csv.read_labelled(tmp_path / "gone.csv", title="gone.csv")


def test_a_file_object_stays_open_and_is_read_from_its_start():
    file = io.BytesIO(content(table()))
    file.seek(100)
    assert len(kaggle_csv.read_labelled(file, title="train.csv")[1]) == 30
    assert not file.closed


def test_test_images_come_without_labels_and_in_order():
    images = kaggle_csv.read_test(io.BytesIO(content(without(table(), 0))))
    np.testing.assert_array_equal(images, read(content(table()))[0])
    with pytest.raises(DataError, match="has column 'label' too many"):
        kaggle_csv.read_test(io.BytesIO(content(table())))
    with pytest.raises(DataError, match="no row below"):
        kaggle_csv.read_test(io.BytesIO(content([PIXELS])))
