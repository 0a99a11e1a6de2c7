"""The pace of background work that gives way to every run that trains. On the thread that works."""

from __future__ import annotations

import time

from core.system.background_jobs import Report
from core.training.studio import Studio


class Pace:
    """`check` is called before each piece of work: it waits while a run trains, and reports the seconds left at the pace so far,
    waiting left out.
    """

    def __init__(self, studio: Studio, report: Report) -> None:
        self._studio, self._report = studio, report
        self._worked_s, self._since = 0.0, time.perf_counter()

    def check(self, share: float, doing: str = "training") -> None:
        """Raises if the work is to end."""
        self._worked_s += time.perf_counter() - self._since
        while run := self._studio.current():
            self._report(share, f"waits while {run.name} trains")
            self._studio.wait(run, 0.5)
        self._since = time.perf_counter()
        self._report(share, doing, self._worked_s * (1 / share - 1) if share else None)
