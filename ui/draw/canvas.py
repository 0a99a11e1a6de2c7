"""What a person writes on: the canvas, its brush, Undo and Clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from ui import session_keys as keys
from ui.frame import visit
from ui.session import theme

SIDE_PX = 336  # twelve canvas pixels to one of the network's, and it fits a phone
WIDE_PX = 2 * SIDE_PX
_BRUSHES_PX, _BRUSH_PX = (8, 40), 22
# The canvas' own tool bar, which cannot be turned off, appears above it: nothing that can be pressed may stand there.
_STYLE = "<style>[class*=st-key-board-] { margin-top: 1.5rem }</style>"
# Where there is less room, the canvas is shown smaller as a whole; the pen still writes where it points. The tangent of an angle
# given by two lengths is their ratio, which no other function of CSS gives as a number.
_WIDE_STYLE = f"""{_STYLE}<style>
.st-key-board-{WIDE_PX} {{ container-type: inline-size }}
.st-key-board-{WIDE_PX} > * {{
  --shown: min(1, tan(atan2(100cqw, {WIDE_PX}px)));
  width: {WIDE_PX}px !important; min-width: {WIDE_PX}px; transform: scale(var(--shown)); transform-origin: 0 0;
  margin-bottom: calc((var(--shown) - 1) * {SIDE_PX}px);
}}
</style>"""
_COLORS = {"light": ("#1a1c23", "#f8f8fa"), "dark": ("#f0f0f5", "#26282f")}


@dataclass(frozen=True, eq=False)
class Ink:
    """What was written: `image` (h, w) or (h, w, 4) uint8, to be read, None until there is one; `shown` (h, w, 3 or 4), the same
    as a person sees it; `strokes` as the canvas gives them, oldest first, none of a photo.
    """

    image: np.ndarray | None = None
    shown: np.ndarray | None = None
    strokes: tuple[dict[str, Any], ...] = ()


def written(width_px: int, place: str) -> Ink:
    """A canvas, square or wide, and what is on it; `place` names where on its page it stands."""
    ink, paper = _COLORS[theme()]
    # Each theme and mode has a canvas of its own: strokes in the other theme's ink would be invisible.
    key = keys.canvas(width_px, theme(), st.session_state.get(keys.canvas_cleared(width_px), 0))
    kept_drawn, kept_image = st.session_state.get(keys.canvas_kept(key), ({}, None))
    where, before = (visit(), place, key), st.session_state.get(keys.CANVAS_WHERE)
    st.session_state[keys.CANVAS_WHERE] = where
    if kept_drawn and (before != where or key not in st.session_state):
        # In another place, on another visit or after another mode the browser sets it up again, with what it begins with.
        _begin(key, kept_drawn, 1)
    st.html(_STYLE if width_px == SIDE_PX else _WIDE_STYLE)
    with st.container(key=keys.canvas_board(width_px)):
        result = st_canvas(
            stroke_width=st.session_state.get(keys.BRUSH, _BRUSH_PX),
            stroke_color=ink,
            background_color=paper,
            height=SIDE_PX,
            width=width_px,
            drawing_mode="freedraw",
            initial_drawing=st.session_state.get(keys.canvas_begins(key)),
            return_image_data=True,
            key=key,
        )
    drawn, image = result.json_data or {}, result.image_data
    if image is not None:
        st.session_state[keys.canvas_kept(key)] = drawn, image
    elif drawn:
        image = kept_image  # the canvas does not send what it begins with
    with st.container(horizontal=True):
        st.button(
            "Undo",
            icon=":material/undo:",
            key=keys.UNDO,
            on_click=_undo,
            args=(key, drawn),
            shortcut="Mod+Z",
            disabled=not drawn.get("objects"),
        )
        st.button("Clear", icon=":material/delete:", key=keys.CLEAR, on_click=clear, args=(width_px,))
    st.slider(
        "Brush",
        *_BRUSHES_PX,
        _BRUSH_PX,
        key=keys.BRUSH,
        persist_state="session",
        format="%d px",
        on_change=_hold,
        args=(key, drawn),
    )
    return Ink(image, image, tuple(drawn.get("objects", ())))


def clear(width_px: int) -> None:
    """Makes the next canvas of this width empty; it empties only under a new key."""
    former = tuple(name(keys.canvas(width_px)) for name in (keys.canvas_begins, keys.canvas_kept))
    for key in [key for key in st.session_state if str(key).startswith(former)]:
        del st.session_state[key]
    st.session_state[keys.canvas_cleared(width_px)] = st.session_state.get(keys.canvas_cleared(width_px), 0) + 1


def _hold(key: str, drawn: dict[str, Any]) -> None:
    """Keeps the strokes: a canvas whose brush changes several times in a moment may be set up again with what it begins with."""
    if drawn.get("objects"):
        _begin(key, drawn, 0)


def _undo(key: str, drawn: dict[str, Any]) -> None:
    """Starts the canvas with all strokes but the last: it redraws itself whenever that changes, under the same key."""
    _begin(key, {**drawn, "objects": drawn["objects"][:-1]}, 1)


def _begin(key: str, drawn: dict[str, Any], turn: int) -> None:
    """Sets what the canvas starts with. Turns are counted, because two of them may leave the same strokes."""
    begins = keys.canvas_begins(key)
    st.session_state[begins] = {**drawn, "turn": st.session_state.get(begins, {}).get("turn", 0) + turn}
