"""The log of every run that was scored on MNIST's test images."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.store import tables
from core.store.database import Database


@dataclass(frozen=True)
class Opening:
    """One scoring on MNIST's test images: `time` in seconds since 1970; after `epoch` the run read `num_right` right."""

    run_id: str
    epoch: int
    time: float
    num_right: int
    num_images: int


class MnistOpenings:
    """Openings are only added: a figure that somebody has seen cannot be unseen."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, opening: Opening) -> None:
        """Logs an opening. Raises StoreError."""
        with self._database.writing() as connection:
            connection.execute(tables.test_openings.insert().values(**asdict(opening)))

    def all(self) -> list[Opening]:
        """Every opening, oldest first, including those for deleted runs."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(tables.test_openings).order_by(tables.test_openings.c.opening_id)).all()
        return [Opening(**{name: getattr(row, name) for name in Opening.__dataclass_fields__}) for row in rows]
