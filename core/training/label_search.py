"""The search of a whole data set for label faults: a background job that gives way to every run that trains. Any thread may
start it, cancel it and read how far it is. No TensorFlow before a search begins.

Its result is kept in `cross-checks/<data set>.npz` of the data folder: the same data would give it again.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from cachetools import LRUCache

from core import datasets
from core.constants import NUM_CLASSES
from core.datasets import Dataset
from core.recipe import Recipe
from core.system import files
from core.system.background_jobs import Job, Jobs, Report
from core.training import cross_validation, speed
from core.training.cross_validation import NUM_FOLDS, Check
from core.training.pace import Pace
from core.training.studio import Studio

_FEW = 10_000  # images; a smaller data set gets more epochs
# Measured on two cores, in seconds: of a step whatever its batch, of each of its images, and of getting ready.
_STEP_S, _IMAGE_S, _START_S = 0.004, 0.0004, 6.0

OutOfSample = Callable[[Dataset, Recipe, Check], np.ndarray]


def recipe_for(num_images: int) -> Recipe:
    """A small, quick network: five of them take well under two minutes on the built-in digits."""
    few = num_images < _FEW
    return Recipe(
        architecture="compact",
        filters_1=16,
        filters_2=32,
        filters_3=32,
        filters_4=64,
        batch_norm_momentum=0.9,
        dropout_conv=0.0,
        dropout_dense=0.0,
        optimizer="adam",
        learning_rate=0.006,
        schedule="one-cycle",
        epochs=10 if few else 2,
        batch_size=32 if few else 128,
        shift=0.05,
        shear_deg=10.0,
    )


def expected_s(num_images: int) -> float:
    """About how many seconds a search of `num_images` takes if nothing else trains."""
    recipe = recipe_for(num_images)
    seen = recipe.epochs * (NUM_FOLDS - 1) * num_images
    return _START_S + seen * (_IMAGE_S + _STEP_S / recipe.batch_size)


class LabelSearch:
    """Searches one data set at a time. `work` is `cross_validation.out_of_sample`, or a stand-in with its signature."""

    def __init__(self, studio: Studio, work: OutOfSample | None = None) -> None:
        self._studio = studio
        self._work = work or cross_validation.out_of_sample
        # A search goes on even if nobody looks at it.
        self.jobs: Jobs[np.ndarray] = Jobs("digitlab-label-search", num_kept=8, patience_s=math.inf)
        self._kept: LRUCache[str, np.ndarray] = LRUCache(8)
        self._lock = threading.Lock()

    def start(self, dataset: str) -> None:
        """Starts a search; no effect while another one is under way. Raises DataError if the data set is not at hand."""
        loaded = datasets.load(dataset)
        if not self.jobs.pending():
            self.jobs.start(dataset, partial(self._search, loaded), again=True)

    def cancel(self) -> None:
        """Ends the search after its current steps; nothing of it is kept."""
        for dataset in self.jobs.pending():
            self.jobs.cancel(dataset)

    def current(self) -> tuple[str, Job[np.ndarray]] | None:
        """The data set that is being searched, and how far its search is; None if there is none."""
        for dataset in self.jobs.pending():
            job = self.jobs.look(dataset)
            if job and job.pending:
                return str(dataset), job
        return None

    def failure(self, dataset: str) -> str:
        """Why the last search of this data set failed, in a sentence; empty if it did not."""
        job = self.jobs.look(dataset)
        return job.error if job else ""

    def probabilities(self, dataset: str) -> np.ndarray | None:
        """(n, 10) float32 for every image of the data set, by the network that did not learn from it; None before a search."""
        with self._lock:
            if dataset not in self._kept:
                try:
                    kept = files.load_arrays(self._path(dataset), "probabilities", shapes={"probabilities": (None, NUM_CLASSES)})
                    self._kept[dataset] = kept["probabilities"]
                except (FileNotFoundError, files.DamagedFile):
                    return None
            return self._kept[dataset]

    def close(self, timeout_s: float = 10.0) -> bool:
        """Ends the search and waits for its thread; False if it did not end in time."""
        return self.jobs.close(timeout_s)

    def _search(self, dataset: Dataset, report: Report) -> np.ndarray:
        pace = Pace(self._studio, report)
        pace.check(0.0)
        recipe = speed.resolved(recipe_for(len(dataset)), speed.known(self._studio.store))
        found = self._work(dataset, recipe, pace.check)
        files.save_arrays(self._path(dataset.name), probabilities=found)
        return found

    def _path(self, dataset: str) -> Path:
        return self._studio.store.folder / "cross-checks" / f"{dataset}.npz"
