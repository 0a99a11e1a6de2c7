"""The record of runs that outlives the process: rows in a database, arrays in files beside it. Any thread may call.

SQLite in the data directory, or whatever `DIGITLAB_DATABASE_URL` names. Files: `runs/<run id>/epoch-003.npz` (weights),
`validation-003.npz` (probabilities), `curve.npz`.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from core import drawings, files
from core.errors import RunMissing, StoreError, StoreTooNew
from core.recipe import Recipe
from core.training.snapshot import ACTIVE_STATES, Epoch, RunSnapshot, best_epoch

SCHEMA_VERSION = 1
FAULT, FINE, UNCLEAR = VERDICTS = ("fault", "fine", "unclear")  # of a person, on the label of an image

_tables = sa.MetaData()
_schema = sa.Table("schema", _tables, sa.Column("version", sa.Integer, nullable=False))
_runs = sa.Table(
    "runs",
    _tables,
    sa.Column("run_id", sa.String(12), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("recipe", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("message", sa.Text, nullable=False, default=""),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("process_id", sa.Integer, nullable=False),
    sa.Column("steps_per_epoch", sa.Integer, nullable=False, default=0),
    sa.Column("num_validation", sa.Integer, nullable=False, default=0),
    sa.Column("num_hand", sa.Integer, nullable=False, server_default="0"),
    sa.Column("step", sa.Integer, nullable=False, default=0),
    sa.Column("active_s", sa.Float, nullable=False, default=0.0),
    sa.Column("precision", sa.String(16), nullable=False, default=""),
)
_epochs = sa.Table(
    "epochs",
    _tables,
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    *(
        sa.Column(name, sa.Float, nullable=False)
        for name in Epoch.__dataclass_fields__
        if name not in ("epoch", "partial", "hand_accuracy")
    ),
    sa.Column("partial", sa.Boolean, nullable=False),
    sa.Column("hand_accuracy", sa.Float, nullable=True),
)
_left_out = sa.Table(
    "left_out",
    _tables,
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
)
_verdicts = sa.Table(
    "verdicts",
    _tables,
    sa.Column("dataset", sa.String(32), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("time", sa.Float, nullable=False),
)
_speeds = sa.Table(
    "speeds",
    _tables,
    sa.Column("machine", sa.String(120), primary_key=True),
    sa.Column("architecture", sa.String(20), primary_key=True),
    sa.Column("precision", sa.String(16), primary_key=True),
    *(sa.Column(name, sa.Float, nullable=False) for name in ("flop_per_s", "step_s", "startup_s")),
)
_test_openings = sa.Table(
    "test_openings",
    _tables,
    sa.Column("opening_id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.String(12), nullable=False, index=True),  # an opening outlives its run: what was seen was seen
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("num_right", sa.Integer, nullable=False),
    sa.Column("num_images", sa.Integer, nullable=False),
)
_hand_tables = drawings.tables(_tables)


@dataclass(frozen=True)
class Speed:
    """How fast a machine trains one architecture: operations a second, what a step costs whatever its size, and the seconds
    until the first step is done.
    """

    flop_per_s: float
    step_s: float
    startup_s: float


@dataclass(frozen=True)
class Opening:
    """One look at MNIST's test images: `time` in seconds since 1970, and how many the run's weights after `epoch` read right."""

    run_id: str
    epoch: int
    time: float
    num_right: int
    num_images: int


@dataclass(frozen=True)
class RunRow:
    """A line of the list of runs. `best` is the epoch with the highest validation accuracy, None before the first; `parent_id` is
    the run whose weights it began with, empty where it began anew.
    """

    run_id: str
    number: int
    name: str
    recipe: Recipe
    state: str
    created: float
    active_s: float
    num_validation: int
    num_epochs: int
    best: Epoch | None
    parent_id: str = ""


class Store:
    """One data directory's runs, and the `drawings` that people labelled. Raises StoreError where the database cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = os.environ.get("DIGITLAB_DATABASE_URL") or f"sqlite:///{folder / 'digitlab.db'}"
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _set_up_sqlite)
        with self._writing() as connection:
            _tables.create_all(connection)
            version = connection.execute(sa.select(_schema.c.version)).scalar()
            if version is None:
                connection.execute(_schema.insert().values(version=SCHEMA_VERSION))
            elif version > SCHEMA_VERSION:
                raise StoreTooNew(
                    f"The record of runs has version {version}, this Digit Lab knows up to {SCHEMA_VERSION}. "
                    "Start the newer Digit Lab, or name another folder in DIGITLAB_DATA_DIR."
                )
        self.drawings = drawings.Drawings(_hand_tables, self._writing, self._reading)

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def run_folder(self, run_id: str) -> Path:
        """The folder of a run's files."""
        return self.folder / "runs" / run_id

    def create_run(self, recipe: Recipe, kind: str, *, left_out: Sequence[int] | None = None) -> RunSnapshot:
        """A new queued run, named after its kind and number: "quick-7".

        What it is to leave out is written down with it, so that later verdicts change nothing about it: today's faults, unless
        `left_out` says what another run left out.
        """
        with self._writing() as connection:
            number = (connection.execute(sa.select(sa.func.max(_runs.c.number))).scalar() or 0) + 1
            faults = sa.select(_verdicts.c.row).where(_of(recipe.dataset) & (_verdicts.c.verdict == FAULT)).order_by("row")
            if left_out is None:
                left_out = tuple(connection.execute(faults).scalars()) if recipe.leave_out_faults else ()
            run = RunSnapshot(run_id=uuid.uuid4().hex[:12], name=f"{kind}-{number}", recipe=recipe, left_out=tuple(left_out))
            connection.execute(
                _runs.insert().values(
                    run_id=run.run_id,
                    number=number,
                    name=run.name,
                    recipe=recipe.to_json(),
                    state=run.state,
                    created=time.time(),
                    process_id=os.getpid(),
                )
            )
            if left_out:
                connection.execute(_left_out.insert(), [{"run_id": run.run_id, "row": row} for row in left_out])
        return run

    def save_state(self, run: RunSnapshot) -> None:
        """Writes where the run stands, and its curve."""
        if len(run.curve):
            files.save_arrays(self.run_folder(run.run_id) / "curve.npz", curve=run.curve)
        columns = ("state", "message", "steps_per_epoch", "num_validation", "num_hand", "step", "active_s", "precision")
        with self._writing() as connection:
            connection.execute(
                _runs.update().where(_runs.c.run_id == run.run_id).values({name: getattr(run, name) for name in columns})
            )

    def save_epoch(self, run: RunSnapshot) -> None:
        """Writes the run's newest epoch with its validation probabilities; its weights are on disk already."""
        row = run.epochs[-1]
        if run.probabilities is not None:
            files.save_arrays(self._validation_path(run.run_id, row.epoch), probabilities=run.probabilities)
        with self._writing() as connection:
            connection.execute(_epochs.insert().values(run_id=run.run_id, **asdict(row)))
        self.save_state(run)

    def mark_interrupted(self) -> None:
        """Runs whose process is gone before they ended are called interrupted; those of another living process go on."""
        with self._writing() as connection:
            unfinished = _runs.c.state.in_(ACTIVE_STATES)
            query = sa.select(_runs.c.process_id).where(unfinished).distinct()
            gone = [process_id for process_id in connection.execute(query).scalars() if not _is_another(process_id)]
            left = unfinished & _runs.c.process_id.in_(gone)
            connection.execute(_runs.update().where(left).values(state="interrupted"))

    def runs(self) -> list[RunRow]:
        """All runs, newest first."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(_runs).order_by(_runs.c.number.desc())).all()
            epochs = connection.execute(sa.select(_epochs)).all()
        parents = self.drawings.parents()
        epochs_of: dict[str, list[Epoch]] = {}
        for row in epochs:
            epochs_of.setdefault(row.run_id, []).append(_epoch(row))
        return [
            RunRow(
                run_id=row.run_id,
                number=row.number,
                name=row.name,
                recipe=Recipe.from_json(row.recipe),
                state=row.state,
                created=row.created,
                active_s=row.active_s,
                num_validation=row.num_validation,
                num_epochs=len(epochs_of.get(row.run_id, ())),
                best=best_epoch(epochs_of.get(row.run_id, ())),
                parent_id=parents.get(row.run_id, ""),
            )
            for row in rows
        ]

    def newest_run_id(self) -> str | None:
        """The run that was submitted last; None before the first."""
        with self._reading() as connection:
            return connection.execute(sa.select(_runs.c.run_id).order_by(_runs.c.number.desc()).limit(1)).scalar()

    def load(self, run_id: str) -> RunSnapshot:
        """The run as it was last written. Raises RunMissing."""
        with self._reading() as connection:
            row = connection.execute(sa.select(_runs).where(_runs.c.run_id == run_id)).one_or_none()
            if row is None:
                raise RunMissing(f"There is no run {run_id!r} here. Choose one from the list.")
            query = sa.select(_epochs).where(_epochs.c.run_id == run_id).order_by(_epochs.c.epoch)
            epochs = tuple(_epoch(each) for each in connection.execute(query))
            query = sa.select(_left_out.c.row).where(_left_out.c.run_id == run_id).order_by(_left_out.c.row)
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
        )

    def probabilities(self, run_id: str, epoch: int) -> np.ndarray | None:
        """Validation probabilities (n, 10) float32 after `epoch`; None where they are gone."""
        return _array(self._validation_path(run_id, epoch), "probabilities")

    def save_speed(self, machine: str, architecture: str, precision: str, speed: Speed) -> None:
        """Keeps what was measured, in place of what was measured before."""
        key = {"machine": machine, "architecture": architecture, "precision": precision}
        with self._writing() as connection:
            connection.execute(_speeds.delete().where(*(_speeds.c[name] == value for name, value in key.items())))
            connection.execute(_speeds.insert().values(**key, **asdict(speed)))

    def speeds(self, machine: str) -> dict[tuple[str, str], Speed]:
        """(architecture, precision) -> what was measured on this machine."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(_speeds).where(_speeds.c.machine == machine)).all()
        return {(row.architecture, row.precision): Speed(row.flop_per_s, row.step_s, row.startup_s) for row in rows}

    def save_test_opening(self, opening: Opening) -> None:
        """Writes down that the test images were looked at, for good."""
        with self._writing() as connection:
            connection.execute(_test_openings.insert().values(**asdict(opening)))

    def test_openings(self) -> list[Opening]:
        """Every look at the test images, oldest first, those of deleted runs included."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(_test_openings).order_by(_test_openings.c.opening_id)).all()
        return [Opening(**{name: getattr(row, name) for name in Opening.__dataclass_fields__}) for row in rows]

    def delete(self, run_id: str) -> None:
        """Removes a run, its epochs and its files."""
        with self._writing() as connection:
            for table in (_epochs, _left_out, _hand_tables.children, _hand_tables.lessons):
                connection.execute(table.delete().where(table.c.run_id == run_id))
            connection.execute(_runs.delete().where(_runs.c.run_id == run_id))
        shutil.rmtree(self.run_folder(run_id), ignore_errors=True)

    def save_verdict(self, dataset: str, row: int, verdict: str) -> None:
        """What a person says of the label of one image; the newest verdict counts. `verdict` is one of VERDICTS."""
        if verdict not in VERDICTS:
            raise StoreError(f"The verdict {verdict!r} is unknown; it must be one of: {', '.join(VERDICTS)}.")
        with self._writing() as connection:
            connection.execute(_verdicts.delete().where(_of(dataset) & (_verdicts.c.row == row)))
            connection.execute(_verdicts.insert().values(dataset=dataset, row=row, verdict=verdict, time=time.time()))

    def delete_verdict(self, dataset: str, row: int) -> None:
        """Takes a verdict back; nothing happens where there is none."""
        with self._writing() as connection:
            connection.execute(_verdicts.delete().where(_of(dataset) & (_verdicts.c.row == row)))

    def verdicts(self, dataset: str) -> dict[int, str]:
        """Row of the data set -> verdict, the newest last."""
        query = sa.select(_verdicts.c.row, _verdicts.c.verdict).where(_of(dataset)).order_by(_verdicts.c.time)
        with self._reading() as connection:
            return {row.row: row.verdict for row in connection.execute(query)}

    def _validation_path(self, run_id: str, epoch: int) -> Path:
        return self.run_folder(run_id) / f"validation-{epoch:03}.npz"

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"The record of runs cannot be used: {_cause(error)}. Is {self.folder} writable?") from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"The record of runs cannot be read: {_cause(error)}. Is {self.folder} readable?") from error


def _of(dataset: str) -> sa.ColumnElement[bool]:
    return _verdicts.c.dataset == dataset


def _set_up_sqlite(connection: object, _: object) -> None:
    """Write-ahead logging, so that pages read while the training thread writes."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _is_another(process_id: int) -> bool:
    if process_id == os.getpid():  # in a container a server that starts again gets the number that it had
        return False
    try:
        os.kill(process_id, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process, which is alive
        return True
    return True


def _cause(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _epoch(row: sa.Row[tuple[object, ...]]) -> Epoch:
    return Epoch(**{name: getattr(row, name) for name in Epoch.__dataclass_fields__})


def _array(path: Path, name: str) -> np.ndarray | None:
    try:
        return files.load_arrays(path, name)[name]
    except (FileNotFoundError, files.DamagedFile):
        return None
