"""A photo of digits on paper, in place of the canvas: a file, or the browser's camera."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import streamlit as st

from core.drawing import photo_faults
from core.drawing.photos import MOST_MB, PAPER, Photo, inked, picture_of
from core.errors import DrawingError
from ui import session_keys as keys
from ui.canvas.canvas import Ink
from ui.draw import camera


def taken() -> Ink:
    """A photo, and what it shows, white where it shows no ink. Raises DrawingError for a file that cannot be read."""
    # Not remembered from page to page: the camera opens only where somebody has just asked for it.
    source = st.segmented_control(
        "Where the photo comes from",
        list(_SOURCES),
        default="File",
        required=True,
        key=keys.PHOTO_SOURCE,
        label_visibility="collapsed",
    )
    file = _SOURCES[source or "File"]()
    if file is None:
        return Ink()
    found = _read(file.getvalue())
    return Ink(found.ink, found.picture)


def tell_faults(picture: np.ndarray, certainty: float) -> None:
    """What is wrong with a photo and what to do; nothing where it is read well. `certainty` is `photo_faults.trusted`."""
    if found := _faults(picture, certainty):
        st.warning("  \n".join(found), icon=":material/photo_camera:")


def _file() -> BytesIO | None:
    return st.file_uploader(
        "A photo of a digit or a number on paper",
        type=["jpg", "jpeg", "png", "webp", "bmp", "heic", "heif"],
        max_upload_size=MOST_MB,
        key=keys.PHOTO,
        help=f"Dark ink on light paper; uneven light and shadows are fine. A phone offers its camera. Up to {MOST_MB} MB.",
    )


_SOURCES: dict[str, Callable[[], BytesIO | None]] = {"File": _file, "Camera": camera.shot}


# The board is redrawn with every press; the same photo need not be read again.
@st.cache_data(show_spinner=False, max_entries=4)
def _read(file: bytes) -> Photo:
    picture = picture_of(file)
    try:
        return Photo(picture, inked(picture))
    except DrawingError:  # no ink; the board says what may be the cause
        return Photo(picture, np.full(picture.shape[:2], PAPER, np.uint8))


@st.cache_data(show_spinner=False, max_entries=4)
def _faults(picture: np.ndarray, certainty: float) -> list[str]:
    return photo_faults.faults(picture, certainty)
