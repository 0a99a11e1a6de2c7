"""Who trains now and who waits, in which order. Whoever owns it holds a lock around every call; it starts nothing itself."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot


@dataclass(frozen=True)
class QueueState:
    """The queue at one moment: the runs that train, the longest one first, and those that wait, the next one first."""

    running: tuple[RunSnapshot, ...] = ()
    waiting: tuple[RunSnapshot, ...] = ()
    at_once: int = 1

    @property
    def runs(self) -> tuple[RunSnapshot, ...]:
        """All of them, in their order."""
        return self.running + self.waiting

    def place(self, run_id: str) -> int:
        """From 1 for the run that is next; 0 where it does not wait."""
        return next((place for place, run in enumerate(self.waiting, start=1) if run.run_id == run_id), 0)


class Queue:
    """Ids of runs. `at_once` of them may train at the same time."""

    def __init__(self, at_once: int = 1) -> None:
        self.at_once = at_once
        self.running: list[str] = []
        self.waiting: list[str] = []
        self._taken: list[str] = []  # places, also of runs that have ended and whose memory is not given back yet

    def add(self, run_id: str) -> None:
        """The run waits behind all others."""
        self.waiting.append(run_id)

    def take(self) -> str | None:
        """The run whose turn it is, which trains from now on; None where none waits or all places are taken."""
        if not self.waiting or len(self._taken) >= self.at_once:
            return None
        run_id = self.waiting.pop(0)
        self.running.append(run_id)
        self._taken.append(run_id)
        return run_id

    def end(self, run_id: str) -> None:
        """A run trains no longer, but keeps its place until `free`; nothing happens to one that did not train."""
        if run_id in self.running:
            self.running.remove(run_id)

    def free(self, run_id: str) -> None:
        """The place of a run that has ended may be taken by another."""
        self.end(run_id)
        self._taken.remove(run_id)

    def leave(self, run_id: str) -> bool:
        """Takes a run that waits out of the queue; False where it does not wait."""
        if run_id not in self.waiting:
            return False
        self.waiting.remove(run_id)
        return True

    def move(self, run_id: str, place: int) -> None:
        """A run that waits gets another place, 1 for the next one; nothing happens to another, which may just have begun."""
        if self.leave(run_id):
            self.waiting.insert(max(place, 1) - 1, run_id)


def expected_starts(queue: QueueState, whole_s: Callable[[Recipe], float | None]) -> list[float | None]:
    """Seconds until each run that waits is expected to start; None where nobody can say, as behind a paused run.

    `whole_s` forecasts what a recipe takes from start to end.
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
    """Seconds until each run that waits is expected to start.

    `left_s` of those that train, `lengths_s` of those that wait, in their order; None for what nobody knows, and for whatever
    depends on it.
    """
    ends = sorted(math.inf if each is None else each for each in left_s)
    free = ends[max(0, len(ends) - at_once) :]  # where fewer are allowed than train now, the first ends start nothing
    free += [0.0] * (at_once - len(free))
    heapq.heapify(free)
    expected: list[float | None] = []
    for length_s in lengths_s:
        start = heapq.heappop(free)
        expected.append(start if math.isfinite(start) else None)
        heapq.heappush(free, start + (math.inf if length_s is None else length_s))
    return expected
