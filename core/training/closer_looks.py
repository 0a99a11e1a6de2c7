"""Closer looks at data sets, in the background: they give way to every run that trains. Any thread may start one and ask how far
it is. No TensorFlow before a look begins.

What was found is kept in `closer-looks/<data set>-<starter network>.npz` of the data folder: the same data would give it again.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cachetools import LRUCache

from core import datasets
from core.datasets import Dataset, mnist
from core.evaluation import closer_look
from core.evaluation.closer_look import Check, CloserLook
from core.network.predictor import Predictor
from core.store import starter
from core.system import files
from core.system.background_jobs import Job, Jobs, Report
from core.training.pace import Pace
from core.training.studio import Studio

_AT_ONCE_S = 3.0  # a look that takes no longer begins by itself
_EDITION = 1  # another number for each change of what is looked for, or of a threshold

Work = Callable[[Dataset, Check], CloserLook]


class CloserLooks:
    """One look at a time. `work` is `closer_look.look` with the starter network, or a stand-in."""

    def __init__(self, studio: Studio, predictor: Predictor, work: Work | None = None) -> None:
        self._studio = studio
        self._work = work or partial(closer_look.look, store=studio.store, predictor=predictor)
        # A look goes on even if nobody looks at the page.
        self.jobs: Jobs[CloserLook] = Jobs("digitlab-closer-look", num_kept=8, patience_s=math.inf)
        self._kept: LRUCache[Path, CloserLook] = LRUCache(8)
        self._lock = threading.Lock()

    def start(self, dataset: str) -> Job[CloserLook]:
        """Starts a look at the data set, after those that were asked for before; no effect where one is under way. Raises
        DataError if the data set is not at hand.
        """
        loaded = datasets.load(dataset)
        return self.jobs.start(dataset, partial(self._look, loaded), again=True)

    def cancel(self, dataset: str) -> None:
        """Ends the look after its current step; nothing of it is kept."""
        self.jobs.cancel(dataset)

    def job(self, dataset: str) -> Job[CloserLook] | None:
        """How far the look at the data set is; None where none was asked for, or it was cancelled."""
        return self.jobs.look(dataset)

    def found(self, dataset: str) -> CloserLook | None:
        """What a look found; None before one, and where it could not compare with MNIST's test images, which now are at hand."""
        path = self._path(dataset)
        with self._lock:
            if path not in self._kept:
                try:
                    self._kept[path] = CloserLook.from_arrays(
                        files.load_arrays(path, *closer_look.SHAPES, shapes=closer_look.SHAPES)
                    )
                except (FileNotFoundError, files.DamagedFile):
                    return None
            kept = self._kept[path]
        return kept if kept.knows_test or not mnist.available() else None

    def close(self, timeout_s: float = 10.0) -> bool:
        """Ends what is under way and waits for the thread; False if it did not end in time."""
        return self.jobs.close(timeout_s)

    def _look(self, dataset: Dataset, report: Report) -> CloserLook:
        pace = Pace(self._studio, report)
        pace.check(0.0, "starting")
        found = self._work(dataset, pace.check)
        path = self._path(dataset.name)
        files.save_arrays(path, **found.arrays())
        with self._lock:
            self._kept[path] = found
        return found

    def _path(self, dataset: str) -> Path:
        called = "-".join(filter(None, (dataset, starter.edition(), str(_EDITION))))
        return self._studio.store.folder / "closer-looks" / f"{called}.npz"


def begins_by_itself(num_images: int) -> bool:
    """Whether a look at so many images is short enough to begin unasked."""
    return closer_look.expected_s(num_images) <= _AT_ONCE_S
