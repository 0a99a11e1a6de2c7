"""Which of a person's drawings each run was fine-tuned on, so that it is not scored on them. Any thread may call."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from core.store import tables
from core.store.database import Database


class LearnedDrawings:
    """Drawings by their digest; one may have been deleted since."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run_id: str, digests: Collection[str]) -> None:
        """Adds to the drawings that the run has learned from. Raises StoreError."""
        with self._database.writing() as connection:
            if digests:
                connection.execute(tables.lessons.insert(), [{"run_id": run_id, "digest": digest} for digest in digests])

    def of(self, run_id: str) -> frozenset[str]:
        """Digests of the drawings that the run, or one whose weights it began with, has learned from."""
        with self._database.reading() as connection:
            query = sa.select(tables.lessons.c.digest).where(tables.lessons.c.run_id == run_id)
            return frozenset(connection.execute(query).scalars())


def inherit(connection: sa.Connection, parent_id: str, run_id: str) -> None:
    """A run that begins with another's weights has learned from the same drawings."""
    of_parent = sa.select(sa.literal(run_id), tables.lessons.c.digest).where(tables.lessons.c.run_id == parent_id)
    connection.execute(tables.lessons.insert().from_select(["run_id", "digest"], of_parent))
