"""Forms one by one: what is told of a table, an array, pictures and packed files, and the sentence for what is none."""

import gzip
import io
import struct
import tarfile
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet
from scipy.io import savemat

from core.datasets import digits as built_in
from core.datasets import forms
from core.datasets.forms import ORIENTATIONS, Reading, reading
from core.datasets.forms.members import members
from core.datasets.forms.raw import Raw
from core.errors import DataError
from tests.form_files import zipped

NUM = 30


@pytest.fixture(scope="module")
def digits():
    whole = built_in.load()
    return whole.images[:NUM], whole.labels[:NUM]


def look(*files, title="digits"):
    """Without a network: nothing is sure, and nothing is turned."""
    return forms.look([(name, io.BytesIO(content)) for name, content in files], title, None, lambda share: None)


def lines(digits, mark=",", head=None, label=0):
    rows = [[*map(str, image.ravel())] for image in digits[0]]
    for row, digit in zip(rows, digits[1], strict=True):
        row.insert(label if label >= 0 else len(row), str(digit))
    return "\n".join(mark.join(row) for row in ([head] if head else []) + rows).encode()


def assert_same(found, digits):
    images, labels = forms.take(found, found.proposed)
    np.testing.assert_array_equal(images, digits[0])
    np.testing.assert_array_equal(labels, digits[1])


def test_without_a_network_nothing_is_believed_unseen(digits):
    found = look(("a.csv", lines(digits)))
    assert not found.sure and not found.known
    assert_same(found, digits)


@pytest.mark.parametrize("label", [0, -1])
@pytest.mark.parametrize("mark", [",", ";", "\t", " ", "  ", "|"])
def test_a_table_without_names_is_understood_by_its_values(digits, mark, label):
    found = look(("a.txt", lines(digits, mark, label=label)))
    assert found.form == f"no header; label in the {'first' if label == 0 else 'last'} column"
    assert_same(found, digits)


def test_other_columns_are_left_out_and_told(digits):
    head = ["label", *(f"p{place}" for place in range(784))]
    rows = lines(digits, head=head).decode().split("\n")
    rows = [f"{row},{'paper' if place == 0 else f'w{place}'}" for place, row in enumerate(rows)]
    found = look(("a.csv", "\n".join(rows).encode()))
    assert found.form == "header; label in 'label'; 1 other column left out"
    assert_same(found, digits)


def test_pictures_of_another_size_are_fitted(digits):
    small = digits[0][:, 4:24, 4:24]
    flat = np.column_stack([digits[1], small.reshape(NUM, -1)])
    found = look(("a.csv", "\n".join(",".join(map(str, row)) for row in flat).encode()))
    assert found.form == "no header; label in the first column; pictures of 20 x 20"
    images, _ = forms.take(found, found.proposed)
    assert images.shape == (NUM, 28, 28) and np.abs(images[:, 4:24, 4:24].astype(int) - small).mean() < 12


def test_a_blank_frame_of_two_pixels_is_cut_off(digits):
    framed = np.pad(digits[0], ((0, 0), (2, 2), (2, 2)))
    file = io.BytesIO()
    np.savez(file, x=framed, y=digits[1])
    assert_same(look(("a.npz", file.getvalue())), digits)


def test_of_a_training_and_a_test_part_the_first_is_taken_and_the_other_told(digits):
    file = io.BytesIO()
    np.savez(file, x_train=digits[0], y_train=digits[1], x_test=digits[0][:9], y_test=digits[1][:9])
    found = look(("mnist.npz", file.getvalue()))
    assert found.form == "x_train with y_train; the test part was left out; it can be imported by itself"
    assert_same(found, digits)


def test_every_orientation_is_undone():
    image = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(1, 28, 28)
    turned = {name: undo(image).tobytes() for name, undo in ORIENTATIONS.items()}
    assert len(set(turned.values())) == 8
    lying = np.rot90(image, 1, axes=(1, 2))  # its top is at the left
    np.testing.assert_array_equal(reading.images(lying, Reading("turned to the left")), image)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (np.uint8([0, 255]), (0, 255)),
        (np.uint8([0, 200]), (0, 255)),
        (np.uint8([0, 1]), (0, 1)),
        (np.float32([0, 0.5, 1]), (0, 1)),
        (np.float32([-1, 1]), (-1, 1)),
        (np.float32([-0.4242, 2.8215]), (-0.4242, 2.8215)),
        (np.float32([0, 65535]), (0, 65535)),
    ],
    ids=str,
)
def test_blank_and_full_are_told_by_the_values(values, scale):
    raw = Raw(np.resize(values, (2, 28, 28)), np.zeros(2))
    assert reading.scale(raw) == pytest.approx(scale)


@pytest.mark.parametrize(("label", "number"), [("7", 7), ("7.0", 7), (" seven ", 7), ("Three", 3), ("10", 10)])
def test_labels_are_numbers_or_words(label, number):
    assert reading.numbers(np.array([label]), "a") == [number]


@pytest.mark.parametrize("label", ["7.5", "A", "", "nan", "11", "-1", "1e9"])
def test_any_other_label_is_a_sentence(label):
    with pytest.raises(DataError, match="label; expected the digits 0 to 9"):
        reading.numbers(np.array(["3", label]), "a.csv")


def test_an_opaque_scan_and_ink_on_nothing_are_read_alike(digits):
    files = {}
    for row, (image, label) in enumerate(zip(*digits, strict=True)):
        ink = Image.merge("LA", [Image.new("L", (28, 28)), Image.fromarray(image)])
        file = io.BytesIO()
        ink.save(file, "PNG")
        files[f"{label}/{row:03}.png"] = file.getvalue()
    found = look(("a.zip", zipped(files)))
    order = np.lexsort((np.arange(NUM), digits[1]))
    assert_same(found, (digits[0][order], digits[1][order]))


def packed(*layers):
    content = b"label\n"
    for layer in layers:
        content = layer(content)
    return content


def tarred(content):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def test_what_is_packed_is_unpacked_thrice_and_no_more():
    found = members([("a.zip", io.BytesIO(packed(gzip.compress, tarred, lambda content: zipped({"b.tar": content}))))])
    assert [each.read() for each in found] == [b"label\n"]
    with pytest.raises(DataError, match="packed more than 3 times over"):
        members([("a.gz", io.BytesIO(packed(*[gzip.compress] * 4)))])


def test_a_bomb_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr("core.datasets.forms.members.MAX_BYTES", 2**22)
    with pytest.raises(DataError, match="unpacks to more than 4 MB"):
        members([("a.gz", io.BytesIO(gzip.compress(bytes(2**23))))])


def test_a_table_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("core.datasets.forms.frames.MAX_BYTES", 2**20)
    file = io.BytesIO()
    columns = {"label": np.arange(9000) % 10} | {f"p{place}": np.zeros(9000, np.uint8) for place in range(784)}
    parquet.write_table(pa.table(columns), file)
    assert len(file.getvalue()) < 2**20
    with pytest.raises(DataError, match="mine unpacks to more than"):
        look(("mine", file.getvalue()))


def test_what_a_system_adds_is_left_out():
    content = zipped({"__MACOSX/._a.csv": b"x", ".DS_Store": b"x", "a/Thumbs.db": b"x", "a/b.csv": b"y", "a/.hidden": b"z"})
    assert [each.path for each in members([("a.zip", io.BytesIO(content))])] == ["a.zip/a/b.csv"]


def claims(shape):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return file.getvalue()


def workbook():
    return zipped({"[Content_Types].xml": b"", "xl/sheet1.xml": b""})


def locked():
    raw = bytearray(zipped({"a.csv": b"1,2"}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


BAD = {
    "nothing": (b"", "cannot be read"),
    "a workbook": (workbook(), "is a document or a workbook"),
    "a password": (locked(), "is locked by a password"),
    "half a zip": (zipped({"a.csv": bytes(2000)})[:900], "cannot be unpacked"),
    "half a gzip": (gzip.compress(bytes(range(256)) * 40)[:200], "cannot be unpacked"),
    "ten gigabytes": (claims((10**7, 1024)), "claims to hold 9,766 MB"),
    "an image alone": (b"\x89PNG\r\n\x1a\n", "labels of 1 picture"),
    "prose": (b"This is a letter.\nIt has no digits, I fear.\n", "of"),
    "no labels": (b"\n".join([b",".join([b"0"] * 784)] * 30), "no labels that can be told"),
    "a row cut off": (b"\n".join([b",".join([b"1"] * 785)] * 3 + [b"1,2"]), "has rows of 2 and of 785 values"),
}


@pytest.mark.parametrize(("raw", "words"), BAD.values(), ids=BAD)
def test_what_holds_no_digits_is_a_sentence(raw, words):
    with pytest.raises(DataError, match=words) as caught:
        look(("mine", raw))
    told = str(caught.value)
    assert told.endswith(".") and "\n" not in told and len(told) < 300


def changed(digits, row, column, text, head=True):
    rows = lines(digits, head=["label", *(f"pixel{place}" for place in range(784))] if head else None).split(b"\n")
    cells = rows[row].split(b",")
    cells[column] = text
    rows[row] = b",".join(cells)
    return b"\n".join(rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"abc", "column 'pixel16' holds 'abc'; expected a number"),
        (b"", "row 3: column 18 is empty or no number"),
        (b"NaN", "no finite number"),
        (b"300", "image 3: the pixel in row 1, column 17 is 300; expected 0 to 255"),
        (b"-1", "image 3: the pixel in row 1, column 17 is -1; expected 0 to 255"),
    ],
)
def test_a_bad_pixel_is_named(digits, text, words):
    with pytest.raises(DataError, match=words):
        look(("a.csv", changed(digits, 3, 17, text)))


def test_too_few_rows_and_one_digit_alone_are_sentences(digits):
    few = digits[0][:19], digits[1][:19]
    with pytest.raises(DataError, match="digits has 19 images; training needs 20 or more"):
        look(("a.csv", lines(few, head=["label", *map(str, range(784))])))
    with pytest.raises(DataError, match="All 30 labels of digits are 3"):
        look(("a.csv", lines((digits[0], np.full(NUM, 3)), head=["label", *map(str, range(784))])))


def test_reading_tells_how_far_it_is_and_can_be_ended(digits):
    def end(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forms.look([("a.csv", io.BytesIO(lines(digits)))], "a", None, end)


def idx(kind, values):
    """An IDX file: `kind` is its byte for the type of the values, which come with their high byte first."""
    return struct.pack(f">4B{values.ndim}I", 0, 0, kind, values.ndim, *values.shape) + values.tobytes()


def test_qmnists_test_digits_are_read_without_mnists():
    """Its 60,000 images and eight-column labels as they are served; of blank images, told apart by a pixel."""
    images, columns = np.zeros((60_000, 28, 28), np.uint8), np.zeros((60_000, 8), ">i4")
    images[:, 3, 3] = np.arange(60_000) // 10_000 + 1
    columns[:, 0], columns[:, 1], columns[:, 2] = np.arange(60_000) % 10, 4, np.arange(60_000) // 24 + 2100
    columns[:, 4], columns[:, 5] = columns[:, 0] + 30, np.arange(60_000)
    files = {"qmnist-test-images-idx3-ubyte.gz": idx(8, images), "qmnist-test-labels-idx2-int.gz": idx(12, columns)}
    found = look(*((name, gzip.compress(content, 1)) for name, content in files.items()))
    assert found.form.startswith(
        "qmnist-test-images-idx3-ubyte with qmnist-test-labels-idx2-int; the first 10,000, which are MNIST's"
    )
    taken, labels = forms.take(found, found.proposed)
    assert len(taken) == len(labels) == 50_000 and found.raw.values[:, 3, 3].min() == 2
    np.testing.assert_array_equal(labels, np.arange(50_000) % 10)


def test_a_part_of_qmnists_test_digits_is_read_whole(digits):
    columns = np.zeros((NUM, 8), ">i4")
    columns[:, 0], columns[:, 2] = digits[1], 2300
    found = look(("qmnist-test-images-idx3-ubyte", idx(8, digits[0])), ("qmnist-test-labels-idx2-int", idx(12, columns)))
    assert_same(found, digits)


def on_their_side(digits):
    return digits[0].transpose(0, 2, 1)


def test_emnists_digits_are_read_from_its_idx_files(digits):
    """Two of the files of its gzip.zip, with the mapping beside them; on their side, as EMNIST stores them."""
    files = {
        "gzip/emnist-digits-test-images-idx3-ubyte.gz": gzip.compress(idx(8, on_their_side(digits))),
        "gzip/emnist-digits-test-labels-idx1-ubyte.gz": gzip.compress(idx(8, digits[1])),
        "gzip/emnist-digits-mapping.txt": b"".join(b"%d %d\n" % (digit, digit + 48) for digit in range(10)),
    }
    found = look(("gzip.zip", zipped(files)))
    lying = replace(found.proposed, orientation="on their side")
    np.testing.assert_array_equal(forms.take(found, lying)[0], digits[0])
    np.testing.assert_array_equal(forms.take(found, lying)[1], digits[1])


def test_emnists_digits_are_read_from_its_matlab_file(digits):
    """`emnist-digits.mat`: a training and a test part with images, labels and writers, and a mapping."""

    def part(rows, writer):
        images = on_their_side(digits)[rows].reshape(-1, 784)
        labels = digits[1][rows].reshape(-1, 1).astype(float)
        return {"images": images, "labels": labels, "writers": np.full_like(labels, writer)}

    mapping = np.column_stack([np.arange(10), np.arange(48, 58)]).astype(float)
    dataset = {"train": part(slice(0, 24), 3), "test": part(slice(24, NUM), 4), "mapping": mapping}
    file = io.BytesIO()
    savemat(file, {"dataset": dataset}, do_compression=True)
    found = look(("emnist-digits.mat", file.getvalue()))
    assert "the test part was left out; it can be imported by itself" in found.form
    lying = replace(found.proposed, orientation="on their side")
    np.testing.assert_array_equal(forms.take(found, lying)[0], digits[0][:24])
    np.testing.assert_array_equal(forms.take(found, lying)[1], digits[1][:24])


WRITERS = np.array([f"w{row % 4}" for row in range(NUM)])


def with_writers(digits, called):
    head = ["label", *(f"p{place}" for place in range(784))]
    rows = lines(digits, head=head).decode().split("\n")
    return "\n".join(f"{cell},{row}" for cell, row in zip([called, *WRITERS], rows, strict=True)).encode()


@pytest.mark.parametrize("called", ["writer", "User_ID", "subject", "person no"])
def test_a_column_that_says_who_wrote_a_digit_is_kept_with_it(digits, called):
    found = look(("a.csv", with_writers(digits, called)))
    np.testing.assert_array_equal(found.raw.groups, WRITERS)
    assert found.form == "header; label in 'label'; 4 writers or groups"
    assert_same(found, digits)


def png(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "path",
    [
        "{digit}/writer{who}_{row}.png",
        "{digit}/{row}-user-{who}.png",
        "subject_{who}/{digit}/{row}.png",
        "{digit}_group{who}_{row}.png",
    ],
)
def test_names_of_pictures_tell_who_wrote_them(digits, path):
    content = {
        path.format(digit=label, who=row % 3 + 1, row=row): png(image)
        for row, (image, label) in enumerate(zip(*digits, strict=True))
    }
    found = look(("digits.zip", zipped(content)))
    assert sorted(zip(found.raw.groups, found.labels, strict=True)) == sorted(
        (str(row % 3 + 1), label) for row, label in enumerate(digits[1])
    )
    assert "3 writers or groups" in found.form


@pytest.mark.parametrize(
    "path", ["train/{digit}/{row}.png", "{digit}/writer{row}.png", "{digit}/writer1_{row}.png", "{digit}/underwriter.{row}.png"]
)
def test_names_that_do_not_group_the_pictures_are_no_groups(digits, path):
    content = {path.format(digit=label, row=row): png(image) for row, (image, label) in enumerate(zip(*digits, strict=True))}
    assert look(("digits.zip", zipped(content))).raw.groups is None


@pytest.mark.parametrize("form", ["pictures", "lists", "columns"])
def test_a_parquet_table_keeps_its_writers(digits, form):
    images, labels = digits
    whole = {"label": labels, "writer": WRITERS}
    if form == "pictures":
        whole["image"] = [{"bytes": png(image), "path": ""} for image in images]
    elif form == "lists":
        whole["image"] = [image.ravel().tolist() for image in images]
    else:
        whole |= {f"p{place}": images.reshape(NUM, -1)[:, place] for place in range(784)}
    file = io.BytesIO()
    parquet.write_table(pa.table(whole), file)
    found = look(("a.parquet", file.getvalue()))
    np.testing.assert_array_equal(found.raw.groups, WRITERS)
    assert_same(found, digits)
