"""Which process trains a run: the one that wrote it last, as long as it lives."""

from __future__ import annotations

import os
from collections.abc import Collection

import sqlalchemy as sa

from core.errors import StoreError
from core.runs.snapshot import ACTIVE_STATES, INTERRUPTED, RunSnapshot
from core.store import tables
from core.store.database import Database


class Owners(Database):
    """Runs that lost their process, and how another takes them up."""

    def left_behind(self) -> set[str]:
        """Runs whose process is gone before they ended; those of another living process go on. Asked before any run starts."""
        with self._reading() as connection:
            query = sa.select(tables.runs.c.run_id, tables.runs.c.process_id).where(tables.runs.c.state.in_(ACTIVE_STATES))
            return {row.run_id for row in connection.execute(query) if not _is_another(row.process_id)}

    def mark_interrupted(self, run_ids: Collection[str]) -> None:
        """Writes down that these runs ended with their process."""
        with self._writing() as connection:
            left = tables.runs.c.run_id.in_(run_ids) & tables.runs.c.state.in_(ACTIVE_STATES)
            connection.execute(tables.runs.update().where(left).values(state=INTERRUPTED))

    def reopen(self, run: RunSnapshot) -> None:
        """Writes down that a run which had ended waits in the queue again, as `run` says, out of the bin if it was there. Raises
        StoreError where another process was quicker.
        """
        row = tables.runs.c.run_id == run.run_id
        columns = ("state", "message", "step", "added_epochs", "diverged")
        with self._writing() as connection:
            query = sa.select(tables.runs.c.state, tables.runs.c.process_id).where(row).with_for_update()
            state, process_id = connection.execute(query).one()
            if state in ACTIVE_STATES and _is_another(process_id):
                raise StoreError(f"{run.name} is trained by another Digit Lab on the same record. Watch it there.")
            values = {name: getattr(run, name) for name in columns} | {"recipe": run.recipe.to_json(), "process_id": os.getpid()}
            values["deleted"] = None
            connection.execute(tables.runs.update().where(row).values(values))


def _is_another(process_id: int) -> bool:
    if process_id == os.getpid():  # in a container a server that starts again gets the number that it had
        return False
    try:
        os.kill(process_id, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process, which is alive
        return True
    return True
