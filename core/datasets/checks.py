"""Checks of a data set that need no network: size, range, missing values, balance, duplicates, blank and cut images.

Half a second for 60,000 images. Any thread may call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.datasets.dataset import Dataset

_FEW = 0.2  # a digit with less than this part of an even share is learned badly and hardly counts in the accuracy
_PLAIN = 26  # of 255: an image whose values differ by less shows nothing
# Pixels side by side on the border, of so much of the image's darkest ink: of digits cut on purpose 94 % have them, of MNIST's
# training images 0.3 %. With three pixels it is 67 and 0.03 %, with half the ink 99 and 0.7 %.
_INKED, _CUT_PX = 0.7, 2
_MANY_CUT = 0.5  # where more of the images reach the border, they fill their frame: that is how the set was made


@dataclass(frozen=True, eq=False)
class DatasetReport:
    """Figures about `rows` images. `low` to `high` is the range of their pixels, `mean` the average.

    `counts` has one number per digit, 0 to 9. `duplicates` (k, 2) are rows of images equal to an earlier one, pixel for pixel,
    each with the row of the first such image; `conflicting` (k, 2) those of them whose labels differ. `blank` (k,) are rows of
    images of one value or nearly so, `cut` (k,) of those whose ink reaches the border as if it went on.
    """

    rows: int
    missing_pixels: int
    missing_labels: int
    low: int
    high: int
    mean: float
    dtype: str
    counts: tuple[int, ...]
    duplicates: np.ndarray
    conflicting: np.ndarray
    blank: np.ndarray
    cut: np.ndarray

    @property
    def rare(self) -> tuple[int, ...]:
        """The digits that have some images, but far too few."""
        return tuple(digit for digit, count in enumerate(self.counts) if 0 < count < _FEW * self.rows / NUM_CLASSES)


def report(dataset: Dataset) -> DatasetReport:
    """Everything that can be told without a network."""
    images, labels = dataset.images, dataset.labels
    firsts: dict[bytes, int] = {}  # exact, and quicker than sorting the pictures
    first = np.array([firsts.setdefault(image.tobytes(), row) for row, image in enumerate(images)], int)
    pairs = np.column_stack([np.arange(len(images)), first])[first < np.arange(len(images))]
    blank = np.ptp(images.reshape(len(images), -1), axis=1) < _PLAIN
    return DatasetReport(
        rows=len(images),
        missing_pixels=_num_missing(images),
        missing_labels=_num_missing(labels),
        low=int(images.min(initial=255)),
        high=int(images.max(initial=0)),
        mean=float(images.mean()) if images.size else 0.0,
        dtype=str(images.dtype),
        counts=tuple(np.bincount(labels, minlength=NUM_CLASSES).tolist()),
        duplicates=pairs,
        conflicting=pairs[labels[pairs[:, 0]] != labels[pairs[:, 1]]],
        blank=np.flatnonzero(blank),
        cut=_cut_rows(images, blank),
    )


def summary(report: DatasetReport) -> str:
    """The report in one line: "42,000 images, 28 x 28, no missing values, pixels from 0 to 255, 0 duplicates"."""
    missing = report.missing_pixels + report.missing_labels
    return (
        f"{report.rows:,} images, {SIDE_PX} x {SIDE_PX}, {f'{missing:,}' if missing else 'no'} missing values, "
        f"pixels from {report.low} to {report.high}, {_count(len(report.duplicates), 'duplicate')}"
    )


def warnings(report: DatasetReport) -> list[str]:
    """A sentence for each thing about the whole set that will show in the result. Empty for MNIST."""
    found = [
        f"There is no image of the digit {digit}: the network cannot learn it."
        for digit, count in enumerate(report.counts)
        if not count
    ]
    if report.high < 128:
        found.append(f"The brightest pixel is {report.high}, not near 255: the values may have been divided already.")
    elif report.mean > 127.5:
        found.append("The pictures are mostly bright. Digits are expected bright on black: these may be inverted.")
    return found


def _cut_rows(images: np.ndarray, blank: np.ndarray) -> np.ndarray:
    """(k,) rows whose ink lies on the border in a run of `_CUT_PX` or more pixels; none where most images have that."""
    darkest = images.reshape(len(images), -1).max(axis=1, initial=0)
    run: np.ndarray = np.zeros(len(images), bool)
    for side in (images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]):
        inked = side >= np.maximum(_INKED * darkest, 1)[:, None]
        run |= np.lib.stride_tricks.sliding_window_view(inked, _CUT_PX, axis=1).min(axis=2).max(axis=1)
    run &= ~blank
    return np.flatnonzero(run) if run.mean() <= _MANY_CUT else np.zeros(0, int)


def _num_missing(array: np.ndarray) -> int:
    # Whole numbers cannot be missing: the reader of a file rejects a gap, with row and column.
    return int(np.isnan(array).sum()) if array.dtype.kind == "f" else 0


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
