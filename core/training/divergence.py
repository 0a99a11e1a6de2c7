"""When a run has diverged, and the sentence that says so. No TensorFlow."""

from __future__ import annotations

import math
from collections import deque

from core.constants import NUM_CLASSES

# Guessing, a probability of 0.1 for every digit, has a cross-entropy of ln 10 = 2.3. A network that is twice as bad in each of
# 30 batches in a row, and no better than at its start, has diverged. A few bad batches are normal, and a small network with much
# dropout may start far above and take a hundred batches to come down.
_GUESSING = math.log(NUM_CLASSES)
_TOO_BAD, _NUM_BATCHES = 2 * _GUESSING, 30
_NUM_COMPARED = _NUM_BATCHES // 2  # of the last ones, with as many of the first


class Watch:
    """Watches the loss of each batch. One per run, on the training thread."""

    def __init__(self) -> None:
        self._first: list[float] = []
        self._last: deque[float] = deque(maxlen=_NUM_BATCHES)

    def trouble(self, loss: float) -> str:
        """What is wrong after a batch with this mean loss, in words; empty if nothing is."""
        if not math.isfinite(loss):
            return "The loss stopped being a number"
        self._last.append(loss)
        if len(self._first) < _NUM_COMPARED:
            self._first.append(self._last[-1])
        if len(self._last) == _NUM_BATCHES and min(self._last) > _TOO_BAD and not self._came_down():
            return f"For {_NUM_BATCHES} batches the loss was above {_TOO_BAD:.1f}, twice that of guessing,"
        return ""

    def _came_down(self) -> bool:
        return sum(list(self._last)[-_NUM_COMPARED:]) < sum(self._first)


def sentence(trouble: str, *, epoch: int, batch: int, rate: float, batch_norm: bool) -> str:
    """What happened, where, why, and what to try. `batch_norm`: whether the network already uses it."""
    other_way = "" if batch_norm else ", or switch batch normalisation on"
    return (
        f"{trouble} in epoch {epoch}, batch {batch}, at a learning rate of {rate:.2g}: the steps were "
        f"too large and the weights grew without bound. Try a learning rate of {rate / 3:.1g}{other_way}."
    )
