"""People's labelled drawings, which outlive the runs that read them. Any thread may call."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.constants import NUM_CLASSES, SIDE_PX
from core.drawing.labelled import MIN_DRAWINGS, NOT_A_DIGIT, NOT_MINE, Hand, Label, digest_of, levels
from core.errors import DrawingError
from core.runs.snapshot import RunSnapshot
from core.store import tables
from core.store.database import Database
from core.store.learned_drawings import LearnedDrawings

_MAX_STROKES = 200_000  # characters; minutes of scribbling would fill the database

_columns = tables.drawings.c
_label = (_columns.digit, _columns.aside)
Row = dict[str, Any]  # a whole row of the table, so that a deleted drawing can be restored


@dataclass(frozen=True)
class DrawingRow:
    """A drawing without its arrays. `digit`: the true one, None for a drawing kept aside; `aside` says as what. `predicted`: what
    the run `run_id` read when it was drawn, None for an imported one. `time`: when it got its label, in seconds since 1970.
    `picture`: a small PNG of the canvas, empty for an imported one.
    """

    drawing_id: int
    digest: str
    digit: int | None
    picture: bytes
    predicted: int | None
    run_id: str
    time: float
    aside: str = ""

    @property
    def label(self) -> Label:
        """What it is kept as."""
        return _label_of(self)


@dataclass(frozen=True)
class Saved:
    """What `Drawings.add` did: the drawing, and its earlier label, None where it is new."""

    drawing_id: int
    before: Label | None


@dataclass(frozen=True)
class Imported:
    """The result of an import: digests of the new drawings, how many were known, and how many of these have another label."""

    new: tuple[str, ...]
    num_known: int
    num_other_label: int


class Drawings:
    """Each person's own; `person` is their name, or "#" and a browser's number for one who gave none. Methods raise StoreError
    where the database cannot be used.
    """

    def __init__(self, database: Database, learned: LearnedDrawings) -> None:
        self._database, self._learned = database, learned
        self._newest_hand: tuple[object, Hand] | None = None

    def add(
        self,
        image: np.ndarray,
        label: Label,
        *,
        predicted: int | None = None,
        run_id: str = "",
        picture: bytes = b"",
        strokes: str = "",
        person: str = "",
    ) -> Saved:
        """Keeps a drawing under its label; the same image again only changes its label.

        `image` is (28, 28), uint8 or floats in [0, 1], with ink; `strokes` JSON. Raises DrawingError.
        """
        row = _row(person, image, label) | {"picture": picture, "strokes": strokes[:_MAX_STROKES]}
        mine = (_columns.person == person) & (_columns.digest == row["digest"])
        with self._database.writing() as connection:
            old = connection.execute(sa.select(_columns.drawing_id, *_label).where(mine)).one_or_none()
            if old is not None:
                connection.execute(tables.drawings.update().where(mine).values(**_labelled(label), time=time.time()))
                return Saved(old.drawing_id, _label_of(old))
            insert = tables.drawings.insert().values(row | {"predicted": predicted, "run_id": run_id})
            return Saved(connection.execute(insert.returning(_columns.drawing_id)).scalar_one(), None)

    def relabel(self, drawing_id: int, label: Label) -> None:
        """Changes the label of a drawing, if it is still there. Raises DrawingError."""
        values = _labelled(label) | {"time": time.time()}
        with self._database.writing() as connection:
            which = _columns.drawing_id == drawing_id
            connection.execute(tables.drawings.update().where(which).values(**values))

    def delete(self, drawing_id: int) -> Row | None:
        """Removes a drawing; what `restore` needs to put it back, None where it was gone."""
        which = _columns.drawing_id == drawing_id
        with self._database.writing() as connection:
            row = connection.execute(sa.select(tables.drawings).where(which)).mappings().one_or_none()
            connection.execute(tables.drawings.delete().where(which))
        return dict(row) if row is not None else None

    def restore(self, row: Row) -> None:
        """Restores a deleted drawing, unless the same image has been added again meanwhile."""
        there = (_columns.person == row["person"]) & (_columns.digest == row["digest"])
        with self._database.writing() as connection:
            if connection.execute(sa.select(_columns.drawing_id).where(there)).first() is None:
                connection.execute(tables.drawings.insert().values(**row))

    def delete_all(self, *, person: str = "") -> list[Row]:
        """Removes all drawings of a person; what `restore_all` needs to put them back."""
        mine = _columns.person == person
        with self._database.writing() as connection:
            rows = [dict(row) for row in connection.execute(sa.select(tables.drawings).where(mine)).mappings()]
            connection.execute(tables.drawings.delete().where(mine))
        return rows

    def restore_all(self, rows: Collection[Row]) -> None:
        """Restores deleted drawings, but for those whose image has been added again meanwhile."""
        with self._database.writing() as connection:
            put_back(connection, rows)

    def hand_over(self, person: str, to: str) -> int:
        """Gives a person's drawings to another, but for those whose image that one has; how many were given."""
        if person == to:
            return 0
        with self._database.writing() as connection:
            return len(given(connection, person, to)[0])

    def count(self, *, person: str) -> int:
        """How many drawings a person has."""
        with self._database.reading() as connection:
            query = sa.select(sa.func.count()).select_from(tables.drawings).where(_columns.person == person)
            return int(connection.execute(query).scalar_one())

    def label_of(self, image: np.ndarray, *, person: str = "") -> Label | None:
        """The label of this very image; None where it is not kept."""
        mine = (_columns.person == person) & (_columns.digest == digest_of(image))
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*_label).where(mine)).one_or_none()
            return None if row is None else _label_of(row)

    def all(self, *, person: str = "") -> list[DrawingRow]:
        """All drawings with whatever label, oldest first."""
        columns = [_columns[name] for name in DrawingRow.__dataclass_fields__]
        query = sa.select(*columns).where(_columns.person == person).order_by(_columns.drawing_id)
        with self._database.reading() as connection:
            return [DrawingRow(*row) for row in connection.execute(query)]

    def aside(self, label: str, *, person: str = "") -> dict[str, np.ndarray]:
        """(28, 28) uint8 by its digest: each drawing that is kept as `label`, NOT_A_DIGIT or NOT_MINE, oldest first."""
        which = (_columns.person == person) & (_columns.aside == label)
        query = sa.select(_columns.digest, _columns.glyph).where(which).order_by(_columns.drawing_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.digest: np.frombuffer(row.glyph, np.uint8).reshape(SIDE_PX, SIDE_PX) for row in rows}

    def hand(self, *, person: str = "") -> Hand:
        """The digits that the person drew, oldest first: the same object until one changes, by this process or another."""
        mine = (_columns.person == person) & (_columns.aside == "")
        state = sa.select(sa.func.count(), sa.func.sum(_columns.drawing_id), sa.func.max(_columns.time)).where(mine)
        with self._database.reading() as connection:
            stamp = (person, *connection.execute(state).one())
            newest = self._newest_hand  # read once: another thread may replace it
            if newest is None or newest[0] != stamp:
                query = sa.select(_columns.glyph, _columns.digit, _columns.digest).where(mine).order_by(_columns.drawing_id)
                rows = connection.execute(query).all()
                images = np.frombuffer(b"".join(row.glyph for row in rows), np.uint8).reshape(-1, SIDE_PX, SIDE_PX)
                digits = np.array([row.digit for row in rows], np.uint8)
                self._newest_hand = newest = (stamp, Hand(images, digits, tuple(row.digest for row in rows)))
            return newest[1]

    def hand_to_score(self, run: RunSnapshot) -> Hand | None:
        """The drawings that each epoch of a run is scored on: those of its `hand_of` that it has not learned from; None where
        they are too few. A resumed run keeps the number it began with, the oldest ones, so that its curve stays comparable.
        """
        hand = self.hand(person=run.hand_of or run.person).without(self._learned.of(run.run_id))
        if len(hand) < MIN_DRAWINGS:
            return None
        return hand.part(np.arange(min(len(hand), run.num_hand or len(hand))))

    def add_many(self, images: np.ndarray, digits: np.ndarray, *, person: str = "") -> Imported:
        """Imports (n, 28, 28) uint8 `images` with their `digits` (n,): all or, where one cannot be used, none. A drawing that is
        known already keeps its label. Raises DrawingError.
        """
        rows: dict[str, Row] = {}
        for number, (image, digit) in enumerate(zip(images, digits.tolist(), strict=True), start=1):
            if not image.any():
                raise DrawingError(f"Drawing {number:,} has no ink: its 784 pixels are all 0. Take the row out, then try again.")
            row = _row(person, image, digit) | {"picture": b"", "strokes": "", "predicted": None, "run_id": ""}
            rows.setdefault(row["digest"], row)
        with self._database.writing() as connection:
            query = sa.select(_columns.digest, *_label).where(_columns.person == person)
            known = {row.digest: _label_of(row) for row in connection.execute(query)}
            new = [row for digest, row in rows.items() if digest not in known]
            if new:
                connection.execute(tables.drawings.insert(), new)
        otherwise = sum(known.get(digest, row["digit"]) != row["digit"] for digest, row in rows.items())
        return Imported(tuple(row["digest"] for row in new), len(digits) - len(new), otherwise)

    def delete_many(self, digests: Collection[str], *, person: str = "") -> None:
        """Deletes those of a person's drawings that are still there."""
        with self._database.writing() as connection:
            mine = (_columns.person == person) & _columns.digest.in_(digests)
            connection.execute(tables.drawings.delete().where(mine))


def given(connection: sa.Connection, person: str, to: str) -> tuple[tuple[int, ...], tuple[Row, ...]]:
    """Gives a person's drawings to another: the ids of those, and the rows of the others, whose image that one has: they go."""
    theirs = _columns.person == person
    known = set(connection.execute(sa.select(_columns.digest).where(_columns.person == to)).scalars())
    rows = [dict(row) for row in connection.execute(sa.select(tables.drawings).where(theirs)).mappings()]
    dropped = tuple(row for row in rows if row["digest"] in known)
    if dropped:
        gone = tables.drawings.delete().where(_columns.drawing_id == sa.bindparam("gone"))
        connection.execute(gone, [{"gone": row["drawing_id"]} for row in dropped])
    connection.execute(tables.drawings.update().where(theirs).values(person=to))
    return tuple(row["drawing_id"] for row in rows if row["digest"] not in known), dropped


def take_back(connection: sa.Connection, drawing_ids: Collection[int], person: str, to: str) -> None:
    """Gives those of the drawings that a person still has to another, but for those whose image that one has."""
    others = tables.drawings.alias()
    known = sa.select(others.c.digest).where(others.c.person == to)
    still = (_columns.drawing_id == sa.bindparam("each")) & (_columns.person == person) & _columns.digest.not_in(known)
    if drawing_ids:
        connection.execute(tables.drawings.update().where(still).values(person=to), [{"each": each} for each in drawing_ids])


def put_back(connection: sa.Connection, rows: Collection[Row]) -> None:
    """Restores rows, but for those whose image the same person has again."""
    query = sa.select(_columns.person, _columns.digest)
    there = {(row.person, row.digest) for row in connection.execute(query)}
    gone = [row for row in rows if (row["person"], row["digest"]) not in there]
    if gone:
        connection.execute(tables.drawings.insert(), gone)


def _row(person: str, image: np.ndarray, label: Label) -> Row:
    labelled = _labelled(label)
    pixels = levels(image)
    if pixels.shape != (SIDE_PX, SIDE_PX) or not pixels.any():
        raise DrawingError(f"A drawing is {SIDE_PX} x {SIDE_PX} pixels with some ink; this one has shape {pixels.shape}.")
    glyph = {"digest": digest_of(image), "glyph": pixels.tobytes()}
    return {"person": person, **glyph, **labelled, "time": time.time()}


def _labelled(label: Label) -> Row:
    """What the columns hold for a label. Raises DrawingError."""
    if label in (NOT_A_DIGIT, NOT_MINE):
        return {"digit": None, "aside": label}
    if not isinstance(label, int) or not 0 <= label < NUM_CLASSES:
        raise DrawingError(f"A drawing cannot be a {label}; its digit must be from 0 to 9.")
    return {"digit": label, "aside": ""}


def _label_of(row: Any) -> Label:
    return row.aside or int(row.digit)
