"""Runs and their epochs: rows in the database, arrays in files beside it. Any thread may call.

Files: `runs/<run id>/epoch-003.npz` (weights), `validation-003.npz` (probabilities), `curve.npz`.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import asdict
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from core.errors import RunMissing
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunRow
from core.store import starter, tables
from core.store.database import Database
from core.store.drawings import hand_down
from core.store.rows import Figures, epoch, figures, line
from core.store.verdicts import faults
from core.system import files

_NOTHING = Figures()
_MOST_NAMED = 500  # runs in one query: with more of them it reads all epochs


class Runs(Database):
    """Runs, their epochs, and their files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._figures: dict[str, Figures] = {}

    def run_folder(self, run_id: str) -> Path:
        """The folder of a run's files; those of the starter network come with the project."""
        return starter.FOLDER if run_id == starter.RUN_ID else self.folder / "runs" / run_id

    def create_run(
        self,
        recipe: Recipe,
        kind: str,
        parent: tuple[str, int] | None = None,
        left_out: tuple[int, ...] | None = None,
        person: str = "",
    ) -> RunSnapshot:
        """A new queued run of `person`, empty for nobody, named after its kind and number: "quick-7".

        What it is to leave out, the faults of now if nothing else is said, is written down with it, so that later verdicts
        change nothing about it. A branch gets a copy of the weights that its `parent`, a run's id and epoch, begins it with: it
        outlives the parent.
        """
        parent_id, parent_epoch = parent or (None, None)
        with self._writing() as connection:
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
            )
            connection.execute(
                tables.runs.insert().values(
                    run_id=run.run_id,
                    number=number,
                    name=run.name,
                    recipe=recipe.to_json(),
                    state=run.state,
                    created=time.time(),
                    process_id=os.getpid(),
                    parent_id=parent_id,
                    parent_epoch=parent_epoch,
                    person=person,
                )
            )
            if left_out:
                connection.execute(tables.left_out.insert(), [{"run_id": run.run_id, "row": row} for row in left_out])
            if parent_id and parent_epoch:  # before the row is there for anybody else
                files.copy(weights_path(self.run_folder(parent_id), parent_epoch), weights_path(self.run_folder(run.run_id), 0))
                hand_down(connection, parent_id, run.run_id)
        return run

    def save_state(self, run: RunSnapshot) -> None:
        """Writes where the run stands, and its curve."""
        if len(run.curve):
            files.save_arrays(self.run_folder(run.run_id) / "curve.npz", curve=run.curve)
        columns = ("state", "message", "steps_per_epoch", "num_validation", "num_hand", "step", "active_s", "precision")
        values = {name: getattr(run, name) for name in (*columns, "diverged")} | {"rate_changes": json.dumps(run.rate_changes)}
        with self._writing() as connection:
            connection.execute(tables.runs.update().where(tables.runs.c.run_id == run.run_id).values(values))

    def save_epoch(self, run: RunSnapshot) -> None:
        """Writes the run's newest epoch with its validation probabilities; its weights are on disk already."""
        row = run.epochs[-1]
        if run.probabilities is not None:
            files.save_arrays(self._validation_path(run.run_id, row.epoch), probabilities=run.probabilities)
        with self._writing() as connection:
            connection.execute(tables.epochs.insert().values(run_id=run.run_id, **asdict(row)))
        self.save_state(run)

    def runs(self) -> list[RunRow]:
        """All runs but those in the bin, newest first. Every page asks for them, so no file is read, and no epoch twice."""
        epochs, there = tables.epochs.c, tables.runs.c.deleted.is_(None)
        with self._reading() as connection:
            rows = connection.execute(sa.select(tables.runs).where(there).order_by(tables.runs.c.number.desc())).all()
            counts = connection.execute(sa.select(epochs.run_id, sa.func.count()).group_by(epochs.run_id)).all()
            news = [run_id for run_id, count in counts if self._figures.get(run_id, _NOTHING).num_epochs != count]
            query = sa.select(tables.epochs, tables.runs.c.num_validation).join(tables.runs).order_by(epochs.run_id, epochs.epoch)
            if len(news) <= _MOST_NAMED:
                query = query.where(epochs.run_id.in_(news))
            if news:  # an epoch that was written never changes
                self._figures.update(figures(connection.execute(query).all()))
        return [line(row, self._figures.get(row.run_id, _NOTHING)) for row in rows]

    def newest_run_id(self) -> str | None:
        """The run that was submitted last, of those that are not in the bin; None before the first."""
        query = sa.select(tables.runs.c.run_id).where(tables.runs.c.deleted.is_(None))
        with self._reading() as connection:
            return connection.execute(query.order_by(tables.runs.c.number.desc()).limit(1)).scalar()

    def load(self, run_id: str) -> RunSnapshot:
        """The run as it was last written, or the starter network. Raises RunMissing."""
        if run_id == starter.RUN_ID and (network := starter.network()):
            return network
        with self._reading() as connection:
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.run_id == run_id)).one_or_none()
            if row is None:
                raise RunMissing(f"There is no run {run_id!r} here. Choose one from the list.")
            query = sa.select(tables.epochs).where(tables.epochs.c.run_id == run_id).order_by(tables.epochs.c.epoch)
            epochs = tuple(epoch(each) for each in connection.execute(query))
            query = sa.select(tables.left_out.c.row).where(tables.left_out.c.run_id == run_id).order_by(tables.left_out.c.row)
            left_out = tuple(connection.execute(query).scalars())
        curve = _array(self.run_folder(run_id) / "curve.npz", "curve")
        return RunSnapshot(
            run_id=run_id,
            name=row.name,
            recipe=Recipe.from_json(row.recipe),
            state=row.state,
            message=row.message,
            epochs=epochs,
            curve=np.zeros((0, 3), np.float32) if curve is None else curve,
            probabilities=self.probabilities(run_id, epochs[-1].epoch) if epochs else None,
            step=row.step,
            steps_per_epoch=row.steps_per_epoch,
            num_validation=row.num_validation,
            num_hand=row.num_hand,
            active_s=row.active_s,
            precision=row.precision,
            left_out=left_out,
            parent_id=row.parent_id,
            parent_epoch=row.parent_epoch,
            added_epochs=row.added_epochs,
            diverged=row.diverged,
            person=row.person,
            rate_changes=tuple((step, factor) for step, factor in json.loads(row.rate_changes)),
        )

    def probabilities(self, run_id: str, epoch: int) -> np.ndarray | None:
        """Validation probabilities (n, 10) float32 after `epoch`; None where they are gone."""
        return _array(self._validation_path(run_id, epoch), "probabilities")

    def _validation_path(self, run_id: str, epoch: int) -> Path:
        return self.run_folder(run_id) / f"validation-{epoch:03}.npz"


def _array(path: Path, name: str) -> np.ndarray | None:
    try:
        return files.load_arrays(path, name)[name]
    except (FileNotFoundError, files.DamagedFile):
        return None
