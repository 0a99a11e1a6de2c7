"""What kinds of mistakes a run makes: sorts the images it reads wrong into three classes. Pure functions of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.metrics import Interval, wilson

LABEL_FAULT, AMBIGUOUS, PLAINLY_WRONG = KINDS = ("probable label fault", "ambiguous", "plainly wrong")
NUM_EPOCHS = 3  # the last epochs that are asked where no other run can be


@dataclass(frozen=True, eq=False)
class Kind:
    """One class of misread images: `rows` of the validation part; `share` of all misread ones, with its interval."""

    name: str
    rows: np.ndarray
    share: Interval


def error_budget(
    labels: np.ndarray, predicted: np.ndarray, *, suspected: np.ndarray, others: Sequence[np.ndarray]
) -> tuple[Kind, ...]:
    """The misread images of (n,) `labels` and `predicted`, one Kind for each of KINDS; every one is in exactly one.

    `suspected` (n,) bool marks labels that are probably wrong, see `suspected_rows`. `others` are (n,) answers of other runs or
    epochs: an image is ambiguous where any of them differs from `predicted`. The rest is plainly wrong.
    """
    misread = predicted != labels
    disagreed = np.zeros(len(labels), bool)
    for answers in others:
        disagreed |= answers != predicted
    classes = (misread & suspected, misread & ~suspected & disagreed, misread & ~suspected & ~disagreed)
    num_misread = int(misread.sum())
    return tuple(
        Kind(name, np.flatnonzero(members), wilson(int(members.sum()), num_misread))
        for name, members in zip(KINDS, classes, strict=True)
    )


def suspected_rows(num_images: int, *, suspects: np.ndarray, faults: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """(num_images,) bool: labels judged a fault, and suspects that were not judged fine. All three hold rows."""
    suspected = np.zeros(num_images, bool)
    suspected[suspects] = True
    suspected[fine] = False
    suspected[faults] = True
    return suspected
