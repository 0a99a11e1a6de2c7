"""The drawings whose true digit a person told, as rows of the store's database; they outlive the runs that read them. Also which
of them a network has learned from. Any thread may call.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from core.errors import DrawingError
from core.hand import Hand
from core.shapes import NUM_CLASSES, SIDE_PX

NOBODY = ""  # whose drawings they are, until people can be told apart
_MAX_STROKES = 200_000  # letters; a scribble of minutes would fill the database

Connect = Callable[[], AbstractContextManager[sa.Connection]]
Row = dict[str, Any]  # a whole row of the table, so that what was deleted can be put back


class Tables(NamedTuple):
    """`drawings`; `children`: runs that began with another's weights; `lessons`: drawings that a run learned from."""

    drawings: sa.Table
    children: sa.Table
    lessons: sa.Table


def tables(metadata: sa.MetaData) -> Tables:
    """The tables, added to `metadata`. They name runs without a foreign key: a drawing outlives the run that read it."""
    return Tables(
        sa.Table(
            "drawings",
            metadata,
            sa.Column("drawing_id", sa.Integer, primary_key=True),
            sa.Column("person", sa.String(40), nullable=False),
            sa.Column("digest", sa.String(32), nullable=False),
            sa.Column("digit", sa.Integer, nullable=False),
            sa.Column("glyph", sa.LargeBinary, nullable=False),  # 784 bytes, row by row, ink 255
            sa.Column("picture", sa.LargeBinary, nullable=False),  # a small PNG of the canvas, empty for an imported one
            sa.Column("strokes", sa.Text, nullable=False),  # JSON, empty for an imported one
            sa.Column("predicted", sa.Integer, nullable=True),
            sa.Column("run_id", sa.String(12), nullable=False),
            sa.Column("time", sa.Float, nullable=False),
            sa.UniqueConstraint("person", "digest"),
        ),
        sa.Table(
            "children",
            metadata,
            sa.Column("run_id", sa.String(12), primary_key=True),
            sa.Column("parent_id", sa.String(12), nullable=False),
        ),
        sa.Table(
            "lessons",
            metadata,
            sa.Column("run_id", sa.String(12), primary_key=True),
            sa.Column("digest", sa.String(32), primary_key=True),
        ),
    )


@dataclass(frozen=True)
class Drawing:
    """A line of the gallery. `predicted` is what the run `run_id` read when it was drawn, None for an imported one; `time` in
    seconds since 1970, of the newest label.
    """

    drawing_id: int
    digest: str
    digit: int
    picture: bytes
    predicted: int | None
    run_id: str
    time: float


@dataclass(frozen=True)
class Kept:
    """What `keep` did: the drawing, and the digit that it was called before, None where it is new."""

    drawing_id: int
    before: int | None


@dataclass(frozen=True)
class Imported:
    """How many drawings of a file are new, were here already, and of these how many are called another digit here."""

    num_new: int
    num_known: int
    num_called_otherwise: int


class Drawings:
    """One person's drawings. `writing` and `reading` open a connection, as the store does."""

    def __init__(self, tables: Tables, writing: Connect, reading: Connect) -> None:
        self._table, self._children, self._lessons = tables
        self._writing, self._reading = writing, reading
        self._hand: tuple[object, Hand] | None = None

    def keep(
        self, image: np.ndarray, digit: int, *, predicted: int | None = None, run_id: str = "", picture: bytes = b"",
        strokes: str = "", person: str = NOBODY,
    ) -> Kept:  # fmt: skip
        """Writes a drawing down with its true digit; the same image again only changes its digit.

        `image` is (28, 28), uint8 or floats in [0, 1], with ink. Raises DrawingError.
        """
        glyph, digest = _glyph(image), digest_of(image)
        _check_digit(digit)
        mine = (self._table.c.person == person) & (self._table.c.digest == digest)
        with self._writing() as connection:
            old = connection.execute(sa.select(self._table.c.drawing_id, self._table.c.digit).where(mine)).one_or_none()
            if old is not None:
                connection.execute(self._table.update().where(mine).values(digit=digit, time=time.time()))
                return Kept(old.drawing_id, old.digit)
            row = _row(person, digest, digit, glyph) | {"picture": picture, "strokes": strokes[:_MAX_STROKES]}
            insert = self._table.insert().values(row | {"predicted": predicted, "run_id": run_id})
            return Kept(connection.execute(insert.returning(self._table.c.drawing_id)).scalar_one(), None)

    def relabel(self, drawing_id: int, digit: int) -> None:
        """Another true digit for a drawing; nothing happens where it is gone. Raises DrawingError."""
        _check_digit(digit)
        with self._writing() as connection:
            which = self._table.c.drawing_id == drawing_id
            connection.execute(self._table.update().where(which).values(digit=digit, time=time.time()))

    def delete(self, drawing_id: int) -> Row | None:
        """Takes a drawing out; gives what `restore` needs to put it back, None where it was gone."""
        which = self._table.c.drawing_id == drawing_id
        with self._writing() as connection:
            row = connection.execute(sa.select(self._table).where(which)).mappings().one_or_none()
            connection.execute(self._table.delete().where(which))
        return dict(row) if row is not None else None

    def restore(self, row: Row) -> None:
        """Puts a deleted drawing back; one that has meanwhile come by another way stays as it is."""
        there = (self._table.c.person == row["person"]) & (self._table.c.digest == row["digest"])
        with self._writing() as connection:
            if connection.execute(sa.select(self._table.c.drawing_id).where(there)).first() is None:
                connection.execute(self._table.insert().values(**row))

    def find(self, image: np.ndarray, *, person: str = NOBODY) -> int | None:
        """The digit that this very image is called; None where it is not kept."""
        mine = (self._table.c.person == person) & (self._table.c.digest == digest_of(image))
        with self._reading() as connection:
            return connection.execute(sa.select(self._table.c.digit).where(mine)).scalar()

    def listed(self, *, person: str = NOBODY) -> list[Drawing]:
        """All drawings, in the order of `hand`."""
        columns = [self._table.c[name] for name in Drawing.__dataclass_fields__]
        query = sa.select(*columns).where(self._table.c.person == person).order_by(self._table.c.drawing_id)
        with self._reading() as connection:
            return [Drawing(*row) for row in connection.execute(query)]

    def hand(self, *, person: str = NOBODY) -> Hand:
        """The drawings as arrays, oldest first: the same object until one of them changes, by this process or another."""
        columns, mine = self._table.c, self._table.c.person == person
        state = sa.select(sa.func.count(), sa.func.sum(columns.drawing_id), sa.func.max(columns.time)).where(mine)
        with self._reading() as connection:
            stamp = (person, *connection.execute(state).one())
            if self._hand is None or self._hand[0] != stamp:
                query = sa.select(columns.glyph, columns.digit, columns.digest).where(mine).order_by(columns.drawing_id)
                rows = connection.execute(query).all()
                images = np.frombuffer(b"".join(row.glyph for row in rows), np.uint8).reshape(-1, SIDE_PX, SIDE_PX)
                digits = np.array([row.digit for row in rows], np.uint8)
                self._hand = (stamp, Hand(images, digits, tuple(row.digest for row in rows)))
            return self._hand[1]

    def add(self, images: np.ndarray, digits: np.ndarray, *, person: str = NOBODY) -> Imported:
        """Takes in (n, 28, 28) uint8 `images` and their `digits` (n,): all or, where one cannot be used, none. What is here
        already stays as it is. Raises DrawingError.
        """
        rows: dict[str, Row] = {}
        for number, (image, digit) in enumerate(zip(images, digits.tolist(), strict=True), start=1):
            if not image.any():
                raise DrawingError(f"Drawing {number:,} has no ink: its 784 pixels are all 0. Take the row out, then try again.")
            _check_digit(digit)
            digest = digest_of(image)
            rows.setdefault(digest, _row(person, digest, digit, _glyph(image)) | {"picture": b"", "strokes": ""})
        columns = self._table.c
        with self._writing() as connection:
            query = sa.select(columns.digest, columns.digit).where(columns.person == person)
            known = {row.digest: row.digit for row in connection.execute(query)}
            new = [row | {"predicted": None, "run_id": ""} for digest, row in rows.items() if digest not in known]
            if new:
                connection.execute(self._table.insert(), new)
        otherwise = sum(known.get(digest, row["digit"]) != row["digit"] for digest, row in rows.items())
        return Imported(len(new), len(digits) - len(new), otherwise)

    def note_child(self, run_id: str, parent_id: str, digests: Collection[str]) -> None:
        """Writes down that a run began with another's weights, and which drawings it has learned from."""
        with self._writing() as connection:
            connection.execute(self._children.insert().values(run_id=run_id, parent_id=parent_id))
            if digests:
                connection.execute(self._lessons.insert(), [{"run_id": run_id, "digest": digest} for digest in digests])

    def parents(self) -> dict[str, str]:
        """Run -> the run whose weights it began with, for those that did not begin anew."""
        with self._reading() as connection:
            return {row.run_id: row.parent_id for row in connection.execute(sa.select(self._children))}

    def lessons(self, run_id: str) -> frozenset[str]:
        """Digests of the drawings that the run, or one that it comes from, has learned from."""
        with self._reading() as connection:
            query = sa.select(self._lessons.c.digest).where(self._lessons.c.run_id == run_id)
            return frozenset(connection.execute(query).scalars())


def digest_of(image: np.ndarray) -> str:
    """A name for an image that is the same for the same 784 pixels."""
    return hashlib.sha256(_glyph(image)).hexdigest()[:32]


def _glyph(image: np.ndarray) -> bytes:
    levels = image if image.dtype == np.uint8 else np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)
    if levels.shape != (SIDE_PX, SIDE_PX) or not levels.any():
        raise DrawingError(f"A drawing is {SIDE_PX} x {SIDE_PX} pixels with some ink; this one has shape {levels.shape}.")
    return levels.tobytes()


def _row(person: str, digest: str, digit: int, glyph: bytes) -> Row:
    return {"person": person, "digest": digest, "digit": digit, "glyph": glyph, "time": time.time()}


def _check_digit(digit: int) -> None:
    if not 0 <= digit < NUM_CLASSES:
        raise DrawingError(f"A drawing cannot be a {digit}; its digit must be from 0 to 9.")
