"""Which runs train and which wait, in what order. Its owner holds a lock around every call; it starts nothing itself."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot


@dataclass(frozen=True)
class QueueState:
    """The queue at one moment: the runs that train, in the order of their start, and those that wait, the next one first."""

    running: tuple[RunSnapshot, ...] = ()
    waiting: tuple[RunSnapshot, ...] = ()
    at_once: int = 1

    @property
    def runs(self) -> tuple[RunSnapshot, ...]:
        """All runs, in this order."""
        return self.running + self.waiting

    def place(self, run_id: str) -> int:
        """The run's place among those that wait, from 1; 0 if it does not wait."""
        return next((place for place, run in enumerate(self.waiting, start=1) if run.run_id == run_id), 0)


class Queue:
    """Ids of runs. `at_once` of them may train at the same time."""

    def __init__(self, at_once: int = 1) -> None:
        self.at_once = at_once
        self.running: list[str] = []
        self.waiting: list[str] = []
        self._taken: list[str] = []  # places, also of ended runs whose memory is not freed yet

    def add(self, run_id: str) -> None:
        """Adds a run behind all others."""
        self.waiting.append(run_id)

    def take(self) -> str | None:
        """Takes the next run, which trains from now on; None if none waits or all places are taken."""
        if not self.waiting or len(self._taken) >= self.at_once:
            return None
        run_id = self.waiting.pop(0)
        self.running.append(run_id)
        self._taken.append(run_id)
        return run_id

    def end(self, run_id: str) -> None:
        """The run has ended, but keeps its place until `free`. No effect on a run that does not train."""
        if run_id in self.running:
            self.running.remove(run_id)

    def free(self, run_id: str) -> None:
        """Frees the place of a run that has ended."""
        self.end(run_id)
        self._taken.remove(run_id)

    def leave(self, run_id: str) -> bool:
        """Takes a waiting run out of the queue; False if it does not wait."""
        if run_id not in self.waiting:
            return False
        self.waiting.remove(run_id)
        return True

    def move(self, run_id: str, place: int) -> None:
        """Moves a waiting run to `place`, from 1. No effect on another run: it may have just begun."""
        if self.leave(run_id):
            self.waiting.insert(max(place, 1) - 1, run_id)


def expected_starts(queue: QueueState, whole_s: Callable[[Recipe], float | None]) -> list[float | None]:
    """Seconds until each waiting run is expected to start; None if unknown, as behind a paused run.

    `whole_s` forecasts the seconds that a recipe takes from start to end.
    """

    def left_s(run: RunSnapshot) -> float | None:
        if run.state == "paused":
            return None
        if run.remaining_s is not None and run.state != "queued":
            return run.remaining_s
        whole = whole_s(run.recipe)
        return None if whole is None else whole * (1 - len(run.epochs) / run.recipe.epochs)

    return starts([left_s(run) for run in queue.running], [left_s(run) for run in queue.waiting], queue.at_once)


def starts(left_s: Sequence[float | None], lengths_s: Sequence[float | None], at_once: int) -> list[float | None]:
    """Seconds until each waiting run is expected to start.

    `left_s` of the runs that train, `lengths_s` of those that wait, in order; None for what is unknown and what depends on it.
    """
    ends = sorted(math.inf if each is None else each for each in left_s)
    free = ends[max(0, len(ends) - at_once) :]  # if fewer are allowed than train now, the first to end start nothing
    free += [0.0] * (at_once - len(free))
    heapq.heapify(free)
    expected: list[float | None] = []
    for length_s in lengths_s:
        start = heapq.heappop(free)
        expected.append(start if math.isfinite(start) else None)
        heapq.heappush(free, start + (math.inf if length_s is None else length_s))
    return expected
