"""Some images under their titles, composed into one picture, or into two that stand side by side where there is room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.charts import pictures
from ui.session import theme

_COLUMNS = 5
ALT = "Images with the true digit, the answer and its certainty"


def read_titles(labels: np.ndarray, read: np.ndarray, certainties: np.ndarray) -> list[str]:
    """ "4 as 9 87%" for each image: the true digit, the answer, and its certainty (0 to 1)."""
    return [f"{label} as {digit} {100 * sure:.0f}%" for label, digit, sure in zip(labels, read, certainties, strict=True)]


def image_sheet(images: np.ndarray, titles: Sequence[str], *, alt: str = ALT) -> None:
    """Draws the `images` (n, 28, 28), five in a row."""
    st.image(_picture(images, list(titles), theme()), width="stretch", alt=alt)


def two_sheets(images: np.ndarray, titles: Sequence[str], *, at_most: int, alt: str = ALT) -> None:
    """The same on two sheets of half of `at_most` images each: on a phone the second one comes below the first."""
    for column, begin in zip(st.columns(2), (0, at_most // 2), strict=True):
        part = slice(begin, begin + at_most // 2)
        if len(images[part]):
            with column:
                image_sheet(images[part], titles[part], alt=alt)


# While a run trains, the page is drawn anew at every look, and its images change once an epoch.
@st.cache_data(show_spinner=False, max_entries=64)
def _picture(images: np.ndarray, titles: list[str], theme: str) -> bytes:
    return pictures.png(pictures.grid(images, titles, theme, columns=_COLUMNS))
