"""What a run measures of its own training: seconds of work, and the means over its batches. On the training thread."""

from __future__ import annotations

import time


class ActiveClock:
    """Seconds of work, counted on from `before_s`. Stands still while the run is paused."""

    def __init__(self, before_s: float = 0.0) -> None:
        self._since: float | None = time.perf_counter()
        self._before = before_s

    def read(self) -> float:
        """Seconds of work so far."""
        return self._before + (time.perf_counter() - self._since if self._since is not None else 0.0)

    def pause(self) -> None:
        """The clock stands still from now on."""
        self._before, self._since = self.read(), None

    def resume(self) -> None:
        """The clock runs again."""
        self._since = time.perf_counter()


class BatchMeans:
    """Mean loss and accuracy, and speed, of the batches since `since_s` on the run's clock."""

    def __init__(self, since_s: float) -> None:
        self.since_s = since_s
        self.num_batches, self._num_images = 0, 0
        self._loss = self._accuracy = 0.0

    def add(self, loss: float, accuracy: float, num_images: int) -> None:
        """Counts one batch, with its mean loss and its share of images read right."""
        self.num_batches += 1
        self._num_images += num_images
        self._loss += num_images * loss
        self._accuracy += num_images * accuracy

    def means(self) -> dict[str, float]:
        """`loss` and `accuracy`. Each image has the same weight, also those of an epoch's last batch, which may be smaller."""
        return {"loss": self._loss / self._num_images, "accuracy": self._accuracy / self._num_images}

    def images_per_s(self, now_s: float) -> float:
        """Images per second of work, up to `now_s` on the run's clock."""
        return self._num_images / max(now_s - self.since_s, 1e-9)
