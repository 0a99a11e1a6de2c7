"""The search of a whole data set for wrong labels: one background thread that gives way to every run that trains. Pages on any
thread start it, cancel it and read how far it is. No TensorFlow before a search begins.

What a search gives is kept in `cross-checks/<data set>.npz` of the data folder: the same data give it again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import datasets
from core.datasets import Dataset
from core.errors import DigitLabError
from core.recipe import Recipe
from core.system import files, memory
from core.training import cross_validation
from core.training.cross_validation import NUM_FOLDS, Check
from core.training.studio import Studio

_log = logging.getLogger(__name__)
_FEW = 10_000  # images; fewer get more epochs
# Measured on two cores: a step costs this much whatever its batch, and each of its images this much more.
_STEP_S, _IMAGE_S, _START_S = 0.004, 0.0004, 6.0

OutOfSample = Callable[[Dataset, Recipe, Check], "np.ndarray | None"]


def recipe_for(num_images: int) -> Recipe:
    """A small quick network: good enough to doubt a label, and five of them take well under two minutes on the few digits."""
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
    """About how long a search of so many images takes, where nothing else trains."""
    recipe = recipe_for(num_images)
    seen = recipe.epochs * (NUM_FOLDS - 1) * num_images
    return _START_S + seen * (_IMAGE_S + _STEP_S / recipe.batch_size)


@dataclass(frozen=True)
class Progress:
    """How far a search is: `share` of the work, 0 to 1; `remaining_s` at the pace so far, None before the first step;
    `waits_for` names the run that it gives way to, if any.
    """

    dataset: str
    share: float = 0.0
    remaining_s: float | None = None
    waits_for: str = ""


class CrossCheck:
    """Searches one data set at a time. `work` is `cross_validation.out_of_sample`, or a stand-in with its signature."""

    def __init__(self, studio: Studio, work: OutOfSample | None = None) -> None:
        self._studio = studio
        self._work = work or cross_validation.out_of_sample
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._failures: dict[str, str] = {}
        self._kept: dict[str, np.ndarray] = {}
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, dataset: str) -> None:
        """Begins to search; nothing happens while another search is on. Raises DataError where the data are not at hand."""
        loaded = datasets.load(dataset)
        with self._lock:
            if self._progress is not None:
                return
            self._progress = Progress(dataset)
            self._failures.pop(dataset, None)
            self._cancelled = threading.Event()
            self._thread = threading.Thread(
                target=self._search, args=(loaded, self._cancelled), name="digitlab-cross-check", daemon=True
            )
            self._thread.start()

    def cancel(self) -> None:
        """The search ends after its step and leaves nothing behind."""
        self._cancelled.set()

    def progress(self) -> Progress | None:
        """The search that is on, else None."""
        with self._lock:
            return self._progress

    def failure(self, dataset: str) -> str:
        """Why the last search of this data set broke off, in a sentence; empty where it did not."""
        with self._lock:
            return self._failures.get(dataset, "")

    def probabilities(self, dataset: str) -> np.ndarray | None:
        """(n, 10) float32 for every image of the data set, by networks that did not learn from it; None before a search."""
        with self._lock:
            if dataset not in self._kept:
                try:
                    self._kept[dataset] = files.load_arrays(self._path(dataset), "probabilities")["probabilities"]
                except (FileNotFoundError, files.DamagedFile):
                    return None
            return self._kept[dataset]

    def close(self, timeout_s: float = 10.0) -> bool:
        """Ends the search and waits for its thread; False where it did not end in time."""
        self.cancel()
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def _search(self, dataset: Dataset, cancelled: threading.Event) -> None:
        pace = _Pace(self._studio, cancelled, lambda **now: self._tell(Progress(dataset.name, **now)))
        failure = ""
        try:
            found = self._work(dataset, recipe_for(len(dataset)), pace.check) if pace.check(0.0) else None
            if found is not None:
                files.save_arrays(self._path(dataset.name), probabilities=found)
        except DigitLabError as error:
            failure = str(error)
        except Exception:
            _log.exception("the search of %s for wrong labels broke off", dataset.name)
            failure = "The search broke off. The details are in the server's log."
        with self._lock:
            self._progress = None
            if failure:
                self._failures[dataset.name] = failure
        memory.settle()

    def _tell(self, progress: Progress) -> None:
        with self._lock:
            self._progress = progress

    def _path(self, dataset: str) -> Path:
        return self._studio.store.folder / "cross-checks" / f"{dataset}.npz"


class _Pace:
    """Looked at before every step: waits while a run trains, reckons the time left, and hears of a cancel."""

    def __init__(self, studio: Studio, cancelled: threading.Event, tell: Callable[..., None]) -> None:
        self._studio, self._cancelled, self._tell = studio, cancelled, tell
        self._worked_s, self._since = 0.0, time.perf_counter()

    def check(self, share: float) -> bool:
        """False once the search is to end."""
        now = time.perf_counter()
        self._worked_s += now - self._since
        while not self._cancelled.is_set() and (run := self._studio.current()):
            self._tell(share=share, waits_for=run.name)
            self._studio.wait(run, 0.5)
        self._since = time.perf_counter()
        self._tell(share=share, remaining_s=self._worked_s * (1 / share - 1) if share else None)
        return not self._cancelled.is_set()
