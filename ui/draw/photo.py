"""A photo of digits on paper, in place of the canvas."""

from __future__ import annotations

import streamlit as st

from core.drawing.photos import MOST_MB, Photo, read_photo
from ui import session_keys as keys
from ui.canvas.canvas import Ink


def taken() -> Ink:
    """An upload, and what it shows. Raises DrawingError for a file that cannot be read."""
    file = st.file_uploader(
        "A photo of a digit or a number on paper",
        type=["jpg", "jpeg", "png", "webp", "bmp", "heic", "heif"],
        max_upload_size=MOST_MB,
        key=keys.PHOTO,
        help=f"Dark ink on light paper; uneven light and shadows are fine. A phone offers its camera. Up to {MOST_MB} MB.",
    )
    if file is None:
        return Ink()
    found = _read(file.getvalue())
    return Ink(found.ink, found.picture)


# The board is redrawn with every press; the same photo need not be read again.
@st.cache_data(show_spinner=False, max_entries=4)
def _read(file: bytes) -> Photo:
    return read_photo(file)
