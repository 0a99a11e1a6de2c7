"""Every look at MNIST's test images, for good."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.store import tables
from core.store.database import Database


@dataclass(frozen=True)
class Opening:
    """One look at MNIST's test images: `time` in seconds since 1970, and how many the run's weights after `epoch` read right."""

    run_id: str
    epoch: int
    time: float
    num_right: int
    num_images: int


class Openings(Database):
    """What was seen was seen: an opening is never taken back."""

    def save_test_opening(self, opening: Opening) -> None:
        """Writes down that the test images were looked at, for good."""
        with self._writing() as connection:
            connection.execute(tables.test_openings.insert().values(**asdict(opening)))

    def test_openings(self) -> list[Opening]:
        """Every look at the test images, oldest first, those of deleted runs included."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(tables.test_openings).order_by(tables.test_openings.c.opening_id)).all()
        return [Opening(**{name: getattr(row, name) for name in Opening.__dataclass_fields__}) for row in rows]
