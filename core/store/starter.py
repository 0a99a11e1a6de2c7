"""The starter network, which answers before anything was trained here. It comes with the project in `data/starter/`; the record
of runs does not hold it. `core.training.starter` makes it.
"""

from __future__ import annotations

import json
from dataclasses import replace

from core import datasets
from core.recipe import Recipe
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot
from core.system import files, paths

RUN_ID = "starter"
NAME = "Starter"
FOLDER = paths.ROOT / "data" / "starter"
FIGURES, CURVE = "figures.json", "curve.npz"


def network() -> RunSnapshot | None:
    """The starter network as a run that has finished, with the one epoch whose weights are kept; None where it is missing.

    Where the data that it was trained on are not at hand, its recipe names the built-in digits in their place: so
    what is measured or fine-tuned with it here uses images that are there.
    """
    try:
        figures = json.loads((FOLDER / FIGURES).read_text())
    except FileNotFoundError:
        return None
    recipe = Recipe().changed(**figures["recipe"])
    if not datasets.is_at_hand(recipe.dataset):
        recipe = recipe.changed(dataset="digits")
    run = RunSnapshot(run_id=RUN_ID, name=NAME, recipe=recipe, state="finished")
    return replace(run, epochs=(Epoch(**figures["epochs"][-1]),), num_validation=figures["num_validation"])


def training() -> RunSnapshot | None:
    """How the starter network was trained, to be looked at: all its epochs, and its curve. None where it is missing."""
    if (run := network()) is None:
        return None
    figures = json.loads((FOLDER / FIGURES).read_text())
    epochs = tuple(Epoch(**each) for each in figures["epochs"])
    curve = files.load_arrays(FOLDER / CURVE)["curve"]
    return replace(run, epochs=epochs, curve=curve, step=figures["steps"], steps_per_epoch=figures["steps"] // len(epochs))
