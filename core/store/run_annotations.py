"""What people say about runs: name, tags, note, star. Any thread may call."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.errors import AnnotationError, RunMissing, quoted
from core.runs.summary import FIRST_NAME
from core.store import tables
from core.store.database import Database
from core.text import inert

# What the pages and their links call something else.
_TAKEN = ("starter", "starter network", "newest", "best")
MOST_NAME, MOST_TAGS, MOST_TAG, MOST_NOTE = 40, 8, 24, 2000  # characters, and how many tags


class RunAnnotations:
    """Names are unique, also among runs in the bin, and cannot be taken for another run's number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(
        self,
        run_id: str,
        *,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        note: str | None = None,
        starred: bool | None = None,
    ) -> str | None:
        """Changes what is not None, all or nothing; the name as it was kept, None where it stays.

        Tags replace the earlier ones, each once, in their order. Raises AnnotationError for values a run cannot have, RunMissing,
        StoreError.
        """
        values: dict[str, Any] = {}
        if name is not None:
            values["name"] = _checked_name(name)
        if tags is not None:
            values["tags"] = ", ".join(_checked_tags(tags))
        if note is not None:
            values["note"] = _checked_note(note)
        if starred is not None:
            values["starred"] = starred
        with self._database.writing() as connection:
            if "name" in values:
                _check_free(connection, run_id, values["name"])
            done = connection.execute(tables.runs.update().where(tables.runs.c.run_id == run_id).values(**values))
            if not done.rowcount:
                raise RunMissing(f"There is no run {quoted(run_id)} here. Choose one from the list.")
        return values.get("name")


def _checked_name(name: str) -> str:
    kept = " ".join(name.split())
    if not 1 <= len(kept) <= MOST_NAME:
        raise AnnotationError(f"A run's name has 1 to {MOST_NAME} characters, this one {len(kept)}. Choose another.")
    _check_plain("A run's name", kept)
    if kept.casefold() in _TAKEN:
        raise AnnotationError(f"{kept} means something else here. Choose a name that only this run has.")
    return kept


def _check_plain(what: str, text: str) -> None:
    """Raises AnnotationError for text with letters that cannot be seen, or that a page would take for markup or a link."""
    plain = inert(text)
    if plain != unicodedata.normalize("NFC", text):
        rather = f"such as {plain}" if plain else "with letters that can be seen"
        raise AnnotationError(f"{what} is plain text, without markup, links and invisible letters. Choose another, {rather}.")


def _check_free(connection: sa.Connection, run_id: str, name: str) -> None:
    rows = connection.execute(sa.select(tables.runs.c.run_id, tables.runs.c.number, tables.runs.c.name)).all()
    own = next((row.number for row in rows if row.run_id == run_id), None)
    number = FIRST_NAME.fullmatch(name)
    if name.isdigit() or (number and number[1] != str(own)):
        raise AnnotationError(f"{name} would be read as the number of another run. Choose a name that says more.")
    if any(row.name == name and row.run_id != run_id for row in rows):
        raise AnnotationError(f"Another run is called {name} already, perhaps one in the bin. Choose another name.")


def _checked_tags(tags: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(" ".join(each.split()) for each in tags if each.strip()))
    if wrong := next((each for each in kept if len(each) > MOST_TAG or "," in each), None):
        raise AnnotationError(f"A tag has up to {MOST_TAG} characters and no comma; {quoted(wrong)} is none. Shorten it.")
    for each in kept:
        _check_plain("A tag", each)
    if len(kept) > MOST_TAGS:
        raise AnnotationError(f"A run can have {MOST_TAGS} tags, these are {len(kept)}. Leave some out.")
    return kept


def _checked_note(note: str) -> str:
    kept = note.strip()
    if len(kept) > MOST_NOTE:
        raise AnnotationError(f"A note has up to {MOST_NOTE:,} characters, this one {len(kept):,}. Shorten it.")
    return kept
