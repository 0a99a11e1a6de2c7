"""Which column of a table is what: the label, each pixel by its place, what only counts the rows; and the pixels of a table, put
together piece by piece.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.forms import groups
from core.datasets.forms.raw import SIDES, Raw
from core.errors import DataError, quoted

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[float], None]  # gets the share that is done, 0 to 1
LABELS = ("label", "labels", "class", "classes", "target", "targets", "y", "digit")
WORDS = {word: digit for digit, word in enumerate("zero one two three four five six seven eight nine".split())}
SAMPLED_ROWS = 40
_INDEX = {"", "index", "id", "idx", "row", "no", "nr", "unnamed: 0", "__index_level_0__"}
_GRID = re.compile(r"(\d+)\s*[x_,:.\- ]\s*(\d+)\D*$")
_LAST_NUMBER = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True)
class Columns:
    """Places of the columns: the label's, the pixels' by their place in the picture, and, where there is one, that of who wrote
    it; and what was found.
    """

    label: int
    pixels: tuple[int, ...]
    notes: tuple[str, ...]
    group: int | None = None


def columns_of(names: Sequence[str] | None, sample: list[list[str]], name: str) -> Columns:
    """Which column is what, by the names, None where there are none, and by some rows of text. Raises DataError where no label or
    no square of pixels can be told.
    """
    notes: list[str] = []
    places = list(range(len(sample[0])))
    lower = [each.strip().lower() for each in names] if names else [""] * len(sample[0])
    label = next((place for word in LABELS for place in places if lower[place] == word), None) if names else None
    if label is not None:
        places.remove(label)
    group = groups.column(names) if names else None
    if group is not None:
        places.remove(group)
    side = square_side(len(places) - (label is None))
    for place in list(places):
        if side is None and (not names or lower[place] in _INDEX) and _counts_rows([row[place] for row in sample]):
            places.remove(place)
            notes.append("a column that counts the rows was left out")
            side = square_side(len(places) - (label is None))
            break
    if label is None:
        strange = [place for place in places if names and not _LAST_NUMBER.search(names[place])]
        label = strange[0] if len(strange) == 1 else _unnamed_label(names, places, sample, name)
        places.remove(label)
        notes.append(f"label in {quoted(names[label])}" if names and strange else _place_of(label))
    elif names:
        notes.append(f"label in {quoted(names[label])}")
    ordered = _ordered(names, places, name) if names else places
    if len(ordered) < len(places):
        notes.append(f"{len(places) - len(ordered)} other column{'s' * (len(places) - len(ordered) > 1)} left out")
    if square_side(len(ordered)) is None:
        raise DataError(
            f"{name} has {len(ordered):,} columns besides the label. Expected the pixels of a square, such as 784 for 28 x 28."
        )
    return Columns(label, tuple(ordered), tuple(notes), group)


def square_side(count: int) -> int | None:
    """The side of a picture of so many pixels; None where that is no square, or none that could show a digit."""
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


def _ordered(names: Sequence[str], places: Sequence[int], name: str) -> list[int]:
    """The pixel columns by the numbers in their names, row by row; in the file's order where the names hold no numbers."""
    grid = {place: (int(found[1]), int(found[2])) for place in places if (found := _GRID.search(names[place]))}
    if square_side(len(grid)) and _is_grid(sorted(grid.values())):
        return sorted(grid, key=grid.__getitem__)
    numbered = {place: int(found[1]) for place in places if (found := _LAST_NUMBER.search(names[place]))}
    if square_side(len(numbered)):
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


class Filling:
    """The pixels and labels, batch by batch; bytes where all pixels are whole numbers from 0 to 255, else floats."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.parts: list[np.ndarray] = []
        self.labels: list[np.ndarray] = []
        self.groups: list[np.ndarray] = []
        self.num_rows = 0

    def add(self, batch: pa.RecordBatch, name: str) -> None:
        """Raises DataError, which names row and column, for a pixel that is empty or no finite number."""
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
        self.labels.append(np.asarray(batch.column(self.columns.label)).astype(str))
        if self.columns.group is not None:
            self.groups.append(np.asarray(batch.column(self.columns.group)).astype(str))

    def raw(self, notes: Sequence[str], name: str) -> Raw:
        """All of it. Raises DataError where there was no row."""
        if not self.num_rows:
            raise DataError(f"{name} has no rows of values. It needs one row for each picture.")
        flat = np.concatenate(self.parts)  # bytes and floats together are floats
        side = math.isqrt(flat.shape[1])
        by_whom = groups.checked(np.concatenate(self.groups)) if self.groups else None
        return Raw(flat.reshape(-1, side, side), np.concatenate(self.labels), tuple(notes), by_whom)
