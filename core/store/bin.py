"""Runs in the bin: deleted, but kept with their rows and files until the bin is emptied. Any thread may call."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import TrainingError
from core.runs.snapshot import ACTIVE_STATES
from core.store import run_columns, tables
from core.store.database import Database
from core.store.run_files import RunFiles


@dataclass(frozen=True)
class Thrown:
    """A run in the bin; `deleted` when, in seconds since 1970."""

    run_id: str
    number: int
    name: str
    deleted: float


class Bin:
    """No list of runs shows what lies in it. Every method raises StoreError where the database cannot be used."""

    def __init__(self, database: Database, files: RunFiles) -> None:
        self._database, self._files = database, files

    def put(self, run_ids: Collection[str]) -> None:
        """Puts runs into the bin: all of them or, where one is still training, none. Raises TrainingError."""
        chosen = tables.runs.c.run_id.in_(run_ids)
        with self._database.writing() as connection:
            active = connection.execute(sa.select(tables.runs.c.name).where(chosen & tables.runs.c.state.in_(ACTIVE_STATES)))
            if name := active.scalars().first():
                raise TrainingError(f"{name} is still training. Stop it first, then delete it.")
            connection.execute(tables.runs.update().where(chosen).values(deleted=time.time()))

    def restore(self, run_ids: Collection[str]) -> None:
        """Takes runs out of the bin, as they were."""
        with self._database.writing() as connection:
            connection.execute(tables.runs.update().where(tables.runs.c.run_id.in_(run_ids)).values(deleted=None))

    def all(self) -> list[Thrown]:
        """The runs in the bin, the last one deleted first."""
        columns = [tables.runs.c[name] for name in Thrown.__dataclass_fields__]
        query = sa.select(*columns).where(tables.runs.c.deleted.is_not(None)).order_by(tables.runs.c.deleted.desc())
        with self._database.reading() as connection:
            return [Thrown(row.run_id, row.number, run_columns.name(row), row.deleted) for row in connection.execute(query)]

    def num_bytes(self) -> int:
        """How much the files of the runs in the bin take."""
        return sum(self._files.num_bytes(row.run_id) for row in self.all())

    def empty(self) -> None:
        """Removes the runs in the bin for good, with their epochs and files. Cut off in between, `finish_emptying` ends it."""
        query = sa.select(tables.runs.c.run_id).where(tables.runs.c.deleted.is_not(None))
        with self._database.writing() as connection:
            gone = connection.execute(query).scalars().all()
            self._files.condemn(gone)
            for each in (tables.epochs, tables.left_out, tables.lessons, tables.runs):
                connection.execute(each.delete().where(each.c.run_id.in_(gone)))
        self.finish_emptying()

    def finish_emptying(self) -> None:
        """Removes the files of runs whose rows were removed, also of an emptying that was cut off."""
        condemned = self._files.condemned()
        if not condemned:
            return
        with self._database.reading() as connection:  # after the rows: a run never loses its files before its row
            there = set(connection.execute(sa.select(tables.runs.c.run_id)).scalars())
        for run_id in condemned:
            if run_id not in there:
                self._files.delete(run_id)
        self._files.condemn([])
