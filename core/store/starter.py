"""The starter network, which answers before anything was trained here. It comes with the project in `data/starter/`; the record
of runs does not hold it. `core.training.starter` makes it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from core import datasets
from core.recipe import Recipe
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot
from core.system import files, paths

RUN_ID = "starter"
NAME = "Starter"
FOLDER = paths.ROOT / "data" / "starter"
FIGURES, CURVE = "figures.json", "curve.npz"
_NO_CURVE = np.zeros((0, 3), np.float32)


def network() -> RunSnapshot | None:
    """The starter network as a run that has finished, with the one epoch whose weights are kept; None where it is missing.

    Where the data that it was trained on are not at hand, its recipe names the built-in digits in their place: so
    what is measured or fine-tuned with it here uses images that are there.
    """
    run = _trained()
    return replace(run, epochs=run.epochs[-1:], curve=_NO_CURVE, step=0, steps_per_epoch=0) if run else None


def training() -> RunSnapshot | None:
    """How the starter network was trained, to be looked at: all its epochs, and its curve. None where it is missing."""
    return _trained()


def recipe() -> Recipe | None:
    """The recipe that it was trained by, also where its data are not at hand; None where it is missing."""
    run = _as_trained()
    return run.recipe if run else None


def edition() -> str:
    """Another text for each network that was ever the starter network; empty where it is missing."""
    try:
        return hashlib.sha256((FOLDER / FIGURES).read_bytes()).hexdigest()[:8]
    except FileNotFoundError:
        return ""


def _trained() -> RunSnapshot | None:
    run = _as_trained()
    if run is None:
        return None
    return run if datasets.is_at_hand(run.recipe.dataset) else replace(run, recipe=run.recipe.changed(dataset="digits"))


def _as_trained() -> RunSnapshot | None:
    try:
        modified_ns = (FOLDER / FIGURES).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(FOLDER, modified_ns)


@lru_cache(maxsize=2)
def _read(folder: Path, modified_ns: int) -> RunSnapshot:
    figures = json.loads((folder / FIGURES).read_text())
    epochs = tuple(Epoch(**each) for each in figures["epochs"])
    return RunSnapshot(
        run_id=RUN_ID,
        name=NAME,
        recipe=Recipe().changed(**figures["recipe"]),
        state="finished",
        epochs=epochs,
        curve=files.load_arrays(folder / CURVE, "curve", shapes={"curve": (None, 3)})["curve"],
        step=figures["steps"],
        steps_per_epoch=figures["steps"] // len(epochs),
        num_validation=figures["num_validation"],
    )
