"""The database of one data directory: SQLite in it, or whatever `DIGITLAB_DATABASE_URL` names. Any thread may call."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from core.errors import StoreError, StoreTooNew
from core.store import tables

SCHEMA_VERSION = 1


class Database:
    """Raises StoreError where the database cannot be opened or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = os.environ.get("DIGITLAB_DATABASE_URL") or f"sqlite:///{folder / 'digitlab.db'}"
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _set_up_sqlite)
        with self._writing() as connection:
            tables.metadata.create_all(connection)
            version = connection.execute(sa.select(tables.schema.c.version)).scalar()
            if version is None:
                connection.execute(tables.schema.insert().values(version=SCHEMA_VERSION))
            elif version > SCHEMA_VERSION:
                raise StoreTooNew(
                    f"The record of runs has version {version}, this Digit Lab knows up to {SCHEMA_VERSION}. "
                    "Start the newer Digit Lab, or name another folder in DIGITLAB_DATA_DIR."
                )

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"The record of runs cannot be used: {_cause(error)}. Is {self.folder} writable?") from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"The record of runs cannot be read: {_cause(error)}. Is {self.folder} readable?") from error


def _set_up_sqlite(connection: object, _: object) -> None:
    """Write-ahead logging, so that pages read while the training thread writes."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
