"""What was made in a browser before its person gave a name: drawings and runs, and how they come under the name. Any thread may
call.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.store import drawings, tables
from core.store.database import Database
from core.store.drawings import Row

_runs = tables.runs.c


@dataclass(frozen=True)
class Holdings:
    """How much somebody has: drawings, and runs outside the bin."""

    num_drawings: int
    num_runs: int

    def __bool__(self) -> bool:
        return bool(self.num_drawings or self.num_runs)


@dataclass(frozen=True)
class Claimed:
    """What went from `number`, "#" and a browser's number, to `name`: drawings and runs by their ids. `dropped` are the rows of
    drawings whose image the name had already; `num_runs` of the runs are outside the bin.
    """

    number: str
    name: str
    drawing_ids: tuple[int, ...]
    dropped: tuple[Row, ...]
    run_ids: tuple[str, ...]
    num_runs: int


class Claims:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def held(self, owner: str) -> Holdings:
        """What a person has; `owner` is a name, or "#" and a browser's number."""
        of_owner = sa.select(sa.func.count()).select_from(tables.drawings).where(tables.drawings.c.person == owner)
        runs = sa.select(sa.func.count()).select_from(tables.runs).where(_runs_of(owner), _runs.deleted.is_(None))
        with self._database.reading() as connection:
            return Holdings(int(connection.execute(of_owner).scalar_one()), int(connection.execute(runs).scalar_one()))

    def claim(self, number: str, name: str) -> Claimed:
        """Puts all drawings and runs of a browser's number under a name, those in the bin as well. A drawing whose image the name
        has already keeps the label that it has there.
        """
        with self._database.writing() as connection:
            drawing_ids, dropped = drawings.given(connection, number, name)
            runs = connection.execute(sa.select(_runs.run_id, _runs.deleted).where(_runs_of(number))).all()
            connection.execute(tables.runs.update().where(_runs_of(number)).values(person=name, hand_of=name))
        num_runs = sum(row.deleted is None for row in runs)
        return Claimed(number, name, drawing_ids, dropped, tuple(row.run_id for row in runs), num_runs)

    def give_back(self, claimed: Claimed) -> None:
        """Undoes a claim, as far as its drawings and runs are still there under the name."""
        with self._database.writing() as connection:
            drawings.take_back(connection, claimed.drawing_ids, claimed.name, claimed.number)
            drawings.put_back(connection, claimed.dropped)
            mine = _runs.run_id.in_(claimed.run_ids) & (_runs.person == claimed.name)
            connection.execute(tables.runs.update().where(mine).values(person="", hand_of=claimed.number))


def _runs_of(owner: str) -> sa.ColumnElement[bool]:
    """The runs of a name; of a number those that carry no name."""
    return (_runs.person == "") & (_runs.hand_of == owner) if owner.startswith("#") else _runs.person == owner
