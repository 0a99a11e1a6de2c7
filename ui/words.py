"""Figures in words that several pages use."""

from __future__ import annotations

from core.metrics import accuracy_interval, interval_text
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot

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


def why_best(run: RunSnapshot) -> str:
    """Why the best epoch is not the one of highest accuracy; empty where it is."""
    best, highest = run.best_epoch, _luckiest(run)
    if not best or not highest:
        return ""
    more = f"Epoch {highest.epoch} reads {score_text(run, highest)}: more, but within chance, and its loss is higher."
    return f"The best epoch is {best.epoch}. {more}"


def why_best_in_short(run: RunSnapshot) -> str:
    """ " (epoch 4: 98.3%, within chance)", where an epoch reads more than the best one does."""
    highest = _luckiest(run)
    return f" (epoch {highest.epoch}: {highest.val_accuracy:.1%}, within chance)" if highest else ""


def _luckiest(run: RunSnapshot) -> Epoch | None:
    """The epoch of highest accuracy where that is not the best one."""
    highest = max(run.epochs, key=lambda each: each.val_accuracy, default=None)
    best = run.best_epoch
    return highest if best and highest and highest.val_accuracy > best.val_accuracy else None


def duration(seconds: float) -> str:
    """ "12 s", "3 min 20 s", "1 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
