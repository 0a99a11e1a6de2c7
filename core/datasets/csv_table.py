"""A CSV of whole numbers, read strictly into uint8. An error names the row and column of the first cell that is no such number.

One pass, a dictionary look-up per cell: 42,000 x 785 cells take 2 s and 65 MB on two cores. So do pandas and pyarrow, with three
times the memory; numpy's loadtxt takes 1 s. None of them names the column of a bad cell, so each would need this pass as well.

Row 1 is the first below the header; line numbers are those of an editor or a spreadsheet. Blank lines are skipped, as long as
they are few. Spellings such as 7.0, 007 or "7" are read as 7. Lines may end as on Windows, Unix or an old Mac, and a line
"sep=," of Excel may come first.
"""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from core.errors import DataError, reason

MAX_VALUE = 255
_MAX_LINE_BYTES = 2**16  # eight times a line of Kaggle's; a file that is no CSV may have no line breaks at all
_MAX_SPELLINGS = 10_000
_MAX_BLANK_LINES = 10_000  # a hundred million of them would take a minute
_LOOK_EVERY = 1000  # lines between two reports
_NUMBER = re.compile(rb'\s*("?)\s*0*(\d{1,3})(?:\.0*)?\s*\1\s*')
_BLANK = b' \t\r\n"'
_SEPARATOR = re.compile(rb'"?sep=(.)"?\s*', re.IGNORECASE)


class _Values(dict[bytes, int]):
    """Text of a cell -> its value. Unusual spellings are added when first met. Raises KeyError with the text of any other."""

    def __missing__(self, text: bytes) -> int:
        match = _NUMBER.fullmatch(text)
        if match is None or int(match[2]) > MAX_VALUE:
            raise KeyError(text)
        value = int(match[2])
        if len(self) < _MAX_SPELLINGS:
            self[text] = value
        return value


Progress = Callable[[float], None]  # gets the share that is done, 0 to 1


def ignored(share: float) -> None:
    """A report that nobody hears."""


def read(
    file: str | Path | IO[bytes],
    *,
    title: str,
    columns: Sequence[str],
    highest: Sequence[int],
    advice: str,
    max_mb: int,
    report: Progress = ignored,
) -> np.ndarray:
    """Shape (rows, len(columns)) uint8, with the columns in the order of `columns`, whatever their order in the file.

    `file` is a path or a seekable binary file, which stays open; a file above `max_mb` megabytes is not read. `highest` is each
    column's largest value, at most 255; `advice` is a sentence that names the expected columns. `report` gets the share of the
    file that is read, 0 to 1; an exception from it ends the reading. Raises DataError, which names `title` and the row and column
    at fault.
    """
    with _opened(file, title, max_mb) as stream:
        num_bytes = max(stream.seek(0, os.SEEK_END), 1)
        stream, first_line = _at_names(stream)
        names = _names(stream, title)
        order = _order(names, columns, title, advice)
        narrow = [(place, most) for place, most in zip(order, highest, strict=True) if most < MAX_VALUE]
        values = _Values({str(value).encode(): value for value in range(MAX_VALUE + 1)})
        table, num_rows, num_blank, done = bytearray(), 0, 0, stream.tell()
        for line_number, line in enumerate(iter(lambda: stream.readline(_MAX_LINE_BYTES), b""), start=first_line + 1):
            done += len(line)
            if line_number % _LOOK_EVERY == 0:
                report(min(done / num_bytes, 1.0))
            cells = line.rstrip(b"\r\n").split(b",")
            if len(cells) != len(names) and not line.strip():
                num_blank += 1
                if num_blank > _MAX_BLANK_LINES:
                    raise DataError(
                        f"{title} has more than {_MAX_BLANK_LINES:,} empty lines, up to line {line_number:,}. Take them out."
                    )
                continue
            num_rows += 1
            where = (title, num_rows, line_number)
            if len(cells) != len(names):
                raise _ragged(where, len(cells), len(names))
            try:
                row = bytes(map(values.__getitem__, cells))
            except KeyError as error:
                column = cells.index(error.args[0])
                raise _wrong(where, names[column], error.args[0], highest[order.index(column)]) from None
            for column, most in narrow:
                if row[column] > most:
                    raise _wrong(where, names[column], cells[column], most)
            table += row
    return np.frombuffer(table, np.uint8).reshape(num_rows, len(names)).take(order, axis=1)


@contextmanager
def _opened(file: str | Path | IO[bytes], title: str, max_mb: int) -> Iterator[IO[bytes]]:
    try:
        if isinstance(file, (str, Path)):
            with open(file, "rb") as stream:
                yield _checked(stream, title, max_mb)
        else:
            yield _checked(file, title, max_mb)
    except OSError as error:
        raise DataError(f"{title} cannot be read ({reason(error)}). Check that the file exists and may be opened.") from None


def _checked(stream: IO[bytes], title: str, max_mb: int) -> IO[bytes]:
    """`stream` at its start. Raises DataError where it is larger than `max_mb`."""
    num_bytes = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if num_bytes > 10**6 * max_mb:
        raise DataError(f"{title} has {num_bytes / 1e6:,.0f} MB; up to {max_mb} MB are read. Send only some of its rows.")
    return stream


def _at_names(stream: IO[bytes]) -> tuple[IO[bytes], int]:
    """The stream, made one of lines that end in \\n, at the line of names, and that line's number."""
    stream.seek(0)
    first = stream.readline(_MAX_LINE_BYTES)
    if b"\r" in first.rstrip(b"\r\n"):  # an old Mac's line ends
        stream.seek(0)
        stream = io.BytesIO(stream.read().replace(b"\r", b"\n"))
        first = stream.readline(_MAX_LINE_BYTES)
    separator = _SEPARATOR.fullmatch(first.removeprefix(b"\xef\xbb\xbf"))
    if separator and separator[1] == b",":
        return stream, 2
    stream.seek(0)
    return stream, 1


def _names(stream: IO[bytes], title: str) -> list[str]:
    """The column names in the next line."""
    line = stream.readline(_MAX_LINE_BYTES).removeprefix(b"\xef\xbb\xbf")
    if not line.strip():
        raise DataError(f"{title} is empty or begins with an empty line. Its first line must name the columns.")
    if line.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise DataError(f"{title} is a packed file or a workbook, not a CSV. Unpack it or save it as CSV first.")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or len(line) == _MAX_LINE_BYTES:
        raise DataError(f"{title} is not a CSV: its beginning is not a line of UTF-8 text. Save the table as CSV (UTF-8).")
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if mark in text and "," not in text:
            raise DataError(f"The columns of {title} are separated by {word}. Save it again with commas between them.")
    names = [name.strip(_BLANK.decode()) for name in text.split(",")]
    if all(name.isdecimal() for name in names):
        raise DataError(f"{title} begins with numbers. Its first line must name the columns: put one above the data.")
    return names


def _order(names: list[str], columns: Sequence[str], title: str, advice: str) -> list[int]:
    """For each column asked for, its place in the file."""
    present, wanted = Counter(names), set(columns)
    missing = [name for name in columns if name not in present]
    extra = [name for name in present if name not in wanted]
    twice = [name for name, count in present.items() if count > 1]
    if missing:
        raise DataError(f"{title} lacks {_listed(missing)}. {advice}")
    if extra:
        raise DataError(f"{title} has {_listed(extra)} too many: remove what is not needed. {advice}")
    if twice:
        raise DataError(f"{title} has {_listed(twice)} twice. Remove or rename one of the two.")
    return [names.index(name) for name in columns]


def _listed(names: list[str]) -> str:
    first = f"column '{_short(names[0])}'" if names[0] else "a column without a name"
    return first if len(names) == 1 else f"{first} and {len(names) - 1:,} more"


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"


def _ragged(where: tuple[str, int, int], count: int, expected: int) -> DataError:
    return DataError(
        f"{_place(where)} has {count:,} values; the first line names {expected:,} columns. Correct the row, or get the file "
        "again if it was cut off."
    )


def _wrong(where: tuple[str, int, int], column: str, cell: bytes, most: int) -> DataError:
    found = f"'{_short(cell.decode(errors='backslashreplace').strip())}'" if cell.strip(_BLANK) else "empty"
    return DataError(
        f"{_place(where)}: {column} is {found}; expected a whole number from 0 to {most}. "
        "Correct the cell and send the file again."
    )


def _place(where: tuple[str, int, int]) -> str:
    title, row, line = where
    return f"{title}, row {row:,} (line {line:,} of the file)"
