"""Some images of the validation part, as composed sheets."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ui.evaluate.answers import Answers

NUM_SHOWN = 50


def title(answers: Answers, row: int) -> str:
    """ "4 read as 9, 87%"."""
    sure = answers.probabilities[row].max()
    return f"{answers.part.labels[row]} read as {answers.predicted[row]}, {100 * sure:.0f}%"


def telling_first(answers: Answers, rows: np.ndarray) -> np.ndarray:
    """`rows` with the misread images first, the surest of them on top; then the others, the least sure on top."""
    sure = answers.probabilities[rows].max(axis=1)
    right = answers.predicted[rows] == answers.part.labels[rows]
    return np.asarray(rows[np.lexsort((np.where(right, sure, -sure), right))])


def sheet(answers: Answers, rows: np.ndarray) -> None:
    """The first 50 of `rows` under their titles. Two sheets of five columns: side by side on a desk, one below the other on a
    phone.
    """
    shown = rows[:NUM_SHOWN]
    sure = answers.probabilities[shown].max(axis=1)
    titles = [
        f"{answers.part.labels[row]} as {answers.predicted[row]} {100 * share:.0f}%"
        for row, share in zip(shown, sure, strict=True)
    ]
    for column, begin in zip(st.columns(2), range(0, NUM_SHOWN, NUM_SHOWN // 2), strict=True):
        part = slice(begin, begin + NUM_SHOWN // 2)
        if len(shown[part]):
            column.image(
                answers.sheet(shown[part], titles[part]),
                width="stretch",
                alt="Images with the true digit, the answer and how sure it was",
            )
