"""The database is restarted in the middle of a run: it goes on, and ends with the weights that it would have had."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.network import model
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.store import Store
from core.training.studio import Studio
from tests import postgres
from tests.attack.parsers import Outcome

RECIPE = Recipe(architecture="compact", filters_1=2, filters_2=2, filters_3=2, filters_4=2, epochs=12, batch_size=128)
_PER_RUN = 5
_PATIENCE_S = 120.0


def attack(number: int, seed: int) -> Outcome:
    """Restarts the server that many times, five times a run."""
    random, outcome = np.random.default_rng(seed), Outcome()
    with postgres.server() as server:
        expected, _ = _trained(server.new_database(), None)
        while outcome.tried < number:
            epochs = sorted(
                random.choice(np.arange(1, RECIPE.epochs), min(_PER_RUN, number - outcome.tried), replace=False).tolist()
            )
            weights, run = _trained(server.new_database(), _at(epochs, server.restart))
            outcome.tried += len(epochs)
            if run.state != "finished" or len(run.epochs) != RECIPE.epochs:
                outcome.failures.append(f"restarted at {epochs}: {run.state} after {len(run.epochs)} epochs. {run.message}")
            elif not all(np.array_equal(one, other) for one, other in zip(weights, expected, strict=True)):
                outcome.failures.append(f"restarted at {epochs}: other weights")
    return outcome


def _at(epochs: list[int], restart: Callable[[], None]) -> Callable[[RunSnapshot], None]:
    """Restarts once each of these epochs was seen."""
    left = list(epochs)

    def look(run: RunSnapshot) -> None:
        if left and len(run.epochs) >= left[0]:
            left.pop(0)
            restart()

    return look


def _trained(url: str, look: Callable[[RunSnapshot], None] | None) -> tuple[list[np.ndarray], RunSnapshot]:
    """The weights at the end of a run, and the run as the record has it."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("DIGITLAB_DATABASE_URL")
        os.environ["DIGITLAB_DATABASE_URL"] = url
        try:
            store = Store(Path(folder))
        finally:
            os.environ.pop("DIGITLAB_DATABASE_URL")
            if before is not None:
                os.environ["DIGITLAB_DATABASE_URL"] = before
        studio = Studio(store)
        run = studio.submit(RECIPE)
        while run.active:
            run = studio.wait(run, _PATIENCE_S)
            if look:
                look(run)
        give_up = time.monotonic() + _PATIENCE_S
        while run.unwritten and time.monotonic() < give_up:
            studio.tend()
            run = studio.snapshot(run.run_id)
        kept = store.runs.load(run.run_id)
        weights = model.load_weights(weights_path(store.runs.folder(run.run_id), RECIPE.epochs)) if kept.epochs else []
        studio.close()
        store.close()
        return weights, kept
