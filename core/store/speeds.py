"""How fast machines train, as it was measured."""

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


class Speeds(Database):
    """The last measurement of each machine, architecture and precision."""

    def save_speed(self, machine: str, architecture: str, precision: str, speed: Speed) -> None:
        """Keeps what was measured, in place of what was measured before."""
        key = {"machine": machine, "architecture": architecture, "precision": precision}
        with self._writing() as connection:
            connection.execute(tables.speeds.delete().where(*(tables.speeds.c[name] == value for name, value in key.items())))
            connection.execute(tables.speeds.insert().values(**key, **asdict(speed)))

    def speeds(self, machine: str) -> dict[tuple[str, str], Speed]:
        """(architecture, precision) -> what was measured on this machine."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(tables.speeds).where(tables.speeds.c.machine == machine)).all()
        return {(row.architecture, row.precision): Speed(row.flop_per_s, row.step_s, row.startup_s) for row in rows}
