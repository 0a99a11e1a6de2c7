"""Which process trains a run: the one that wrote it last, as long as it lives. Any thread may call."""

from __future__ import annotations

import os
from collections.abc import Collection

import sqlalchemy as sa

from core.errors import StoreError
from core.runs.snapshot import ACTIVE_STATES, INTERRUPTED, RunSnapshot
from core.store import run_columns, tables
from core.store.database import Database


class Processes:
    """Runs that lost their process, and how another takes them up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def left_behind(self) -> set[str]:
        """Runs whose process ended before they did; those of another living process go on. To be asked before any run starts."""
        with self._database.reading() as connection:
            query = sa.select(tables.runs.c.run_id, tables.runs.c.process_id).where(tables.runs.c.state.in_(ACTIVE_STATES))
            return {row.run_id for row in connection.execute(query) if not _is_another(row.process_id)}

    def mark_interrupted(self, run_ids: Collection[str]) -> None:
        """Records that these runs ended with their process."""
        with self._database.writing() as connection:
            left = tables.runs.c.run_id.in_(run_ids) & tables.runs.c.state.in_(ACTIVE_STATES)
            connection.execute(tables.runs.update().where(left).values(state=INTERRUPTED))

    def reopen(self, run: RunSnapshot) -> None:
        """Records that a run which had ended is queued again, as `run` says, and takes it out of the bin. Raises StoreError where
        another process was quicker.
        """
        row = tables.runs.c.run_id == run.run_id
        with self._database.writing() as connection:
            query = sa.select(tables.runs.c.state, tables.runs.c.process_id).where(row).with_for_update()
            state, process_id = connection.execute(query).one()
            if state in ACTIVE_STATES and _is_another(process_id):
                raise StoreError(f"{run.name} is trained by another Digit Lab on the same record. Watch it there.")
            values = run_columns.values(run, run_columns.PROGRESS | {"recipe", "added_epochs"})
            connection.execute(tables.runs.update().where(row).values(**values, process_id=os.getpid(), deleted=None))


def _is_another(process_id: int) -> bool:
    if process_id == os.getpid():  # in a container a restarted server gets the same number again
        return False
    try:
        os.kill(process_id, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process, which is alive
        return True
    return True
