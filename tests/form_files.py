"""The same digits in forms that people have them: each a few bytes to be sent, and what is right. Seeded, mixed at random."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.datasets.forms import LABEL_MAPS, ORIENTATIONS

WORDS = "zero one two three four five six seven eight nine".split()
_BACK = {"turned to the left": "turned to the right", "turned to the right": "turned to the left"}


@dataclass(frozen=True, eq=False)
class Form:
    """`files` as they are sent; `images` (n, 28, 28) and `labels` (n,) are what is right, in this order unless `any_order`."""

    what: str
    files: list[tuple[str, bytes]]
    images: np.ndarray
    labels: np.ndarray
    plain: bool  # values as they stand are right
    any_order: bool = False


def mixed(random: np.random.Generator, images: np.ndarray, labels: np.ndarray) -> Form:
    """The digits in some form, their values changed in some way or, one time in three, not at all."""
    lie = str(random.choice(list(ORIENTATIONS))) if random.random() < 0.4 else "upright"
    inverted, scale = random.random() < 0.25, str(random.choice(["bytes", "bytes", "bytes", "shares", "signed"]))
    meaning = str(random.choice(list(LABEL_MAPS))) if random.random() < 0.25 else "as they are"
    make = FORMS[random.integers(len(FORMS))]
    if make in (_idx, _pictures, _hub):
        scale = "bytes"
    values = ORIENTATIONS[_BACK.get(lie, lie)](images)
    values = 255 - values if inverted else values
    if scale == "shares":
        values = (values / np.float32(255)).round(4)
    elif scale == "signed":
        values = (values / np.float32(127.5) - 1).round(4)
    given = labels.astype(int)
    if meaning == "10 stands for 0":
        given = np.where(given == 0, 10, given)
    elif meaning == "one less":
        given = given + 1
    files, how, any_order = make(random, values, given)
    plain = lie == "upright" and not inverted and scale == "bytes" and meaning == "as they are"
    what = f"{how}; {lie}{', inverted' * inverted}, {scale}, labels {meaning}"
    return Form(what, files, images, labels, plain, any_order)


def agrees(form: Form, images: np.ndarray, labels: np.ndarray) -> bool:
    """Whether these are the form's digits, to within one of 255."""
    if images.shape != form.images.shape or labels.shape != form.labels.shape:
        return False
    orders = [
        np.lexsort((*each[0].reshape(len(each[1]), -1).T[::-7], each[1]))
        for each in ((images, labels), (form.images, form.labels))
    ]
    first, second = orders if form.any_order else (slice(None), slice(None))
    same = np.abs(images[first].astype(int) - form.images[second]).max() <= 1
    return bool(same and np.array_equal(labels[first], form.labels[second]))


Made = tuple[list[tuple[str, bytes]], str, bool]


def _packed(random: np.random.Generator, name: str, content: bytes) -> tuple[list[tuple[str, bytes]], str]:
    kind = str(random.choice(["", "", "gzip", "zip", "tar.gz", "bz2", "xz"]))
    if kind == "gzip":
        return [(f"{name}.gz", gzip.compress(content))], ", gzip"
    if kind == "bz2":
        return [(f"{name}.bz2", bz2.compress(content))], ", bz2"
    if kind == "xz":
        return [(f"{name}.xz", lzma.compress(content))], ", xz"
    if kind == "zip":
        return [("digits.zip", zipped({name: content, "__MACOSX/._x": b"Mac", "README.txt": b"A note."}))], ", zip"
    if kind == "tar.gz":
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            member = tarfile.TarInfo(f"data/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        return [("digits.tar.gz", file.getvalue())], ", tar"
    return [(name, content)], ""


def zipped(content: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    return file.getvalue()


def _text(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    flat = values.reshape(len(values), -1)
    whole = flat.dtype.kind in "ui"
    mark = str(random.choice([",", ",", ",", ";", "\t", " ", "|"]))
    decimal = "," if mark == ";" and not whole else "."
    float_format = str(random.choice(["%.4f", "%.18e"])) if not whole else "%d"

    def cell(value: float) -> str:
        return (float_format % value).replace(".", decimal)

    names: list[str] | None = None
    header = str(random.choice(["pixel0", "pixel1", "1x1", "plain", "none"]))
    side = values.shape[1]
    if header.startswith("pixel"):
        names = [f"{random.choice(['pixel', 'Pixel', 'px_', 'p'])}{place + int(header[-1])}" for place in range(side**2)]
        names = [f"{names[0].rstrip('01')}{place + int(header[-1])}" for place in range(side**2)]
    elif header == "1x1":
        names = [f"{row}x{column}" for row in range(1, side + 1) for column in range(1, side + 1)]
    elif header == "plain":
        names = [str(place) for place in range(side**2)]
    rows = [[cell(value) for value in row] for row in flat]
    order = np.arange(side**2)
    if names and random.random() < 0.3:
        order = random.permutation(side**2)
        names, rows = [names[place] for place in order], [[row[place] for place in order] for row in rows]
    last = random.random() < 0.4
    written = [str(label) for label in labels]
    if names and labels.max() <= 9 and random.random() < 0.1:
        written = [WORDS[label] for label in labels]
    rows = [[*row, label] if last else [label, *row] for row, label in zip(rows, written, strict=True)]
    called = str(random.choice(["label", "Label", "class", "y", "target", "LABEL"]))
    head = ([*names, called] if last else [called, *names]) if names else None
    indexed = random.random() < 0.15
    if indexed:
        rows = [[str(place), *row] for place, row in enumerate(rows)]
        head = ["" if random.random() < 0.5 else "id", *head] if head else None
    if mark == " " and head:
        head = [name or "id" for name in head]
    quotes = mark in ",;\t" and random.random() < 0.2
    lines = [mark.join(f'"{each}"' if quotes else each for each in row) for row in ([head] if head else []) + rows]
    if random.random() < 0.1:
        lines = ["# digits", *lines]
    end = str(random.choice(["\n", "\n", "\r\n", "\r"]))
    text = end.join(lines) + (end if random.random() < 0.8 else "")
    encoding = str(random.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    files, packed = _packed(random, f"digits.{'csv' if mark in ',;' else 'txt'}", text.encode(encoding))
    how = f"text, {header}, {mark!r}, label {'last' if last else 'first'}{', index' * indexed}{', quotes' * quotes}, {encoding}"
    return files, f"{how}, {end!r}{packed}", False


def _npz(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    first, second = random.choice(
        [["data", "target"], ["x_train", "y_train"], ["images", "labels"], ["X", "y"], ["arr_0", "arr_1"]]
    )
    side = values.shape[1]
    shape = [(-1, side, side), (-1, side**2), (-1, side, side, 1), (-1, 1, side, side)][random.integers(4)]
    given = np.eye(10, dtype=np.float32)[labels] if labels.max() <= 9 and random.random() < 0.2 else labels
    arrays = {str(first): values.reshape(shape), str(second): given}
    if random.random() < 0.3:
        arrays |= {"x_test": values[:5], "y_test": labels[:5]} if first == "x_train" else {}
    file = io.BytesIO()
    (np.savez if random.random() < 0.5 else np.savez_compressed)(file, **arrays)
    files, packed = _packed(random, "digits.npz", file.getvalue())
    return files, f"npz, {first} and {second}, {shape}{packed}", False


def _npy(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    files = []
    for name, array in (("train_images.npy", values), ("train_labels.npy", labels)):
        file = io.BytesIO()
        np.save(file, array)
        files.append((name, file.getvalue()))
    if random.random() < 0.4:
        files = [("digits.zip", zipped({f"set/{name}": each for name, each in files} | {"set/about.txt": b"digits"}))]
    return files, "npy", False


def _idx(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    images = struct.pack(">4BIII", 0, 0, 8, 3, *values.shape) + values.astype(np.uint8).tobytes()
    if random.random() < 0.3:  # as QMNIST
        columns = np.zeros((len(labels), 8), ">i4")
        columns[:, 0] = labels
        columns[:, 2] = random.integers(0, 500, len(labels))
        named = struct.pack(">4BII", 0, 0, 12, 2, *columns.shape) + columns.tobytes()
    else:
        named = struct.pack(">4BI", 0, 0, 8, 1, len(labels)) + labels.astype(np.uint8).tobytes()
    files = [("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", named)]
    if random.random() < 0.5:
        files = [(f"{name}.gz", gzip.compress(each)) for name, each in files]
    if random.random() < 0.3:
        files = [("gzip.zip", zipped(dict(files)))]
    return files, "IDX", False


def _matlab(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    from scipy import io as matlab

    flat = values.reshape(len(values), -1)
    if random.random() < 0.5:
        content = {"dataset": {"train": {"images": flat, "labels": labels.reshape(-1, 1)}}}
        how = "EMNIST's"
    else:
        content, how = {"fea": flat, "gnd": labels.reshape(-1, 1)}, "fea and gnd"
    file = io.BytesIO()
    matlab.savemat(file, content, do_compression=bool(random.random() < 0.5))
    return [("digits.mat", file.getvalue())], f"Matlab, {how}", False


def _columns(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    import pyarrow as pa
    from pyarrow import feather, parquet

    flat = values.reshape(len(values), -1)
    table = pa.table({"label": labels} | {f"pixel{place}": flat[:, place] for place in range(flat.shape[1])})
    file = io.BytesIO()
    kind = str(random.choice(["parquet", "feather"]))
    parquet.write_table(table, file) if kind == "parquet" else feather.write_feather(table, file)
    return [(f"digits.{kind}", file.getvalue())], f"{kind}, columns", False


def _hub(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    import pyarrow as pa
    from pyarrow import parquet

    if random.random() < 0.5:
        column = [{"bytes": _png(value, "PNG"), "path": None} for value in values]
    else:
        column = values.tolist()
    file = io.BytesIO()
    parquet.write_table(pa.table({"image": column, "label": labels}), file)
    return [("train-00000-of-00001.parquet", file.getvalue())], "Parquet, pictures or lists", False


def _png(value: np.ndarray, kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(value.astype(np.uint8)).save(file, kind)
    return file.getvalue()


def _pictures(random: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> Made:
    kind, ending = [("PNG", "png"), ("BMP", "bmp"), ("TIFF", "tif"), ("GIF", "gif")][random.integers(4)]
    place = str(random.choice(["folder", "folder", "first in the name", "last in the name", "named"]))
    content = {}
    for row, (value, label) in enumerate(zip(values, labels, strict=True)):
        path = {
            "folder": f"digits/train/{label}/{row:05}.{ending}",
            "first in the name": f"digits/{label}_{row:05}.{ending}",
            "last in the name": f"digits/img{row:05}_{label}.{ending}",
            "named": f"digits/{row:05}-label{label}.{ending}",
        }[place]
        content[path] = _png(value, kind)
    content |= {"__MACOSX/digits/._x.png": b"Mac", "digits/.DS_Store": b"Mac"}
    return [("digits.zip", zipped(content))], f"{kind}, label: {place}", True


FORMS: list[Callable[[np.random.Generator, np.ndarray, np.ndarray], Made]] = [
    _text, _text, _text, _text, _npz, _npy, _idx, _matlab, _columns, _hub, _pictures,
]  # fmt: skip
