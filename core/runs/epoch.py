"""The figures of one epoch, and which epoch of a run is the best. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.metrics import accuracy_interval


@dataclass(frozen=True)
class Epoch:
    """One row of a run's record. `epoch` counts from 1; `seconds` and `images_per_s` are training alone, without validation.

    `partial`: the run stopped before the epoch's last batch. `hand_accuracy`: share of the person's own drawings read right,
    None where they are too few.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    seconds: float
    images_per_s: float
    partial: bool = False
    hand_accuracy: float | None = None


def best_epoch(epochs: Sequence[Epoch], num_images: int) -> Epoch | None:
    """Of the epochs that `num_images` validation images cannot tell from the most accurate one, being inside its 95 % interval,
    the one with the lowest validation loss; None without epochs.

    The highest of many accuracies on few images is the luckiest rather than the best, and flatters its run: bench/which_epoch.py.
    """
    if not epochs:
        return None
    highest = max(each.val_accuracy for each in epochs)
    bar = min(highest, accuracy_interval(highest, num_images).low) if num_images else highest
    return min((each for each in epochs if each.val_accuracy >= bar), key=lambda each: (each.val_loss, -each.val_accuracy))
