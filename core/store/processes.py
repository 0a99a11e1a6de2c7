"""Which process trains a run: the one that wrote it last, as long as it says now and then that it lives. Any thread may call."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError
from core.runs.snapshot import ACTIVE_STATES, INTERRUPTED, RunSnapshot
from core.store import run_columns, tables
from core.store.database import Database
from core.system.process import identity, is_gone

ALIVE_EVERY_S = 10.0
_SILENT_S = 60.0  # several times that: a machine may be busy, or its clock a little off


class Processes:
    """Runs that lost their process, and how another takes them up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def say_alive(self) -> None:
        """Says that this process still trains its runs."""
        columns = tables.runs.c
        mine = columns.state.in_(ACTIVE_STATES) & (columns.process == identity())
        with self._database.writing() as connection:
            connection.execute(tables.runs.update().where(mine).values(alive=time.time()))

    def left_behind(self, *, at_start: bool = False) -> set[str]:
        """Runs whose process ended before they did; those of another living process go on. `at_start`, before this process has
        begun a run, its own are left as well: by the one that wrote to the record before.
        """
        columns = tables.runs.c
        query = sa.select(columns.run_id, columns.process, columns.alive).where(columns.state.in_(ACTIVE_STATES))
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.run_id for row in rows if (at_start if row.process == identity() else _ended(row))}

    def mark_interrupted(self, run_ids: Collection[str]) -> None:
        """Records that these runs ended with their process."""
        with self._database.writing() as connection:
            left = tables.runs.c.run_id.in_(run_ids) & tables.runs.c.state.in_(ACTIVE_STATES)
            connection.execute(tables.runs.update().where(left).values(state=INTERRUPTED))

    def reopen(self, run: RunSnapshot) -> None:
        """Records that a run which had ended is queued again, as `run` says, and takes it out of the bin. Raises StoreError where
        another process was quicker.
        """
        columns = tables.runs.c
        row = columns.run_id == run.run_id
        with self._database.writing() as connection:
            query = sa.select(columns.state, columns.process, columns.alive).where(row).with_for_update()
            now = connection.execute(query).one()
            if now.state in ACTIVE_STATES and now.process != identity() and not _ended(now):
                raise StoreError(f"{run.name} is trained by another Digit Lab on the same record. Watch it there.")
            values = run_columns.values(run, run_columns.PROGRESS | {"recipe", "added_epochs", "expected_s"})
            connection.execute(tables.runs.update().where(row).values(**values, **owned(), deleted=None))


def owned() -> dict[str, str | float]:
    """The columns that say that this process trains a run."""
    return {"process": identity(), "alive": time.time()}


def _ended(row: Any) -> bool:
    """Whether the process that wrote this row of another one has ended."""
    gone = is_gone(row.process)
    return time.time() - row.alive > _SILENT_S if gone is None else gone
