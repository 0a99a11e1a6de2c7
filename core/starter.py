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
from functools import cache
from pathlib import Path

from core import files
from core.recipe import Recipe
from core.training.control import Control
from core.training.events import RunEvent
from core.training.run import Run, weights_path
from core.training.snapshot import Epoch, RunSnapshot, fold

RUN_ID = "starter"
NAME = "starter network"
FOLDER = Path(__file__).parent.parent / "data" / "starter"
_FIGURES = "figures.json"


@cache
def network() -> RunSnapshot | None:
    """The starter network as a run that has finished, with the one epoch whose weights are kept; None where it is missing.

    Its weights are `weights_path(FOLDER, epoch)`, and a Predictor answers with them.
    """
    try:
        figures = json.loads((FOLDER / _FIGURES).read_text())
    except FileNotFoundError:
        return None
    run = RunSnapshot(run_id=RUN_ID, name=NAME, recipe=Recipe().changed(**figures["recipe"]), state="finished")
    return replace(run, epochs=(Epoch(**figures["epoch"]),), num_validation=figures["num_validation"])


def make(recipe: Recipe, report: Callable[[RunSnapshot], None]) -> RunSnapshot:
    """Trains the starter network by `recipe`, calls `report` with the run at every event, keeps its best epoch in FOLDER.

    Raises DigitLabError where the training cannot go on; what was there then stays.
    """
    from core.training.trainer import train  # on use: TensorFlow

    run = RunSnapshot(run_id=RUN_ID, name=NAME, recipe=recipe)

    def publish(event: RunEvent) -> None:
        nonlocal run
        run = fold(run, event)
        report(run)

    with tempfile.TemporaryDirectory() as folder:
        train(Run(RUN_ID, NAME, recipe, Path(folder)), Control(), publish)
        best = run.best_epoch
        if best is None:  # a recipe has at least one epoch, and nobody can stop this one
            raise AssertionError("a training that ended has epochs")
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        shutil.copy(weights_path(Path(folder), best.epoch), weights_path(FOLDER, best.epoch))
    figures = {
        "recipe": asdict(recipe),
        "epoch": asdict(best),
        "num_validation": run.num_validation,
        "versions": {name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
    }
    with files.atomic_write(FOLDER / _FIGURES) as handle:
        handle.write(json.dumps(figures, indent=2).encode() + b"\n")
    network.cache_clear()
    return run
