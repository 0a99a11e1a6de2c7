"""Digits as a table of text, one picture a row: CSV and its kin, with names of columns or none.

PyArrow reads; what is new here is how the table is written. Rows are read in pieces, so that the memory stays near one byte a
pixel.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from core.datasets.forms.columns import SAMPLED_ROWS, Columns, Filling, Progress, columns_of
from core.datasets.forms.members import Member
from core.datasets.forms.raw import Raw
from core.errors import DataError, quoted

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_LINE = 2**18  # characters; numpy.savetxt writes 20,000 for 28 x 28 pixels
_SNIFFED_BYTES = 2**20
_BLOCK_BYTES = 2**23
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?|nan|inf", re.IGNORECASE)
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


def is_text(member: Member) -> bool:
    """Whether the file is text, as a table may be."""
    head = member.head(4096)
    if any(head.startswith(mark) for mark in _ENCODINGS):
        return True
    return bool(head) and b"\0" not in head and sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head) == 0


def read(member: Member, report: Progress) -> Raw:
    """The digits of a text table. Raises DataError, which names row and column where a value is at fault."""
    stream = _as_utf8(member)
    layout = _layout(stream, member.name)
    sample = list(itertools.islice(_rows(stream, layout, member.name), SAMPLED_ROWS))
    columns = columns_of(layout.names, sample, member.name)
    kinds = "header" if layout.names else "no header"
    found = Filling(columns)
    total = max(stream.seek(0, io.SEEK_END), 1)
    for batch in _batches(stream, layout, columns, member.name):
        found.add(batch, member.name)
        report(min(stream.tell() / total, 1.0))
    return found.raw((kinds, *columns.notes), member.name)


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
        if len(rows) == SAMPLED_ROWS:
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


def _batches(stream: IO[bytes], layout: _Layout, columns: Columns, name: str) -> Iterator[pa.RecordBatch]:
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


def _opened(source: IO[bytes], layout: _Layout, columns: Columns, pixel_type: pa.DataType) -> Iterator[pa.RecordBatch]:
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
