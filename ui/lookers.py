"""How many browsers look, again and again, at what trains: the more, the rarer each of them may."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

import streamlit as st

_GONE_S = 20.0  # a browser that has not looked for so long is closed, or asleep
_VISIT = "visit"


class Lookers:
    """Thread-safe. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._last: dict[str, float] = {}

    def look(self, visit: str) -> int:
        """Notes a look of this visit; gives how many visits have looked of late, this one included."""
        now = self._clock()
        with self._lock:
            self._last[visit] = now
            self._last = {visit: at for visit, at in self._last.items() if now - at <= _GONE_S}
            return len(self._last)


_LOOKERS = Lookers()


def look() -> int:
    """Notes a look of the browser that the calling script runs for; gives how many look."""
    return _LOOKERS.look(st.session_state.setdefault(_VISIT, uuid4().hex))
