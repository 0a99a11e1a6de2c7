"""How older databases become today's: one alembic script per version, `versions/v0002_*.py` for version 2.

The number in the table `schema` is the truth, since every Digit Lab reads it before anything else; alembic's own table follows
it. Alembic is imported only where something has to change: it takes a quarter of a second, which each start would pay.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa


def upgrade(connection: sa.Connection, version: int) -> None:
    """Brings a database of `version` to the newest one, within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    if version:
        command.stamp(config, f"{version:04}", purge=True)
    command.upgrade(config, "head")
