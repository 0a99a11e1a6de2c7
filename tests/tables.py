"""CSV files as tests make them."""

from __future__ import annotations

PIXELS = [f"pixel{place}" for place in range(784)]
HEADER = ["label", *PIXELS]
Table = list[list[str]]


def table(num_rows: int = 30) -> Table:
    """The lines of a good train.csv, as cells: pixel p of row r (from 1) is (p + r) mod 256."""
    rows = [[str(row % 10), *[str((place + row) % 256) for place in range(784)]] for row in range(1, num_rows + 1)]
    return [HEADER, *rows]


def content(lines: Table, end: str = "\n") -> bytes:
    return "".join(",".join(cells) + end for cells in lines).encode()


def with_cell(row: int, column: str, text: str) -> bytes:
    lines = [list(cells) for cells in table()]
    lines[row][HEADER.index(column)] = text
    return content(lines)
