"""One drawing as every epoch of a run would have read it: the weights of each are loaded in turn into a model of its own.

Any thread may call this, one at a time gets its turn; answers that were asked for lately are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import RunMissing
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.store import Store

MOST_EPOCHS = 60  # a river of more could not be told from this one
_NUM_KEPT = 32

_Key = tuple[str, int, bytes]


@dataclass(frozen=True, eq=False)
class River:
    """`probabilities` (m, 10) of one drawing after each of `epochs` (m,), oldest first; epochs whose weights are gone are left
    out."""

    epochs: np.ndarray
    probabilities: np.ndarray

    @property
    def settled(self) -> int:
        """The first of the epochs from which on the answer stayed the one that the last gives."""
        read = self.probabilities.argmax(axis=1)
        others = np.flatnonzero(read != read[-1])
        return int(self.epochs[others[-1] + 1 if len(others) else 0])


class Hindsight:
    """Keeps one network of its own, for its weights change all the time, and the last few rivers."""

    def __init__(self, store: Store) -> None:
        self._predictor = Predictor(store, num_models=1)
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, River] = OrderedDict()

    def river(self, run: RunSnapshot, image: np.ndarray, *, progress: Callable[[float], None] = lambda share: None) -> River:
        """What each epoch of `run` makes of `image` (28, 28) float32 in [0, 1]; of many epochs, 60 evenly spaced.

        `progress` is told the share that is done, 0 to 1. Raises RunMissing where no weights are there at all.
        """
        with self._lock:
            key = _key(run, image)
            if key not in self._kept:
                self._kept[key] = self._made(run, image, progress)
                while len(self._kept) > _NUM_KEPT:
                    self._kept.popitem(last=False)
            return self._kept[key]

    def _made(self, run: RunSnapshot, image: np.ndarray, progress: Callable[[float], None]) -> River:
        epochs, rows = [], []
        wanted = spaced([each.epoch for each in run.epochs])
        for place, epoch in enumerate(wanted):
            progress(place / len(wanted))
            try:
                rows.append(self._predictor.probabilities(run, image[None], epoch=epoch)[0])
            except RunMissing:
                continue
            epochs.append(epoch)
        if not epochs:
            raise RunMissing(f"The weights of all epochs of {run.name} are gone. Choose another run.")
        return River(np.array(epochs), np.stack(rows))


def spaced(epochs: list[int]) -> list[int]:
    """At most 60 of them, evenly spaced, the first and the last among them."""
    places = np.linspace(0, len(epochs) - 1, min(len(epochs), MOST_EPOCHS)).round().astype(int)
    return [epochs[place] for place in places]


def _key(run: RunSnapshot, image: np.ndarray) -> _Key:
    return run.run_id, len(run.epochs), np.asarray(image, np.float32).tobytes()
