"""Checks of a data set before training: size, range, missing values, balance, duplicates.

0.3 s for 60,000 images. Any thread may call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.datasets.dataset import Dataset

_FEW = 0.2  # a digit with less than this part of an even share is learned badly and hardly counts in the accuracy


@dataclass(frozen=True)
class DatasetReport:
    """Figures about `rows` images. `low` to `high` is the range of their pixels, `mean` the average.

    `duplicates` are images equal to an earlier one, pixel for pixel; `conflicting` are pictures that occur with more than one
    label. `counts` has one number per digit, 0 to 9.
    """

    rows: int
    missing_pixels: int
    missing_labels: int
    low: int
    high: int
    mean: float
    dtype: str
    counts: tuple[int, ...]
    duplicates: int
    conflicting: int


def report(dataset: Dataset) -> DatasetReport:
    """Everything that can be counted without a network."""
    images, labels = dataset.images, dataset.labels
    labels_of: dict[bytes, set[int]] = {}  # exact, and quicker than sorting the pictures
    for image, label in zip(images.reshape(len(images), -1), labels.tolist(), strict=True):
        labels_of.setdefault(image.tobytes(), set()).add(label)
    return DatasetReport(
        rows=len(images),
        missing_pixels=_num_missing(images),
        missing_labels=_num_missing(labels),
        low=int(images.min(initial=255)),
        high=int(images.max(initial=0)),
        mean=float(images.mean()) if images.size else 0.0,
        dtype=str(images.dtype),
        counts=tuple(np.bincount(labels, minlength=NUM_CLASSES).tolist()),
        duplicates=len(images) - len(labels_of),
        conflicting=sum(len(each) > 1 for each in labels_of.values()),
    )


def summary(report: DatasetReport) -> str:
    """The report in one line: "42,000 images, 28 x 28, no missing values, pixels from 0 to 255, 0 duplicates"."""
    missing = report.missing_pixels + report.missing_labels
    return (
        f"{report.rows:,} images, {SIDE_PX} x {SIDE_PX}, {f'{missing:,}' if missing else 'no'} missing values, "
        f"pixels from {report.low} to {report.high}, {_count(report.duplicates, 'duplicate')}"
    )


def warnings(report: DatasetReport) -> list[str]:
    """A sentence for each thing that will show in the result. Empty for MNIST."""
    found = []
    for digit, count in enumerate(report.counts):
        if count == 0:
            found.append(f"There is no image of the digit {digit}: the network cannot learn it.")
        elif count < _FEW * report.rows / NUM_CLASSES:
            found.append(f"The digit {digit} has only {_count(count, 'image')} of {report.rows:,}: expect it to be read badly.")
    if report.duplicates:
        verb = "repeats" if report.duplicates == 1 else "repeat"
        found.append(
            f"{_count(report.duplicates, 'image')} {verb} an earlier one exactly. Copies that fall into both parts of the split "
            "flatter the validation score."
        )
    if report.conflicting:
        verb = "occurs" if report.conflicting == 1 else "occur"
        found.append(f"{_count(report.conflicting, 'picture')} {verb} with more than one label, and only one can be right.")
    if report.high < 128:
        found.append(f"The brightest pixel is {report.high}, not near 255: the values may have been divided already.")
    elif report.mean > 127.5:
        found.append("The pictures are mostly bright. Digits are expected bright on black: these may be inverted.")
    return found


def _num_missing(array: np.ndarray) -> int:
    # Whole numbers cannot be missing: the reader of a file rejects a gap, with row and column.
    return int(np.isnan(array).sum()) if array.dtype.kind == "f" else 0


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
