"""A run's answers as files that others can use."""

from __future__ import annotations

import io

import numpy as np


def submission(predicted: np.ndarray) -> bytes:
    """Kaggle's Digit Recognizer submission for (n,) digits in the order of `test.csv`: ImageId from 1, Label."""
    text = io.StringIO()
    text.write("ImageId,Label\n")
    for number, digit in enumerate(predicted.tolist(), start=1):
        text.write(f"{number},{digit}\n")
    return text.getvalue().encode()
