"""Makes the starter network, which answers before anything was trained here. It comes with the project in `data/starter/` and is
trained on MNIST by `python -m core starter`. It is not in the record of runs.
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
from core.store import starter
from core.store.starter import CURVE, FIGURES, NAME, RUN_ID
from core.system import files
from core.training.control import Control
from core.training.job import TrainingJob


def make(recipe: Recipe, report: Callable[[RunSnapshot], None]) -> RunSnapshot:
    """Trains the starter network by `recipe`, calls `report` with the run at every event, writes its last epoch to FOLDER and
    returns the run with that epoch alone: the schedule ends there, and the figure of a chosen epoch would flatter it.

    Raises DigitLabError if the training fails; FOLDER then stays as it was.
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
        shutil.rmtree(starter.FOLDER, ignore_errors=True)
        starter.FOLDER.mkdir(parents=True)
        shutil.copy(weights_path(Path(folder), last.epoch), weights_path(starter.FOLDER, last.epoch))
    figures = {
        "recipe": asdict(recipe),
        "epochs": [asdict(each) for each in run.epochs],
        "steps": run.step,
        "num_validation": run.num_validation,
        "versions": {name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
    }
    files.save_arrays(starter.FOLDER / CURVE, curve=run.curve)
    with files.atomic_write(starter.FOLDER / FIGURES) as handle:
        handle.write(json.dumps(figures, indent=2).encode() + b"\n")
    return replace(run, epochs=(last,))
