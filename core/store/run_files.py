"""The files of a run beside the database: `runs/<run id>/epoch-003.npz` (weights), `validation-003.npz` (probabilities),
`curve.npz`. Any thread may call.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.constants import NUM_CLASSES
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.store import starter
from core.system import files

_RUN_ID = re.compile(r"[0-9a-f]{12}")  # before it becomes part of a path


class RunFiles:
    """Reads and writes them by run id."""

    def __init__(self, folder: Path) -> None:
        self.kept = folder / "runs"  # one folder for each run
        self._condemned = self.kept / "condemned.txt"

    def folder(self, run_id: str) -> Path:
        """The folder of a run's files; the starter network's comes with the project."""
        return starter.FOLDER if run_id == starter.RUN_ID else self.kept / run_id

    def save_curve(self, run: RunSnapshot) -> None:
        """Writes the run's curve, if it has one yet."""
        if len(run.curve):
            files.save_arrays(self.folder(run.run_id) / "curve.npz", curve=run.curve)

    def curve(self, run_id: str) -> np.ndarray:
        """(n, 3) float32, see `RunSnapshot`; empty where there is none, or where it is damaged."""
        found = _array(self.folder(run_id) / "curve.npz", "curve", (None, 3))
        return np.zeros((0, 3), np.float32) if found is None else found

    def save_probabilities(self, run: RunSnapshot) -> None:
        """Writes the validation probabilities of the run's newest epoch."""
        if run.probabilities is not None:
            files.save_arrays(self._validation_path(run.run_id, run.epochs[-1].epoch), probabilities=run.probabilities)

    def probabilities(self, run_id: str, epoch: int) -> np.ndarray | None:
        """Validation probabilities (n, 10) float32 after `epoch`; None where they are gone or damaged."""
        return _array(self._validation_path(run_id, epoch), "probabilities", (None, NUM_CLASSES))

    def copy_weights(self, parent_id: str, epoch: int, run_id: str) -> None:
        """Gives a branch its own copy of its parent's weights, which outlives the parent. Raises FileNotFoundError."""
        files.copy(weights_path(self.folder(parent_id), epoch), weights_path(self.folder(run_id), 0))

    def num_bytes(self, run_id: str) -> int:
        """How much a run's files take."""
        return sum(path.stat().st_size for path in self.folder(run_id).rglob("*") if path.is_file())

    def delete(self, run_id: str) -> None:
        """Removes a run's folder. The starter network's stays."""
        if run_id != starter.RUN_ID:
            shutil.rmtree(self.folder(run_id), ignore_errors=True)

    def condemn(self, run_ids: Sequence[str]) -> None:
        """Notes the runs whose folders are to be removed, in place of those noted before."""
        if run_ids:
            with files.atomic_write(self._condemned) as handle:
                handle.write("\n".join(run_ids).encode())
        else:
            self._condemned.unlink(missing_ok=True)

    def condemned(self) -> list[str]:
        """The runs that `condemn` noted."""
        try:
            return [each for each in self._condemned.read_text().split() if _RUN_ID.fullmatch(each)]
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return []

    def _validation_path(self, run_id: str, epoch: int) -> Path:
        return self.folder(run_id) / f"validation-{epoch:03}.npz"


def _array(path: Path, name: str, shape: files.Shape) -> np.ndarray | None:
    try:
        return files.load_arrays(path, name, shapes={name: shape})[name]
    except (FileNotFoundError, files.DamagedFile):
        return None
