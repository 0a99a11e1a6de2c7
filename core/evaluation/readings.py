"""The digits that networks read in a person's drawings; each drawing is read once per network. Any thread may call it."""

from __future__ import annotations

import threading

import numpy as np
from cachetools import LRUCache

from core.drawing.labelled import Hand
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot

_NUM_NETWORKS = 32  # runs and epochs whose readings are kept


class Readings:
    """The digit that each network reads in each drawing."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, int], dict[str, int]] = LRUCache(_NUM_NETWORKS)

    def known(self, run: RunSnapshot, epoch: int, hand: Hand) -> np.ndarray | None:
        """(n,) the digits that the weights after `epoch` read; None unless all drawings were read before."""
        with self._lock:
            kept = self._kept.get((run.run_id, epoch), {})
            found = [kept.get(digest, -1) for digest in hand.digests]
        return None if -1 in found else np.array(found, np.int64)

    def read(self, run: RunSnapshot, epoch: int, hand: Hand) -> np.ndarray:
        """(n,) the same digits, reading new drawings in one batch. Raises RunMissing where the weights are missing."""
        with self._lock:
            kept = dict(self._kept.get((run.run_id, epoch), {}))
        new = hand.without(kept)
        if len(new):
            answers = self._predictor.probabilities(run, new.images / np.float32(255), epoch=epoch).argmax(axis=1)
            kept |= dict(zip(new.digests, answers.tolist(), strict=True))
        with self._lock:
            self._kept[run.run_id, epoch] = kept | self._kept.get((run.run_id, epoch), {})
        return np.array([kept[digest] for digest in hand.digests], np.int64)

    def add(self, run: RunSnapshot, epoch: int, digest: str, digit: int) -> None:
        """Records the `digit` that the weights after `epoch` have read in the drawing of that digest."""
        with self._lock:
            self._kept[run.run_id, epoch] = self._kept.get((run.run_id, epoch), {}) | {digest: digit}
