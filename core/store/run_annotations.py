"""What persons do with runs that are there: name, tag, note, star, throw away, take back. Any thread may call.

A run that was thrown away keeps its rows and files until the bin is emptied.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import sqlalchemy as sa

from core.errors import RunMissing, ShelfError
from core.runs.snapshot import ACTIVE_STATES
from core.runs.summary import FIRST_NAME, RunRow
from core.store import tables
from core.store.database import Database
from core.store.rows import Figures, line

# A page would take these for markup: a link, a picture, a colour.
_MARKUP = re.compile(r"[\\`*\[\]<>$~:]")
MOST_NAME, MOST_TAGS, MOST_TAG, MOST_NOTE = 40, 8, 24, 2000  # characters, and how many tags


class Shelf(Database):
    """Raises ShelfError for what a run cannot be called, RunMissing for a run that is not there."""

    def rename(self, run_id: str, name: str) -> str:
        """Calls a run otherwise; gives the name as it was kept."""
        kept = " ".join(name.split())
        if not 1 <= len(kept) <= MOST_NAME:
            raise ShelfError(f"A run's name has 1 to {MOST_NAME} characters, this one {len(kept)}. Choose another.")
        if wrong := _MARKUP.search(kept):
            raise ShelfError(f"A run's name is plain text, without {wrong[0]} in it. Choose another.")
        with self._writing() as connection:
            rows = connection.execute(sa.select(tables.runs.c.run_id, tables.runs.c.number, tables.runs.c.name)).all()
            own = next((row.number for row in rows if row.run_id == run_id), None)
            number = FIRST_NAME.fullmatch(kept)
            if kept.isdigit() or (number and number[1] != str(own)):
                raise ShelfError(f"{kept} would be read as the number of another run. Choose a name that says more.")
            if any(row.name == kept and row.run_id != run_id for row in rows):
                raise ShelfError(f"Another run is called {kept} already, perhaps one in the bin. Choose another name.")
            self._change(connection, run_id, name=kept)
        return kept

    def tag(self, run_id: str, tags: Sequence[str]) -> None:
        """Gives a run these tags and no others; each once, in their order."""
        kept = list(dict.fromkeys(" ".join(each.split()) for each in tags if each.strip()))
        if wrong := next((each for each in kept if len(each) > MOST_TAG or "," in each), None):
            raise ShelfError(f"A tag has up to {MOST_TAG} characters and no comma; {wrong[:MOST_TAG]!r} is none. Shorten it.")
        if len(kept) > MOST_TAGS:
            raise ShelfError(f"A run can have {MOST_TAGS} tags, these are {len(kept)}. Leave some out.")
        with self._writing() as connection:
            self._change(connection, run_id, tags=", ".join(kept))

    def annotate(self, run_id: str, note: str) -> None:
        """Keeps a note about a run in place of the one before."""
        kept = note.strip()
        if len(kept) > MOST_NOTE:
            raise ShelfError(f"A note has up to {MOST_NOTE:,} characters, this one {len(kept):,}. Shorten it.")
        with self._writing() as connection:
            self._change(connection, run_id, note=kept)

    def star(self, run_id: str, starred: bool) -> None:
        """Marks a run, or takes the mark away."""
        with self._writing() as connection:
            self._change(connection, run_id, starred=starred)

    def throw_away(self, run_ids: Collection[str]) -> None:
        """Puts runs into the bin: no list shows them any more. All of them or, where one still trains, none."""
        chosen = tables.runs.c.run_id.in_(run_ids)
        with self._writing() as connection:
            active = connection.execute(sa.select(tables.runs.c.name).where(chosen & tables.runs.c.state.in_(ACTIVE_STATES)))
            if name := active.scalars().first():
                raise ShelfError(f"{name} is still training. Stop it first, then delete it.")
            connection.execute(tables.runs.update().where(chosen).values(deleted=time.time()))

    def take_back(self, run_ids: Collection[str]) -> None:
        """Takes runs out of the bin, as they were."""
        with self._writing() as connection:
            connection.execute(tables.runs.update().where(tables.runs.c.run_id.in_(run_ids)).values(deleted=None))

    def bin(self) -> list[RunRow]:
        """The runs that were thrown away, the last one first, without their figures."""
        query = sa.select(tables.runs).where(tables.runs.c.deleted.is_not(None)).order_by(tables.runs.c.deleted.desc())
        with self._reading() as connection:
            return [line(row, Figures()) for row in connection.execute(query)]

    def bin_bytes(self) -> int:
        """How much the files of the runs in the bin take."""
        return sum(_size(self._folder(row.run_id)) for row in self.bin())

    def empty_bin(self) -> None:
        """Removes the runs in the bin for good, with their epochs and files."""
        query = sa.select(tables.runs.c.run_id).where(tables.runs.c.deleted.is_not(None))
        with self._writing() as connection:
            gone = connection.execute(query).scalars().all()
            for each in (tables.epochs, tables.left_out, tables.lessons, tables.runs):
                connection.execute(each.delete().where(each.c.run_id.in_(gone)))
        for run_id in gone:  # after the rows: a crash in between leaves files that nobody names, never a run without its files
            shutil.rmtree(self._folder(run_id), ignore_errors=True)

    def _folder(self, run_id: str) -> Path:
        return self.folder / "runs" / run_id

    @staticmethod
    def _change(connection: sa.Connection, run_id: str, **values: object) -> None:
        done = connection.execute(tables.runs.update().where(tables.runs.c.run_id == run_id).values(**values))
        if not done.rowcount:
            raise RunMissing(f"There is no run {run_id!r} here. Choose one from the list.")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
