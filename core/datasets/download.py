"""MNIST's download as a background job, so that a click elsewhere does not end it. Any thread may start it or look."""

from __future__ import annotations

import math
from collections.abc import Callable

from core.datasets import mnist
from core.system.background_jobs import Job, Jobs, Report

_KEY = "mnist"


class Download:
    """At most one at a time. `fetch(progress)` is `mnist.fetch`, or a stand-in with its signature."""

    def __init__(self, fetch: Callable[[Callable[[int, int], None]], None] = mnist.fetch) -> None:
        self._fetch = fetch
        self._jobs: Jobs[bool] = Jobs("digitlab-download", patience_s=math.inf)  # not abandoned when no page polls it

    def start(self) -> None:
        """Begins the download; nothing happens while it is under way."""
        self._jobs.start(_KEY, self._download, again=True)

    def look(self) -> Job[bool] | None:
        """The download job, whose words count megabytes; None before the first."""
        return self._jobs.look(_KEY)

    def wait(self, timeout_s: float) -> Job[bool] | None:
        """As `look`, once the download is over or the time is up."""
        return self._jobs.wait(_KEY, timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Ends the download and waits for its thread; False where it did not end in time."""
        return self._jobs.close(timeout_s)

    def _download(self, report: Report) -> bool:
        def progress(num_bytes: int, total_bytes: int) -> None:
            share = min(1.0, num_bytes / total_bytes) if total_bytes else 0.0
            report(share, f"{num_bytes / 1e6:.1f} of {total_bytes / 1e6:.1f} MB")

        report(0.0, "connecting")
        self._fetch(progress)
        return True
