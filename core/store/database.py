"""The database of one data directory: SQLite in it, or whatever `DIGITLAB_DATABASE_URL` names. Any thread may call."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError, StoreTooNew
from core.store import backups, migrations, tables

_log = logging.getLogger(__name__)
BUSY_MS = 5000  # how long a writer waits for another one
_UPGRADE_LOCK = 0x0D161A8  # an arbitrary number for PostgreSQL's advisory locks
# Words in error messages of SQLite, PostgreSQL and the system -> what to do about it.
_ADVICE = {
    "locked": "Another program holds it: close that one, then try again.",
    "full": "The disk is full: free some space, then try again.",
    "No space left": "The disk is full: free some space, then try again.",
    "readonly": "It is read-only: make {place} writable, then try again.",
    "read-only": "It is read-only: make {place} writable, then try again.",
    "not a database": "The file is damaged: restore a copy of it, or name another folder in DIGITLAB_DATA_DIR.",
    "malformed": "The file is damaged: restore a copy of it, or name another folder in DIGITLAB_DATA_DIR.",
    "connection": "Is {place} running, and is DIGITLAB_DATABASE_URL right?",
}


class Database:
    """Opened at the present version: a missing database is created, an older one is backed up and upgraded.

    Raises StoreError where the database cannot be opened or written, StoreTooNew where a newer Digit Lab wrote it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._engine = _engine(self.url(folder))
        self._writer = self._engine.execution_options(writes=True)
        # SQLite has no queue for writers: on a slow disk one of several threads could wait until it times out.
        self._turn = threading.Lock()
        self._file = Path(self._engine.url.database or "") if self._engine.dialect.name == "sqlite" else None
        self._inode = 0  # of the file, once it is there
        try:
            with self.writing() as connection:
                self._bring_up_to_date(connection)
            self._inode = self._inode_now()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def url(folder: Path) -> str:
        """The address of the database, as SQLAlchemy takes it."""
        return os.environ.get("DIGITLAB_DATABASE_URL") or f"sqlite:///{folder / 'digitlab.db'}"

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _bring_up_to_date(self, connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        known = sa.inspect(connection).has_table("schema")
        version = connection.execute(sa.select(tables.schema.c.version)).scalar() if known else None
        if version is None:
            tables.metadata.create_all(connection)
            connection.execute(tables.schema.insert().values(version=tables.VERSION))
        elif version > tables.VERSION:
            raise StoreTooNew(
                f"The record of runs has version {version}, this Digit Lab knows up to {tables.VERSION}. "
                "Start the newer Digit Lab, or name another folder in DIGITLAB_DATA_DIR."
            )
        elif version < tables.VERSION:
            place = backups.keep(connection, f"version-{version}")
            migrations.upgrade(connection, version)
            connection.execute(tables.schema.update().values(version=tables.VERSION))
            _log.warning(
                "the record of runs was upgraded from version %s to %s; the old one is %s", version, tables.VERSION, place
            )

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that may write, committed at its end; writers of one process take turns. Raises StoreError."""
        with self._turn, self._explained(self._writer.begin, "used") as connection:
            yield connection

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A connection that only reads. Raises StoreError."""
        return self._explained(self._engine.connect, "read")

    @contextmanager
    def _explained(self, connected: Callable[[], AbstractContextManager[sa.Connection]], doing: str) -> Iterator[sa.Connection]:
        if self._inode and self._inode_now() != self._inode:  # SQLite would go on writing into the file without a name
            raise StoreError(
                f"The record of runs cannot be {doing}: {self._file} was deleted or replaced under the running server. "
                "Put it back, or start the server again."
            )
        try:
            with connected() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise self._sentence(error, doing) from error

    def _inode_now(self) -> int:
        """0 where there is no file."""
        try:
            return self._file.stat().st_ino if self._file else 0
        except OSError:
            return 0

    def _sentence(self, error: sa.exc.SQLAlchemyError, doing: str) -> StoreError:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0].rstrip(".")
        place = str(self.folder) if self._engine.dialect.name == "sqlite" else "the database server"
        advice = next((advice for word, advice in _ADVICE.items() if word in cause), "Is {place} there, and writable?")
        return StoreError(f"The record of runs cannot be {doing}: {cause}. {advice.format(place=place)}")


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))  # a server may have been restarted
    except ImportError as error:
        raise StoreError(
            f"DIGITLAB_DATABASE_URL names a database whose driver is not installed ({error.name}). Install it: for PostgreSQL "
            "write postgresql+psycopg://..., and pip install 'psycopg[binary]'."
        ) from error
    except sa.exc.ArgumentError:
        raise StoreError(  # the URL may hold a password, so it is not shown
            "DIGITLAB_DATABASE_URL is not a database URL. Write it like postgresql+psycopg://user:password@host/name, "
            "or leave it empty for a file in the data folder."
        ) from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: Any, _: object) -> None:
    """Write-ahead logging, so that pages can read while the training thread writes; full synchronisation, so that a written epoch
    survives a power loss.
    """
    connection.isolation_level = None  # `_begin` begins transactions; the driver itself would leave out schema changes
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """A transaction that will write takes the lock before it reads; else two that count runs would give out one number twice."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
