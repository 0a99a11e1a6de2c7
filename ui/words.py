"""Figures in words that several pages use."""

from __future__ import annotations

from core.metrics import accuracy_interval, interval_text
from core.runs.snapshot import Epoch, RunSnapshot

BEST_EPOCH = (
    "The best epoch: of those whose accuracy the validation images cannot tell from the highest (its 95% interval), "
    "the one with the lowest loss. The highest accuracy alone would often be luck."
)


def score_text(run: RunSnapshot, epoch: Epoch | None = None) -> str:
    """ "99.1% (98.9-99.3)" of one of the run's epochs, else of the one that answers for it; empty before the first."""
    scored = epoch or run.served_epoch
    if scored is None:
        return ""
    return interval_text(accuracy_interval(scored.val_accuracy, run.num_validation))


def duration(seconds: float) -> str:
    """ "12 s", "3 min 20 s", "1 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
