"""Which run the Lab shows, and which network answers on it."""

from __future__ import annotations

from core.runs.answering import best_run
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui.held_recipe import held
from ui.run_control.watched import watched
from ui.session import Lab


def shown(lab: Lab) -> RunSnapshot | None:
    """The run that this person follows; the starter network before the first run. None where that one is missing."""
    return watched(lab) or starter.network()


def answering(lab: Lab, run: RunSnapshot | None) -> RunSnapshot | None:
    """`run` itself from its first epoch on; until then the best run on the chosen data, or the starter network."""
    if run and run.epochs:
        return run
    best = best_run(lab.store.runs.all(), held("dataset"))
    return lab.studio.snapshot(best.run_id) if best else starter.network()


def called(run: RunSnapshot) -> str:
    """The run's name, or what the starter network is."""
    return "The starter network" if run.run_id == starter.RUN_ID else run.name
