"""Each network's cut-off, measured on a background thread when somebody first draws for it, and kept.

Pages on any thread ask; nobody waits: the answer is None until it is there.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np

from core import redrawing, refusal
from core.errors import DigitLabError
from core.predictor import Predictor
from core.refusal import Refusal, Seen
from core.training.snapshot import RunSnapshot
from core.warmup import warm_up

_log = logging.getLogger(__name__)
_NUM_KEPT = 16
_Key = tuple[str, int]


class Refusals:
    """Cut-offs by run and epoch; `folder` takes the drawings that they are measured on."""

    def __init__(self, predictor: Predictor, folder: Path) -> None:
        self._predictor = predictor
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, Refusal | None] = OrderedDict()
        self._thread: threading.Thread | None = None

    def get(self, run: RunSnapshot, epoch: int) -> Refusal | None:
        """What refuses for `run` after `epoch`; None while that is measured, which this starts, or where it cannot be."""
        with self._lock:
            key = (run.run_id, epoch)
            if key in self._kept or self._thread is not None:  # one at a time: the pages need the processor as well
                return self._kept.get(key)
            self._thread = threading.Thread(target=self._work, args=(run, epoch), name="digitlab-refusals", daemon=True)
            self._thread.start()
            return None

    def pending(self, run: RunSnapshot, epoch: int) -> bool:
        """Whether it is worth asking again soon."""
        return (run.run_id, epoch) not in self._kept

    def wait(self, timeout_s: float) -> None:
        """Until what is being measured now is there."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def seen(self, run: RunSnapshot, epoch: int, images: np.ndarray) -> Seen:
        """`images` (n, 28, 28) float32 as the run's network sees them. Raises RunMissing."""
        return seen(self._predictor, run, epoch, images)

    def _work(self, run: RunSnapshot, epoch: int) -> None:
        found = None
        warm_up()  # first: two threads that import TensorFlow at once find it half there
        try:
            found = measure(self._predictor, run, epoch, self._folder)
        except (DigitLabError, OSError) as error:
            _log.warning("no cut-off for epoch %s of %s: %s", epoch, run.name, error)
        except Exception:
            _log.exception("no cut-off for epoch %s of %s", epoch, run.name)
        with self._lock:
            self._kept[run.run_id, epoch] = found
            self._thread = None
            while len(self._kept) > _NUM_KEPT:
                self._kept.popitem(last=False)


def measure(predictor: Predictor, run: RunSnapshot, epoch: int, folder: Path) -> Refusal:
    """The cut-off for the weights of `run` after `epoch`. Raises RunMissing, DataError or PredictionError."""
    parts = []
    for drawings in (redrawing.to_fit_on(folder), redrawing.held_out(run.recipe, folder)):
        digits, others = (seen(predictor, run, epoch, images) for images in (drawings.digits, drawings.others))
        parts.append((drawings, digits, others))
    return refusal.measured(*parts)


def seen(predictor: Predictor, run: RunSnapshot, epoch: int, images: np.ndarray) -> Seen:
    """`images` (n, 28, 28) float32 as the network of `run` after `epoch` sees them. Raises RunMissing."""
    features = predictor.features(run, images, epoch=epoch)
    kernel, bias = predictor.last_layer(run, epoch=epoch)
    return Seen(images, features, features @ kernel + bias)
