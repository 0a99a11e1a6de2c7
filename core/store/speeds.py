"""The measured training speed of machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.store import tables
from core.store.database import Database


@dataclass(frozen=True)
class Speed:
    """How fast a machine trains one architecture: operations a second, what a step costs whatever its size, and the seconds
    until the first step is done.
    """

    flop_per_s: float
    step_s: float
    startup_s: float


class Speeds:
    """The last measurement of each machine, architecture and precision."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, machine: str, architecture: str, precision: str, speed: Speed) -> None:
        """Replaces the earlier measurement. Raises StoreError."""
        key = {"machine": machine, "architecture": architecture, "precision": precision}
        with self._database.writing() as connection:
            connection.execute(tables.speeds.delete().where(*(tables.speeds.c[name] == value for name, value in key.items())))
            connection.execute(tables.speeds.insert().values(**key, **asdict(speed)))

    def of(self, machine: str) -> dict[tuple[str, str], Speed]:
        """(architecture, precision) -> its measured speed on this machine."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(tables.speeds).where(tables.speeds.c.machine == machine)).all()
        return {(row.architecture, row.precision): Speed(row.flop_per_s, row.step_s, row.startup_s) for row in rows}
