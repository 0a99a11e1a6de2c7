"""Runs and their epochs: rows in the database, arrays in files beside it. Any thread may call."""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.errors import RunMissing, RunUnreadable, quoted
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary
from core.store import learned_drawings, run_columns, starter, tables
from core.store.database import Database
from core.store.processes import owned
from core.store.run_columns import Figures
from core.store.run_files import RunFiles
from core.store.verdicts import faults

_NOTHING = Figures()
_MOST_NAMED = 500  # runs in one query: with more of them it reads all epochs


@dataclass(frozen=True)
class Unreadable:
    """A run whose rows cannot be read, and why, as a sentence."""

    run_id: str
    name: str
    why: str


class Runs:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, database: Database, files: RunFiles) -> None:
        self._database, self._files = database, files
        self._figures: dict[str, Figures] = {}

    def folder(self, run_id: str) -> Path:
        """The folder of a run's files; the starter network's comes with the project."""
        return self._files.folder(run_id)

    def create(
        self,
        recipe: Recipe,
        kind: str,
        parent: tuple[str, int] | None = None,
        left_out: tuple[int, ...] | None = None,
        person: str = "",
        hand_of: str = "",
        expected_s: float = 0.0,
    ) -> RunSnapshot:
        """A new queued run of `person`, empty for nobody, named after its kind and number: "quick-7". `hand_of`: whose drawings
        it is scored on, by default the person's.

        `left_out`, by default the label faults confirmed so far, is stored with it, so that later verdicts change nothing about
        it. A branch gets its own copy of the weights of its `parent`, a run's id and epoch. Raises FileNotFoundError where these
        are gone.
        """
        parent_id, parent_epoch = parent or (None, None)
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's writers take turns anyway
                connection.execute(sa.text("LOCK TABLE runs IN SHARE ROW EXCLUSIVE MODE"))
            number = (connection.execute(sa.select(sa.func.max(tables.runs.c.number))).scalar() or 0) + 1
            if left_out is None:
                left_out = faults(connection, recipe.dataset) if recipe.leave_out_faults else ()
            run = RunSnapshot(
                run_id=uuid.uuid4().hex[:12],
                name=f"{kind}-{number}",
                recipe=recipe,
                left_out=left_out,
                parent_id=parent_id,
                parent_epoch=parent_epoch,
                person=person,
                hand_of=hand_of or person,
                expected_s=expected_s,
            )
            new = run_columns.values(run, run_columns.NEW)
            connection.execute(tables.runs.insert().values(**new, **owned(), kind=kind, number=number, created=time.time()))
            if left_out:
                connection.execute(tables.left_out.insert(), [{"run_id": run.run_id, "row": row} for row in left_out])
            if parent_id and parent_epoch:  # before anybody else can see the row
                self._files.copy_weights(parent_id, parent_epoch, run.run_id)
                learned_drawings.inherit(connection, parent_id, run.run_id)
        return run

    def save_state(self, run: RunSnapshot) -> None:
        """Writes where the run stands, and its curve."""
        self._files.save_curve(run)
        with self._database.writing() as connection:
            progress = run_columns.values(run, run_columns.PROGRESS)
            connection.execute(tables.runs.update().where(tables.runs.c.run_id == run.run_id).values(progress))

    def save_epoch(self, run: RunSnapshot) -> None:
        """Writes the run's newest epoch with its validation probabilities; its weights are on disk already."""
        self._files.save_probabilities(run)
        with self._database.writing() as connection:
            epoch, columns = run.epochs[-1], tables.epochs.c
            # Written before, where the connection broke off before it could say so.
            connection.execute(tables.epochs.delete().where((columns.run_id == run.run_id) & (columns.epoch == epoch.epoch)))
            connection.execute(tables.epochs.insert().values(run_id=run.run_id, **asdict(epoch)))
        self.save_state(run)

    def all(self) -> list[RunSummary]:
        """All runs but those in the bin and those that cannot be read, newest first. Every page asks for them, so no file is
        read, and no epoch twice.
        """
        return self.read()[0]

    def read(self) -> tuple[list[RunSummary], list[Unreadable]]:
        """`all`, and the runs outside the bin whose rows are damaged or were written by a newer Digit Lab, newest first."""
        epochs, there = tables.epochs.c, tables.runs.c.deleted.is_(None)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(tables.runs).where(there).order_by(tables.runs.c.number.desc())).all()
            counts = connection.execute(sa.select(epochs.run_id, sa.func.count()).group_by(epochs.run_id)).all()
            news = [run_id for run_id, count in counts if self._figures.get(run_id, _NOTHING).num_epochs != count]
            query = sa.select(tables.epochs, tables.runs.c.num_validation).join(tables.runs).order_by(epochs.run_id, epochs.epoch)
            if len(news) <= _MOST_NAMED:
                query = query.where(epochs.run_id.in_(news))
            if news:  # an epoch never changes once it is written
                self._figures.update(run_columns.figures(connection.execute(query).all()))
        readable, unreadable = [], []
        for row in rows:
            try:
                readable.append(run_columns.summary(row, self._figures.get(row.run_id)))
            except RunUnreadable as error:
                unreadable.append(Unreadable(row.run_id, run_columns.name(row), str(error)))
        return readable, unreadable

    def newest_ids(self) -> list[str]:
        """The runs that are not in the bin, the one that was submitted last first."""
        query = sa.select(tables.runs.c.run_id).where(tables.runs.c.deleted.is_(None))
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(tables.runs.c.number.desc())).scalars())

    def raw(self, run_id: str) -> dict[str, Any]:
        """What the tables `runs` and `epochs` hold of a run, as it stands there. Raises RunMissing."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.run_id == run_id)).mappings().one_or_none()
            if row is None:
                raise RunMissing(f"There is no run {quoted(run_id)} here. Choose one from the list.")
            query = sa.select(tables.epochs).where(tables.epochs.c.run_id == run_id).order_by(tables.epochs.c.epoch)
            return dict(row) | {"epochs": [dict(each) for each in connection.execute(query).mappings()]}

    def load(self, run_id: str) -> RunSnapshot:
        """The run as it was last written, or the starter network. Raises RunMissing, of it RunUnreadable."""
        if run_id == starter.RUN_ID and (network := starter.network()):
            return network
        with self._database.reading() as connection:
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.run_id == run_id)).one_or_none()
            if row is None:
                raise RunMissing(f"There is no run {quoted(run_id)} here. Choose one from the list.")
            query = sa.select(tables.epochs).where(tables.epochs.c.run_id == run_id).order_by(tables.epochs.c.epoch)
            rows = connection.execute(query).all()
            query = sa.select(tables.left_out.c.row).where(tables.left_out.c.run_id == run_id).order_by(tables.left_out.c.row)
            left_out = tuple(connection.execute(query).scalars())
        try:
            epochs = run_columns.checked_epochs(rows)
            run = run_columns.snapshot(row, epochs=epochs, left_out=left_out)
        except RunUnreadable as error:
            raise RunUnreadable(f"{run_columns.name(row)} cannot be read. {error}") from None
        probabilities = self.probabilities(run_id, epochs[-1].epoch) if epochs else None
        return replace(run, curve=self._files.curve(run_id), probabilities=probabilities)

    def probabilities(self, run_id: str, epoch: int) -> np.ndarray | None:
        """Validation probabilities (n, 10) float32 after `epoch`; None where they are gone."""
        return self._files.probabilities(run_id, epoch)
