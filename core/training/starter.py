"""The network that answers before anything was trained here. It comes with the project, in `data/starter/`, and is made from
MNIST by `python -m core starter`. It is no run of anybody's: the record of runs does not know it.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from core.recipe import Recipe
from core.runs.events import RunEvent
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot, fold
from core.store.starter import FIGURES, FOLDER, NAME, RUN_ID
from core.system import files
from core.training.control import Control
from core.training.job import TrainingJob


def make(recipe: Recipe, report: Callable[[RunSnapshot], None]) -> RunSnapshot:
    """Trains the starter network by `recipe`, calls `report` with the run at every event, keeps its last epoch in FOLDER and
    gives the run with that alone: the schedule ends there, and the luckiest of its epochs would have a flattered figure.

    Raises DigitLabError where the training cannot go on; what was there then stays.
    """
    from core.training.trainer import train  # on use: TensorFlow

    run = RunSnapshot(run_id=RUN_ID, name=NAME, recipe=recipe)

    def publish(event: RunEvent) -> None:
        nonlocal run
        run = fold(run, event)
        report(run)

    with tempfile.TemporaryDirectory() as folder:
        train(TrainingJob(RUN_ID, NAME, recipe, Path(folder)), Control(), publish)
        last = run.epochs[-1]  # a recipe has at least one epoch, and nobody can stop this one
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        shutil.copy(weights_path(Path(folder), last.epoch), weights_path(FOLDER, last.epoch))
    figures = {
        "recipe": asdict(recipe),
        "epoch": asdict(last),
        "num_validation": run.num_validation,
        "versions": {name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
    }
    with files.atomic_write(FOLDER / FIGURES) as handle:
        handle.write(json.dumps(figures, indent=2).encode() + b"\n")
    return replace(run, epochs=(last,))
