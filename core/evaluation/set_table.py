"""Runs by data sets: what a cell of the table says, and the table as CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from core.store import SetScore

_COLUMNS = (
    "run",
    "epoch",
    "set",
    "images",
    "in training data",
    "in validation part",
    "counted",
    "right",
    "accuracy",
    "low",
    "high",
)
# What is said of a score behind its interval -> what that means.
LEGEND = {
    "seen": "all of the images were in its training data: how well it remembers, not how well it reads",
    "seen in part": "some of the images were in its training data, and are left out of the figure",
    "own": "its validation images are among them, by which its best epoch was chosen",
    "unknown": "its training images are not at hand, so nobody can tell whether these were among them",
}


@dataclass(frozen=True)
class Line:
    """A run by its best epoch, and its score on each data set of the table, None where it has none yet."""

    run_id: str
    name: str
    epoch: int
    scores: tuple[SetScore | None, ...]


def remarks(score: SetScore) -> list[str]:
    """What of LEGEND holds for a score; nothing for images that are all new to the run."""
    if not score.told:
        return ["unknown"]
    seen = ["seen" if score.all_trained else "seen in part"] if score.num_trained else []
    return [*seen, "own"] if score.num_chosen else seen


def as_csv(lines: Sequence[Line], titles: Sequence[str]) -> str:
    """One row for each score; `titles` are those of the data sets. Accuracies are shares, with their 95 % interval."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in lines:
        for title, score in zip(titles, line.scores, strict=True):
            if score:
                seen = (score.num_trained, score.num_chosen) if score.told else ("unknown", "unknown")
                at = score.accuracy
                shares = (f"{share:.6f}" for share in (at.share, at.low, at.high))
                counts = (score.num_images, *seen, score.num_counted, score.num_counted_right)
                writer.writerow((line.name, line.epoch, title, *counts, *shares))
    return out.getvalue()
