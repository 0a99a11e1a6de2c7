"""What persons say of the labels of images."""

from __future__ import annotations

import time

import sqlalchemy as sa

from core.errors import StoreError
from core.store import tables
from core.store.database import Database

FAULT, FINE, UNCLEAR = VERDICTS = ("fault", "fine", "unclear")


class Verdicts(Database):
    """The newest verdict on each image of each data set."""

    def save_verdict(self, dataset: str, row: int, verdict: str) -> None:
        """What a person says of the label of one image; the newest verdict counts. `verdict` is one of VERDICTS."""
        if verdict not in VERDICTS:
            raise StoreError(f"The verdict {verdict!r} is unknown; it must be one of: {', '.join(VERDICTS)}.")
        with self._writing() as connection:
            connection.execute(tables.verdicts.delete().where(_of(dataset) & (tables.verdicts.c.row == row)))
            connection.execute(tables.verdicts.insert().values(dataset=dataset, row=row, verdict=verdict, time=time.time()))

    def delete_verdict(self, dataset: str, row: int) -> None:
        """Takes a verdict back; nothing happens where there is none."""
        with self._writing() as connection:
            connection.execute(tables.verdicts.delete().where(_of(dataset) & (tables.verdicts.c.row == row)))

    def verdicts(self, dataset: str) -> dict[int, str]:
        """Row of the data set -> verdict, the newest last."""
        columns = tables.verdicts.c
        query = sa.select(columns.row, columns.verdict).where(_of(dataset)).order_by(columns.time)
        with self._reading() as connection:
            return {row.row: row.verdict for row in connection.execute(query)}


def faults(connection: sa.Connection, dataset: str) -> tuple[int, ...]:
    """The rows whose label a person called wrong, ascending."""
    columns = tables.verdicts.c
    query = sa.select(columns.row).where(_of(dataset) & (columns.verdict == FAULT)).order_by(columns.row)
    return tuple(connection.execute(query).scalars())


def _of(dataset: str) -> sa.ColumnElement[bool]:
    return tables.verdicts.c.dataset == dataset
