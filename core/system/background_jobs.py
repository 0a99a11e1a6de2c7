"""Work that takes seconds and that pages ask for: one thread that does one piece at a time, and keeps the last few results.

Any thread may call. The thread is not at low priority: it holds the interpreter now and then, and has to get on with it then
(see `priority`). Knows nothing of what the work is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from core.errors import DigitLabError
from core.system import memory

Result = TypeVar("Result")
Report = Callable[[float, str], None]  # share done (0 to 1) and what is being done; raises where the work has been cancelled

_PATIENCE_S = 5.0  # work that nobody has looked at for so long makes room for whatever waits
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Job(Generic[Result]):
    """How far a piece of work is: `share` done (0 to 1), and `doing` in words; once over, its `result` or an `error` sentence."""

    share: float = 0.0
    doing: str = "waiting for its turn"
    result: Result | None = None
    error: str = ""

    @property
    def pending(self) -> bool:
        """Whether it is still to be done."""
        return self.result is None and not self.error


class _Cancelled(Exception):
    pass


class Jobs(Generic[Result]):
    """One lane of work. Keeps the last `num_kept` jobs that are over, oldest look first to go; `name` is its thread's."""

    def __init__(self, name: str, *, num_kept: int = 4) -> None:
        self.name, self._num_kept = name, num_kept
        self._changed = threading.Condition()
        self._jobs: OrderedDict[Hashable, Job[Result]] = OrderedDict()
        self._works: OrderedDict[Hashable, Callable[[Report], Result]] = OrderedDict()  # waiting, oldest first
        self._looked: dict[Hashable, float] = {}
        self._thread: threading.Thread | None = None

    def start(self, key: Hashable, work: Callable[[Report], Result]) -> Job[Result]:
        """The job by this key; `work` is queued where there is none."""
        with self._changed:
            if key not in self._jobs:
                self._jobs[key] = Job()
                self._works[key] = work
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
                    self._thread.start()
            return self._seen(key)

    def look(self, key: Hashable) -> Job[Result] | None:
        """The job as it is now; None where it was never started, or was cancelled or forgotten."""
        with self._changed:
            return self._seen(key) if key in self._jobs else None

    def wait(self, key: Hashable, timeout_s: float) -> Job[Result] | None:
        """As `look`, once the job is over or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._jobs or not self._jobs[key].pending, timeout_s)
        return self.look(key)

    def cancel(self, key: Hashable) -> None:
        """Forgets the job; work that is under way ends at its next report."""
        with self._changed:
            self._forget(key)
            self._changed.notify_all()

    def close(self, timeout_s: float) -> bool:
        """Forgets every job and waits for the thread; False where its work did not end in time."""
        with self._changed:
            for key in list(self._jobs):
                self._forget(key)
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def _seen(self, key: Hashable) -> Job[Result]:
        self._looked[key] = time.monotonic()
        self._jobs.move_to_end(key)
        return self._jobs[key]

    def _forget(self, key: Hashable) -> None:
        for kept in (self._jobs, self._works, self._looked):
            kept.pop(key, None)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._works:
                    self._thread = None  # under the lock: whoever starts the next job starts a thread as well
                    break
                # Whoever looks now comes first: the others may have left their page.
                key = max(self._works, key=lambda each: self._looked[each])
                work = self._works.pop(key)
            job: Job[Result] | None
            try:
                job = Job(share=1.0, doing="", result=work(partial(self._report, key)))
            except _Cancelled:
                job = None
            except DigitLabError as error:
                job = Job(error=str(error))
            except Exception as error:
                _log.exception("%s broke off", self.name)
                job = Job(error=f"This could not be computed ({type(error).__name__}). The details are in the server's log.")
            self._end(key, job)
        memory.settle()

    def _report(self, key: Hashable, share: float, doing: str) -> None:
        with self._changed:
            forsaken = bool(self._works) and time.monotonic() - self._looked.get(key, 0.0) > _PATIENCE_S
            if key not in self._jobs or key in self._works or forsaken:
                raise _Cancelled
            self._jobs[key] = replace(self._jobs[key], share=share, doing=doing)

    def _end(self, key: Hashable, job: Job[Result] | None) -> None:
        with self._changed:
            if job is None:
                if key not in self._works:  # cancelled and asked for again meanwhile: that one stays
                    self._forget(key)
            elif key in self._jobs and key not in self._works:
                self._jobs[key] = job
            over = [each for each, kept in self._jobs.items() if not kept.pending]
            for each in over[: -self._num_kept]:
                self._forget(each)
            self._changed.notify_all()
