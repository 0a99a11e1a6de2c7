"""Tables as Kaggle's Digit Recognizer has them, read to the letter: `train.csv` (label, pixel0 … pixel783), which drawings are
saved as, and `test.csv` (pixels alone). Other forms of labelled digits are read by `core.datasets.forms`. Any thread may call.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.datasets import csv_table
from core.datasets.csv_table import Progress, ignored
from core.errors import DataError
from core.system.settings import upload_mb

_PIXELS = [f"pixel{place}" for place in range(SIDE_PX**2)]


def read_labelled(file: str | Path | IO[bytes], *, title: str, report: Progress = ignored) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 28, 28) and labels (n,) of a `train.csv`, both uint8. Columns may be in any order.

    Raises DataError with a sentence that names `title`, and the row and column at fault.
    """
    table = csv_table.read(
        file,
        title=title,
        columns=["label", *_PIXELS],
        highest=[NUM_CLASSES - 1, *[csv_table.MAX_VALUE] * len(_PIXELS)],
        advice="Its columns must be label and pixel0 to pixel783, as in Kaggle's train.csv.",
        max_mb=upload_mb(),
        report=report,
    )
    labels, pixels = table[:, 0].copy(), table[:, 1:]
    return np.ascontiguousarray(pixels).reshape(-1, SIDE_PX, SIDE_PX), labels


def write_labelled(images: np.ndarray, labels: np.ndarray) -> bytes:
    """(n, 28, 28) uint8 images and their (n,) labels as a `train.csv`, which `read_labelled` reads."""
    text = io.StringIO()
    table = np.column_stack([labels, images.reshape(len(labels), SIDE_PX**2)])
    np.savetxt(text, table, fmt="%d", delimiter=",", header=",".join(["label", *_PIXELS]), comments="")
    return text.getvalue().encode()


def read_test(file: str | Path | IO[bytes], *, title: str = "test.csv", report: Progress = ignored) -> np.ndarray:
    """Images (n, 28, 28) uint8 of a `test.csv`, in its order. Raises DataError as `read_labelled` does."""
    pixels = csv_table.read(
        file,
        title=title,
        columns=_PIXELS,
        highest=[csv_table.MAX_VALUE] * len(_PIXELS),
        advice="Its columns must be pixel0 to pixel783, as in Kaggle's test.csv.",
        max_mb=upload_mb(),
        report=report,
    )
    if not len(pixels):
        raise DataError(f"{title} has no row below its line of names. It needs one row per image.")
    return pixels.reshape(-1, SIDE_PX, SIDE_PX)
