"""Digits as a table: one picture a row, its label and its pixels in columns. Text of any common kind, Parquet and Arrow.

PyArrow reads; what is new here is the understanding: which line names the columns, which column is the label, where each pixel
belongs. A table of 70,000 rows is read in pieces, so that the memory stays near one byte a pixel.
"""

from __future__ import annotations

import io
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np

from core.datasets.forms.members import Member
from core.datasets.forms.raw import SIDES, Raw
from core.errors import DataError, quoted
from core.system.files import DAMAGE

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[float], None]  # gets the share that is done, 0 to 1
LABELS = ("label", "labels", "class", "classes", "target", "targets", "y", "digit")
_INDEX = {"", "index", "id", "idx", "row", "no", "nr", "unnamed: 0", "__index_level_0__"}
_MOST_LINE = 2**18  # bytes; numpy.savetxt writes 20,000 for 28 x 28 pixels
_SNIFFED_LINES, _SNIFFED_BYTES = 40, 2**20
_BLOCK_BYTES = 2**23
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?|nan|inf", re.IGNORECASE)
_GRID = re.compile(r"(\d+)\s*[x_,:.\- ]\s*(\d+)\D*$")
_LAST_NUMBER = re.compile(r"(\d+)\D*$")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class _Layout:
    """How a text table is written: the byte where its rows begin, what stands between cells, its decimal mark, its names."""

    begin: int
    delimiter: str
    decimal: str
    names: tuple[str, ...] | None
    num_columns: int


@dataclass(frozen=True)
class _Columns:
    """Places of the columns: the label's, and the pixels' by their place in the picture; and what was found."""

    label: int | None
    pixels: tuple[int, ...]
    notes: tuple[str, ...]


def is_text(member: Member) -> bool:
    """Whether the file is text, as a table may be."""
    head = member.head(4096)
    if any(head.startswith(mark) for mark in _ENCODINGS):
        return True
    return bool(head) and b"\0" not in head and sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head) == 0


def read_text(member: Member, report: Progress, *, labelled: bool = True) -> Raw:
    """The digits of a text table. Raises DataError, which names row and column where a value is at fault."""
    stream = _as_utf8(member)
    layout = _layout(stream, member.name)
    first = list(itertools.islice(_rows(stream, layout, member.name), _SNIFFED_LINES))
    sample = [[cell.strip().strip('"') for cell in row] for row in first]
    columns = _columns(layout.names, sample, layout.num_columns, member.name, labelled=labelled)
    kinds = "header" if layout.names else "no header"
    values, labels = _Filling(columns), []
    total = max(stream.seek(0, io.SEEK_END), 1)
    for batch in _batches(stream, layout, columns, member.name):
        values.add(batch, member.name)
        if columns.label is not None:
            labels.append(np.asarray(batch.column(columns.label)).astype(str))
        report(min(stream.tell() / total, 1.0))
    return _raw(values, labels, (kinds, *columns.notes), member.name)


def read_frame(member: Member, report: Progress) -> Raw | list[tuple[bytes, str]]:
    """The digits of a Parquet or Arrow table: pixels in columns, lists of pixels, or pictures, which come as (file, label)."""
    import pyarrow as pa

    try:
        batches = list(_frame_batches(member))
        for batch in batches:
            batch.validate(full=True)  # what is damaged inside would be read beyond its end
    except (pa.ArrowException, *DAMAGE) as error:
        raise DataError(f"{member.name} cannot be read as Parquet or Arrow: {_said(error)} Get the file again.") from None
    if not batches or not sum(len(each) for each in batches):
        raise DataError(f"{member.name} has no rows. It needs one row for each picture.")
    schema = batches[0].schema
    label = next((place for place, name in enumerate(schema.names) if name.lower() in LABELS), None)
    pictures = next((place for place, kind in enumerate(schema.types) if _holds_pictures(kind)), None)
    lists = next((place for place, kind in enumerate(schema.types) if pa.types.is_nested(kind) and place != pictures), None)
    if label is None and (pictures is not None or lists is not None):
        raise DataError(f"{member.name} has no column of labels. Name it label.")
    if pictures is not None and label is not None:
        return [(file, str(each)) for batch in batches for file, each in _files(batch, pictures, label)]
    if lists is not None and label is not None:
        return _of_lists(batches, lists, label, member.name)
    sample = [[str(cell) for cell in row.values()] for row in batches[0].slice(0, _SNIFFED_LINES).to_pylist()]
    columns = _columns(tuple(schema.names), sample, len(schema.names), member.name)
    values = _Filling(columns)
    labels = []
    for place, batch in enumerate(batches, start=1):
        values.add(batch, member.name)
        labels.append(np.asarray(batch.column(columns.label)).astype(str))
        report(place / len(batches))
    return _raw(values, labels, columns.notes, member.name)


class _Filling:
    """The pixels, batch by batch: bytes as long as all of them are whole numbers from 0 to 255, else floats."""

    def __init__(self, columns: _Columns) -> None:
        self.columns = columns
        self.parts: list[np.ndarray] = []
        self.num_rows = 0

    def add(self, batch: pa.RecordBatch, name: str) -> None:
        arrays = [batch.column(place) for place in self.columns.pixels]
        for place, array in zip(self.columns.pixels, arrays, strict=True):
            if array.null_count:
                row = self.num_rows + 1 + next(row for row, value in enumerate(array.to_pylist()) if value is None)
                raise DataError(
                    f"{name}, row {row:,}: column {place + 1:,} is empty or no number. Correct the cell and send the file again."
                )
        whole = all(str(array.type) == "uint8" for array in arrays)
        part = np.empty((len(batch), len(arrays)), np.uint8 if whole else np.float32)
        for place, array in enumerate(arrays):
            part[:, place] = array.to_numpy(zero_copy_only=False)
        if not whole and not np.isfinite(part).all():
            row, column = np.argwhere(~np.isfinite(part))[0]
            raise DataError(
                f"{name}, row {self.num_rows + row + 1:,}: column {self.columns.pixels[column] + 1:,} is no finite number. "
                "Correct the cell and send the file again."
            )
        self.num_rows += len(part)
        self.parts.append(part)

    def all(self) -> np.ndarray:
        kinds = {part.dtype for part in self.parts}
        if len(kinds) > 1:
            self.parts = [part.astype(np.float32) for part in self.parts]
        whole = np.concatenate(self.parts) if self.parts else np.empty((0, len(self.columns.pixels)), np.uint8)
        self.parts = []
        return whole


def _raw(values: _Filling, labels: list[np.ndarray], notes: Sequence[str], name: str) -> Raw:
    flat = values.all()
    if not len(flat):
        raise DataError(f"{name} has no rows of values. It needs one row for each picture.")
    side = math.isqrt(flat.shape[1])
    found = np.concatenate(labels) if labels else np.full(len(flat), "")
    return Raw(flat.reshape(-1, side, side), found, tuple(notes))


def _as_utf8(member: Member) -> IO[bytes]:
    """The text at its first character, in UTF-8 (or bytes that are read as such), whatever it was written in."""
    head = member.head(4)
    encoding = next((name for mark, name in _ENCODINGS.items() if head.startswith(mark)), "")
    if encoding == "utf-16":
        try:
            return io.BytesIO(member.read().decode("utf-16").encode())
        except UnicodeDecodeError:
            raise DataError(f"{member.name} is cut off within a letter of UTF-16. Get the file again.") from None
    member.stream.seek(3 if encoding else 0)
    return member.stream if not encoding else io.BytesIO(member.stream.read())


def _layout(stream: IO[bytes], name: str) -> _Layout:
    """From the first lines: where the rows begin, what separates their cells, and how the columns are named."""
    stream.seek(0)
    head = stream.read(_SNIFFED_BYTES)
    lines = head.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    complete = lines.split("\n")
    if len(complete) > 1:
        complete = complete[:-1] if len(head) == _SNIFFED_BYTES else complete
    if max(map(len, complete)) > _MOST_LINE:
        raise DataError(f"{name} has a line of more than {_MOST_LINE:,} characters. Expected one picture in a line.")
    begin, comment, delimiter = 0, "", ""
    rows: list[str] = []
    for line in complete:
        text = line.strip()
        if not rows and (not text or text.startswith(("#", "%", "//"))):
            comment = text.lstrip("#%/ ") or comment
            begin += _bytes_of(head, begin, line)
            continue
        if not rows and (marked := _SEPARATOR_LINE.fullmatch(text)):
            delimiter = marked[1]
            begin += _bytes_of(head, begin, line)
            continue
        if text:
            rows.append(line)
        if len(rows) == _SNIFFED_LINES:
            break
    if not rows:
        raise DataError(f"{name} is empty. It needs one row for each picture.")
    delimiter = delimiter or _delimiter(rows, name)
    cells = [_cells(row, delimiter) for row in rows]
    width = len(cells[-1])
    names = _names(cells[0])
    if names is not None:
        begin += _bytes_of(head, begin, rows[0])
        if len(rows) == 1:
            raise DataError(f"{name} has names of columns and no rows below them. It needs one row for each picture.")
    elif comment and len(_cells(comment, delimiter)) == width:
        names = tuple(_cells(comment, delimiter))  # numpy.savetxt writes its header as a comment
    if names is not None and len(names) == width - 1:
        names = ("", *names)  # R leaves the column of row names without a name
    if names is not None and len(names) != width:
        raise DataError(f"{name} names {len(names):,} columns and has {width:,} values in a row. Correct the first line.")
    decimal = "," if delimiter != "," and any(re.search(r"\d,\d", cell) for row in cells[1:] for cell in row) else "."
    return _Layout(begin, delimiter, decimal, names, width)


def _bytes_of(head: bytes, begin: int, line: str) -> int:
    """How many bytes the line at `begin` takes, its end included."""
    found = re.compile(rb"[^\r\n]*(\r\n|\r|\n)?").match(head, begin)
    return len(found[0]) if found else len(line.encode())


def _delimiter(rows: Sequence[str], name: str) -> str:
    """The mark that parts all rows in equally many cells, most of them numbers. Blanks count as one, however many there are."""
    body = rows[1:] or rows
    best, most = "", 0
    for mark in (",", ";", "\t", "|", " "):
        widths = {len(_cells(row, mark)) for row in body}
        count = sum(bool(_NUMBER.fullmatch(cell)) for cell in _cells(body[-1], mark))
        if len(widths) == 1 and widths.pop() > 1 and count > most:
            best, most = mark, count
    if not best:
        fewest, largest = (choose(len(_cells(row, ",")) for row in body) for choose in (min, max))
        if largest > 1:
            raise DataError(f"{name} has rows of {fewest:,} and of {largest:,} values. Each row must have as many as the others.")
        raise DataError(f"{name} is not a table: no comma, semicolon, tab or blank parts its lines into values.")
    return best


def _cells(row: str, mark: str) -> list[str]:
    cells = row.split() if mark == " " else row.split(mark)
    return [cell.strip().strip("\"'").strip() for cell in cells]


def _names(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The cells of the first row where they name the columns: text, or a plain count."""
    numbers = [bool(_NUMBER.fullmatch(cell)) for cell in cells]
    if not all(numbers):
        return tuple(cells)
    counted = [str(place) for place in range(len(cells) + 1)]
    return tuple(cells) if len(cells) > 2 and list(cells) in (counted[:-1], counted[1:]) else None


def _columns(
    names: Sequence[str] | None, sample: list[list[str]], num_columns: int, name: str, *, labelled: bool = True
) -> _Columns:
    """Which column is what. Raises DataError where no square of pixels can be told."""
    notes: list[str] = []
    places = list(range(num_columns))
    lower = [each.strip().lower() for each in names] if names else [""] * num_columns
    label = next((place for word in LABELS for place in places if lower[place] == word), None) if names else None
    if label is not None:
        places.remove(label)
    side = _side(len(places) - (label is None and labelled))
    for place in list(places):
        if side is None and (not names or lower[place] in _INDEX) and _counts_rows([row[place] for row in sample]):
            places.remove(place)
            notes.append("a column that counts the rows was left out")
            side = _side(len(places) - (label is None and labelled))
            break
    if label is None and labelled:
        strange = [place for place in places if names and not _LAST_NUMBER.search(names[place])]
        label = strange[0] if len(strange) == 1 else _unnamed_label(names, places, sample, name)
        places.remove(label)
        notes.append(f"label in {quoted(names[label])}" if names and strange else _place_of(label))
    elif label is not None:
        notes.append(f"label in {quoted(names[label] if names else '')}")
    ordered = _ordered(names, places, name) if names else places
    if len(ordered) < len(places):
        notes.append(f"{len(places) - len(ordered)} other column{'s' * (len(places) - len(ordered) > 1)} left out")
    if _side(len(ordered)) is None:
        raise DataError(
            f"{name} has {len(ordered):,} columns besides the label. Expected the pixels of a square, such as 784 for 28 x 28."
        )
    return _Columns(label, tuple(ordered), tuple(notes))


def _side(count: int) -> int | None:
    side = math.isqrt(max(count, 0))
    return side if side**2 == count and side in SIDES else None


def _counts_rows(cells: Sequence[str]) -> bool:
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        return False
    return len(numbers) > 1 and numbers[0] in (0.0, 1.0) and all(b - a == 1 for a, b in itertools.pairwise(numbers))


def _unnamed_label(names: Sequence[str] | None, places: Sequence[int], sample: list[list[str]], name: str) -> int:
    """The first or the last column, whichever looks like labels: few different whole numbers. Corners of pictures are blank."""

    def kinds(place: int) -> int:
        cells = {row[place] for row in sample}
        try:
            whole = all(float(cell).is_integer() and 0 <= float(cell) <= 99 for cell in cells)
        except ValueError:
            whole = all(cell.lower() in WORDS for cell in cells)
        return len(cells) if whole else 0

    first, last = kinds(places[0]), kinds(places[-1])
    if first == last or max(first, last) < 2:
        where = "a column called label" if names else "labels in its first or its last column"
        raise DataError(
            f"{name} has no labels that can be told from pixels. Expected {where}, or send a line that names the columns."
        )
    return places[0] if first > last else places[-1]


def _place_of(label: int) -> str:
    return f"label in the {'first' if label == 0 else 'last'} column"


WORDS = {word: digit for digit, word in enumerate("zero one two three four five six seven eight nine".split())}


def _ordered(names: Sequence[str], places: Sequence[int], name: str) -> list[int]:
    """The pixel columns by the numbers in their names, row by row; in the file's order where the names hold no numbers."""
    grid = {place: (int(found[1]), int(found[2])) for place in places if (found := _GRID.search(names[place]))}
    if _side(len(grid)) and _is_grid(sorted(grid.values())):
        return sorted(grid, key=grid.__getitem__)
    numbered = {place: int(found[1]) for place in places if (found := _LAST_NUMBER.search(names[place]))}
    if _side(len(numbered)):
        numbers = sorted(numbered.values())
        if numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return sorted(numbered, key=numbered.__getitem__)
        raise DataError(
            f"The pixel columns of {name} are numbered from {numbers[0]:,} to {numbers[-1]:,}, with gaps or twice. Expected each "
            f"number once, from 0 or from 1 on."
        )
    return list(places)


def _is_grid(pairs: Sequence[tuple[int, int]]) -> bool:
    side = math.isqrt(len(pairs))
    return any(
        list(pairs) == [(row + first, column + first) for row in range(side) for column in range(side)] for first in (0, 1)
    )


def _rows(stream: IO[bytes], layout: _Layout, name: str) -> Iterator[list[str]]:
    """The first rows, as text."""
    stream.seek(layout.begin)
    head = stream.read(_SNIFFED_BYTES).decode("utf-8", errors="replace")
    for line in head.splitlines():
        if line.strip():
            cells = _cells(line, layout.delimiter)
            if len(cells) != layout.num_columns:
                raise DataError(
                    f"{name} has a row of {len(cells):,} values; the others have {layout.num_columns:,}. Correct the row."
                )
            yield cells


def _batches(stream: IO[bytes], layout: _Layout, columns: _Columns, name: str) -> Iterator[pa.RecordBatch]:
    """The rows in pieces: pixels as bytes where they are bytes, else as floats; all else as text."""
    import pyarrow as pa

    for pixel_type in (pa.uint8(), pa.float32()):
        stream.seek(layout.begin)
        source = _single_blanks(stream) if layout.delimiter == " " else stream
        try:
            kept = []
            for batch in _opened(source, layout, columns, pixel_type):
                if pixel_type == pa.uint8():
                    kept.append(batch)
                    continue
                yield batch
            yield from kept
            return
        except pa.ArrowInvalid as error:
            if pixel_type != pa.uint8() or "conversion error" not in str(error):
                raise _fault(error, layout, name) from None


def _opened(source: IO[bytes], layout: _Layout, columns: _Columns, pixel_type: pa.DataType) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import csv

    names = [str(place) for place in range(layout.num_columns)]
    types = dict.fromkeys(names, pa.string()) | {names[place]: pixel_type for place in columns.pixels}
    reader = csv.open_csv(
        pa.PythonFile(source, mode="r"),
        csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
        csv.ParseOptions(delimiter=layout.delimiter),
        csv.ConvertOptions(column_types=types, decimal_point=layout.decimal, null_values=["", "NA", "null"]),
    )
    yield from reader


def _single_blanks(stream: IO[bytes]) -> IO[bytes]:
    """The text with one blank between two values, and none at the ends of its lines."""
    return io.BytesIO(re.sub(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)", b"", re.sub(rb"[ \t]+", b" ", stream.read())))


def _fault(error: Exception, layout: _Layout, name: str) -> DataError:
    text = str(error)
    if found := re.search(r"column #(\d+).*?(?:Row #(\d+))?.*?invalid value '(.*?)'", text, re.DOTALL):
        column = int(found[1])
        called = quoted(layout.names[column]) if layout.names else f"{column + 1:,}"
        return DataError(
            f"{name}: column {called} holds {quoted(found[3])}; expected a number. Correct the cell and send the file again."
        )
    if found := re.search(r"Expected (\d+) columns, got (\d+)", text):
        return DataError(f"{name} has a row of {int(found[2]):,} values; the others have {int(found[1]):,}. Correct the row.")
    return DataError(f"{name} cannot be read as a table: {_said(error)}")


def _said(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return quoted(first[:120]) + "."


def _frame_batches(member: Member) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import ipc, parquet

    member.stream.seek(0)
    if member.head(4) == b"PAR1":
        yield from parquet.ParquetFile(member.stream).iter_batches(batch_size=4096)
        return
    source = pa.PythonFile(member.stream, mode="r")
    if member.head(6) == b"ARROW1":
        reader = ipc.open_file(source)
        yield from (reader.get_batch(place) for place in range(reader.num_record_batches))
    else:
        yield from ipc.open_stream(source)


def _holds_pictures(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return any(kind.field(place).name == "bytes" for place in range(kind.num_fields))
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _files(batch: pa.RecordBatch, pictures: int, label: int) -> Iterator[tuple[bytes, object]]:
    for each, digit in zip(batch.column(pictures).to_pylist(), batch.column(label).to_pylist(), strict=True):
        yield (each.get("bytes") if isinstance(each, dict) else each) or b"", digit


def _of_lists(batches: Sequence[pa.RecordBatch], lists: int, label: int, name: str) -> Raw:
    parts, labels = [], []
    for batch in batches:
        try:
            parts.append(np.array(batch.column(lists).to_pylist(), np.float32).reshape(len(batch), -1))
        except (ValueError, TypeError):
            raise DataError(f"{name} has pictures of different sizes, or values that are no numbers.") from None
        labels.append(np.asarray(batch.column(label)).astype(str))
    flat = np.concatenate(parts)
    if _side(flat.shape[1]) is None:
        raise DataError(
            f"{name} has {flat.shape[1]:,} values for each picture. Expected those of a square, such as 784 for 28 x 28."
        )
    side = math.isqrt(flat.shape[1])
    if not np.isfinite(flat).all():
        raise DataError(f"{name} has values that are no finite numbers. Correct them and send the file again.")
    if flat.min() >= 0 and flat.max() <= 255 and np.array_equal(flat, np.rint(flat)):
        flat = flat.astype(np.uint8)
    return Raw(flat.reshape(-1, side, side), np.concatenate(labels), (f"label in {quoted(batches[0].schema.names[label])}",))
