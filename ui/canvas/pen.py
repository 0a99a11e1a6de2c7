"""The canvas' companion in the browser: hides the canvas' own tool bar, sends the drawing while it is drawn, and lets the arrow
keys draw. It reaches into another component's shadow root, so without it, or where that has changed, the canvas works as before:
it answers some 200 ms after each stroke.
"""

from __future__ import annotations

import base64
import binascii
import io
from pathlib import Path

import numpy as np
from PIL import Image
from streamlit.components import v2

EVERY_MS = 120  # between two pictures of one stroke, at least
_MAX_CHARS = 2_000_000
_HERE = Path(__file__).parent
_mount = v2.component("digitlab.pen", js=(_HERE / "pen.js").read_text(), isolate_styles=False)


def drawn_so_far(key: str, board: str, size_px: tuple[int, int]) -> np.ndarray | None:
    """(h, w, 4) uint8 of the canvas in the container `board` in mid-stroke, `size_px` wide and high; None in other runs."""
    data = {"board": f"st-key-{board}", "size": size_px, "every_ms": EVERY_MS}
    sent = _mount(key=key, data=data, on_drawn_change=lambda: None).get("drawn")
    return decoded(sent, size_px)


def decoded(sent: object, size_px: tuple[int, int]) -> np.ndarray | None:
    """The picture in a data URL; None for anything else, as it comes from a browser."""
    if not isinstance(sent, str) or len(sent) > _MAX_CHARS:
        return None
    try:
        with Image.open(io.BytesIO(base64.b64decode(sent.partition(";base64,")[2], validate=True)), formats=["PNG"]) as picture:
            return np.asarray(picture.convert("RGBA")) if picture.size == size_px else None
    except (binascii.Error, OSError, SyntaxError, ValueError):
        return None
