"""People's verdicts on the labels of images."""

from __future__ import annotations

import time

import sqlalchemy as sa

from core.errors import StoreError, quoted
from core.store import tables
from core.store.database import Database

FAULT, FINE, UNCLEAR = VERDICTS = ("fault", "fine", "unclear")


class Verdicts:
    """The newest verdict on each image of each data set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, dataset: str, row: int, verdict: str) -> None:
        """Keeps one verdict per image, the newest. Raises StoreError for a `verdict` that is not one of VERDICTS."""
        if verdict not in VERDICTS:
            raise StoreError(f"The verdict {quoted(verdict)} is unknown; it must be one of: {', '.join(VERDICTS)}.")
        with self._database.writing() as connection:
            connection.execute(tables.verdicts.delete().where(_of(dataset) & (tables.verdicts.c.row == row)))
            connection.execute(tables.verdicts.insert().values(dataset=dataset, row=row, verdict=verdict, time=time.time()))

    def delete(self, dataset: str, row: int) -> None:
        """Removes the verdict on an image, if there is one."""
        with self._database.writing() as connection:
            connection.execute(tables.verdicts.delete().where(_of(dataset) & (tables.verdicts.c.row == row)))

    def of(self, dataset: str) -> dict[int, str]:
        """Row of the data set -> verdict, the newest last."""
        columns = tables.verdicts.c
        query = sa.select(columns.row, columns.verdict).where(_of(dataset)).order_by(columns.time)
        with self._database.reading() as connection:
            return {row.row: row.verdict for row in connection.execute(query)}


def faults(connection: sa.Connection, dataset: str) -> tuple[int, ...]:
    """Ascending rows of the data set that carry the verdict FAULT."""
    columns = tables.verdicts.c
    query = sa.select(columns.row).where(_of(dataset) & (columns.verdict == FAULT)).order_by(columns.row)
    return tuple(connection.execute(query).scalars())


def _of(dataset: str) -> sa.ColumnElement[bool]:
    return tables.verdicts.c.dataset == dataset
