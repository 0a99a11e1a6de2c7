"""The handle by which other threads pause, resume and stop a run."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Control:
    """One per run. Any thread may ask; the training thread looks at every batch."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False

    def pause(self) -> None:
        """The run waits before its next batch."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """A paused run goes on."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def stop(self) -> None:
        """The run ends after its current batch; a paused one wakes up to end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def stopping(self) -> bool:
        return self._stopping

    def wait_while_paused(self, on_pause: Callable[[], None], on_resume: Callable[[], None]) -> None:
        """Returns at once unless paused; else calls `on_pause`, sleeps until resumed or stopped, calls `on_resume`."""
        if not self._paused or self._stopping:
            return
        on_pause()
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or not self._paused)
        on_resume()
