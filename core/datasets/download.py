"""MNIST's download on a thread of its own, so that a click elsewhere does not end it. Any page may look."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.datasets import mnist
from core.errors import DataError


@dataclass(frozen=True)
class Progress:
    """How far a download is; `message` is a sentence once it has failed."""

    running: bool = False
    num_bytes: int = 0
    total_bytes: int = 0
    message: str = ""

    @property
    def share(self) -> float:
        """Done, from 0 to 1."""
        return min(1.0, self.num_bytes / self.total_bytes) if self.total_bytes else 0.0


class Download:
    """At most one at a time; `progress` may be read by any thread."""

    def __init__(self, fetch: Callable[[Callable[[int, int], None]], None] = mnist.fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self.progress = Progress()
        self.ended = threading.Event()

    def start(self) -> None:
        """Begins the download; a second press while it runs does nothing."""
        with self._lock:
            if self.progress.running:
                return
            self.progress = Progress(running=True)
            self.ended.clear()
        threading.Thread(target=self._run, name="digitlab-download", daemon=True).start()

    def _run(self) -> None:
        message = ""
        try:
            self._fetch(self._note)
        except DataError as error:
            message = str(error)
        finally:
            self.progress = replace(self.progress, running=False, message=message)
            self.ended.set()

    def _note(self, num_bytes: int, total_bytes: int) -> None:
        self.progress = replace(self.progress, num_bytes=num_bytes, total_bytes=total_bytes)
