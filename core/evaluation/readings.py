"""What networks read in a person's drawings, each drawing read once per network. Any thread may call."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np

from core.drawing.labelled import Hand
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot

_NUM_NETWORKS = 32  # whose readings are kept


class Readings:
    """What each network reads in each drawing."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], dict[str, int]] = OrderedDict()

    def known(self, run: RunSnapshot, epoch: int, hand: Hand) -> np.ndarray | None:
        """(n,) the digits that the weights after `epoch` read, where each drawing was read before; else None."""
        with self._lock:
            kept = self._kept.get((run.run_id, epoch), {})
            found = [kept.get(digest, -1) for digest in hand.digests]
        return None if -1 in found else np.array(found, np.int64)

    def read(self, run: RunSnapshot, epoch: int, hand: Hand) -> np.ndarray:
        """The same, reading those that are new in one batch. Raises RunMissing where the weights are gone."""
        with self._lock:
            kept = dict(self._kept.get((run.run_id, epoch), {}))
        new = hand.without(kept)
        if len(new):
            answers = self._predictor.probabilities(run, new.images / np.float32(255), epoch=epoch).argmax(axis=1)
            kept |= dict(zip(new.digests, answers.tolist(), strict=True))
        with self._lock:
            self._kept[run.run_id, epoch] = kept
            self._kept.move_to_end((run.run_id, epoch))
            while len(self._kept) > _NUM_NETWORKS:
                self._kept.popitem(last=False)
        return np.array([kept[digest] for digest in hand.digests], np.int64)
