"""Work that takes seconds and that pages ask for: one thread that does one job at a time, and keeps the last few results.

Any thread may call. The thread is not at low priority: it holds the interpreter now and then, and has to get on with it then
(see `priority`). Knows nothing of what the work is.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, Protocol, TypeVar

from cachetools import LRUCache

from core.errors import DigitLabError
from core.system import memory

Result = TypeVar("Result")

_PATIENCE_S = 5.0
_log = logging.getLogger(__name__)


class Report(Protocol):
    """Work calls it now and then. Raises, and so ends the work, where the job has been cancelled or abandoned."""

    def __call__(self, share: float, doing: str, /, remaining_s: float | None = None) -> None:
        """The share that is done (0 to 1), what is being done, in words, and the seconds left, None if unknown."""


@dataclass(frozen=True, eq=False)
class Job(Generic[Result]):
    """How far a piece of work is: `share` done (0 to 1), `doing` in words, and `remaining_s`, None if unknown; once it
    is over, its `result` or an `error` sentence.
    """

    share: float = 0.0
    doing: str = "waiting for its turn"
    result: Result | None = None
    error: str = ""
    remaining_s: float | None = None

    @property
    def pending(self) -> bool:
        """Whether it is still to be done."""
        return self.result is None and not self.error


class _Cancelled(Exception):
    pass


class Jobs(Generic[Result]):
    """One lane of work; `name` is its thread's. Keeps the `num_kept` jobs that are over and were looked at last.

    A job that nobody has looked at for `patience_s` is abandoned where another waits, and for `alone_s` where none does;
    `math.inf` abandons none.
    """

    def __init__(self, name: str, *, num_kept: int = 4, patience_s: float = _PATIENCE_S, alone_s: float = math.inf) -> None:
        self.name, self._patience_s, self._alone_s = name, patience_s, alone_s
        self._changed = threading.Condition()
        self._pending: dict[Hashable, Job[Result]] = {}
        self._works: dict[Hashable, Callable[[Report], Result]] = {}  # of the pending jobs that wait
        self._looked: dict[Hashable, float] = {}  # when somebody last looked at a pending job
        self._over: LRUCache[Hashable, Job[Result]] = LRUCache(num_kept)
        self._thread: threading.Thread | None = None

    def start(self, key: Hashable, work: Callable[[Report], Result], *, again: bool = False) -> Job[Result]:
        """The job by this key; `work` is queued where there is none. With `again`, a job that is over is done anew."""
        with self._changed:
            if again:
                self._over.pop(key, None)
            if key not in self._pending and key not in self._over:
                self._pending[key] = Job()
                self._works[key] = work
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
                    self._thread.start()
            return self._seen(key)

    def look(self, key: Hashable) -> Job[Result] | None:
        """The job as it is now; None where it was never started, or was cancelled or forgotten."""
        with self._changed:
            return self._seen(key) if key in self._pending or key in self._over else None

    def pending(self) -> list[Hashable]:
        """Keys of the jobs that are still to be done, in the order of their start."""
        with self._changed:
            return list(self._pending)

    def wait(self, key: Hashable, timeout_s: float) -> Job[Result] | None:
        """As `look`, once the job is over or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._pending, timeout_s)
        return self.look(key)

    def cancel(self, key: Hashable) -> None:
        """Forgets the job; work that is under way ends at its next report."""
        with self._changed:
            self._over.pop(key, None)
            self._forget(key)
            self._changed.notify_all()

    def close(self, timeout_s: float = 10.0) -> bool:
        """Cancels all that is pending and waits for the thread; False where it did not end in time."""
        with self._changed:
            thread = self._thread
            for key in list(self._pending):
                self.cancel(key)
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def _seen(self, key: Hashable) -> Job[Result]:
        if key in self._pending:
            self._looked[key] = time.monotonic()
            return self._pending[key]
        return self._over[key]

    def _forget(self, key: Hashable) -> None:
        for kept in (self._pending, self._works, self._looked):
            kept.pop(key, None)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._works:
                    self._thread = None  # under the lock: whoever starts the next job starts a thread as well
                    break
                # The job that somebody looks at comes first: who asked for the others may have left the page.
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
                _log.exception("%s failed", self.name)
                job = Job(error=f"This could not be computed ({type(error).__name__}). The details are in the server's log.")
            self._end(key, job)
        memory.settle()

    def _report(self, key: Hashable, share: float, doing: str, /, remaining_s: float | None = None) -> None:
        with self._changed:
            unseen_s = time.monotonic() - self._looked.get(key, 0.0)
            abandoned = unseen_s > (self._patience_s if self._works else self._alone_s)
            if key not in self._pending or key in self._works or abandoned:
                raise _Cancelled
            self._pending[key] = replace(self._pending[key], share=share, doing=doing, remaining_s=remaining_s)

    def _end(self, key: Hashable, job: Job[Result] | None) -> None:
        with self._changed:
            if key not in self._works:  # else cancelled and asked for again meanwhile: the new one stays
                if job and key in self._pending:
                    self._over[key] = job
                self._forget(key)
            self._changed.notify_all()
