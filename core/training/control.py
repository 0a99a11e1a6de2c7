"""The handle by which other threads pause, resume and stop a run."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.errors import RecipeError

# Multipliers of the learning rate, about evenly spaced on a logarithmic scale.
FACTORS = (
    0.1,
    0.15,
    0.2,
    0.3,
    0.5,
    0.7,
    1.0,
    1.5,
    2.0,
    3.0,
    5.0,
    7.0,
    10.0,
)


class Control:
    """One per run. Any thread may make a request; the training thread looks for it about five times a second."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False
        self._rate: float | None = None

    def pause(self) -> None:
        """The run waits before its next steps."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """A paused run continues."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def stop(self) -> None:
        """The run ends after its current steps; a paused one wakes up and ends."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def set_rate(self, factor: float) -> None:
        """The run takes its next steps with `factor` times its schedule's learning rate. Raises RecipeError out of bounds."""
        low, high = FACTORS[0], FACTORS[-1]
        if not low <= factor <= high:
            raise RecipeError(f"The learning rate's multiplier is {factor:g}; it must be a number from {low:g} to {high:g}.")
        with self._changed:
            self._rate = factor

    def take_rate(self) -> float | None:
        """The multiplier that was set since the last call, None if there was none. On the training thread."""
        with self._changed:
            factor, self._rate = self._rate, None
            return factor

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def stopping(self) -> bool:
        return self._stopping

    def wait_for_stop(self, timeout_s: float) -> None:
        """Sleeps so long at most, and not after a stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, timeout_s)

    def wait_while_paused(self, on_pause: Callable[[], None], on_resume: Callable[[], None]) -> None:
        """Returns at once unless paused; else calls `on_pause`, sleeps until resumed or stopped, calls `on_resume`."""
        if not self._paused or self._stopping:
            return
        on_pause()
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or not self._paused)
        on_resume()
