"""Backups of a database, made before an upgrade."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa


def keep(connection: sa.Connection, name: str) -> str:
    """Backs up what is committed, before the connection's transaction changes it; words for where the backup is.

    SQLite: a file beside the database, `digitlab-version-1.db`, through SQLite's backup API, which sees the write-ahead log.
    PostgreSQL: the tables in a schema of their own, `digitlab_version_1`, in the same transaction.
    """
    if connection.dialect.name == "sqlite":
        return _file(connection, name)
    schema = f"digitlab_{name}".replace("-", "_")
    quote = connection.dialect.identifier_preparer.quote
    connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))  # left by an upgrade that was undone by hand
    connection.execute(sa.schema.CreateSchema(schema))
    for table in sa.inspect(connection).get_table_names():
        connection.execute(sa.text(f"CREATE TABLE {schema}.{quote(table)} AS TABLE {quote(table)}"))
    return f"in the database's schema {schema}"


def _file(connection: sa.Connection, name: str) -> str:
    ((path,),) = connection.execute(sa.text("SELECT file FROM pragma_database_list WHERE name = 'main'")).all()
    if not path:
        return "gone: it was in memory only"
    kept = Path(path).with_stem(f"{Path(path).stem}-{name}")
    unfinished = kept.with_suffix(".part")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # so that the backup is one file
    os.replace(unfinished, kept)
    return str(kept)
