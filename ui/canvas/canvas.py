"""What a person writes on: the canvas, pen and eraser, Undo, Redo and Clear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from ui import session_keys as keys
from ui.canvas.history import CanvasState
from ui.canvas.pen import drawn_so_far
from ui.session import theme, visit

SIDE_PX = 336  # twelve canvas pixels to one of the network's
WIDE_PX = 2 * SIDE_PX
_FINE = 2  # pixels of the browser's canvas to one of ours, so that it is sharp where it is shown larger
_BRUSHES_PX, _BRUSH_PX = (8, 40), 22
_TOOLS = {"pen": (":material/edit:", "Pen"), "eraser": (":material/ink_eraser:", "Eraser")}
_COLORS = {"light": ("#1a1c23", "#f8f8fa"), "dark": ("#f0f0f5", "#26282f")}
# The canvas is shown as large as there is room for it; the pen still writes where it points. The tangent of an angle given by two
# lengths is their ratio, which no other function of CSS gives as a number. The package's tool bar appears above the canvas, where
# it is clipped. The keys of Undo and Redo stand in their help: on the buttons they take a row, and a finger has no keys.
_STYLE = """<style>
.st-key-board-{width} {{ container-type: inline-size }}
.st-key-board-{width} > :first-child {{
  --room: calc(max(100svh - {above}px, {least}px) * {aspect});
  --shown: tan(atan2(min(100cqw, var(--room), {most}px), {fine_width}px));
  width: {fine_width}px !important; min-width: {fine_width}px; transform: scale(var(--shown)); transform-origin: 0 0;
  margin-bottom: calc((var(--shown) - 1) * {fine_height}px); clip-path: inset(0);
}}
.st-key-board-{width} > :not(:first-child) {{ position: absolute; width: 0; height: 0; overflow: hidden }}
.st-key-tools [aria-label^="Shortcut"] {{ display: none }}
</style>"""
_LEAST_PX = 200


@dataclass(frozen=True, eq=False)
class Ink:
    """What was written: `image` (h, w) or (h, w, 4) uint8, to be read, None until there is one; `shown` (h, w, 3 or 4), the same
    as a person sees it; `strokes` as the canvas gives them, oldest first, without the eraser's, none of a photo.
    """

    image: np.ndarray | None = None
    shown: np.ndarray | None = None
    strokes: tuple[dict[str, Any], ...] = ()


def written(width_px: int, place: str, *, most_px: int = SIDE_PX, above_px: int = 0, few_tools: bool = False) -> Ink:
    """A canvas, square or wide, and what is on it; `place` names where on its page it stands.

    It fills the width of its container, up to a height of `most_px`, and leaves `above_px` of the window's height to what
    stands around it. With `few_tools` there are Undo and Clear only.
    """
    ink, paper = _COLORS[theme()]
    key = keys.canvas(width_px, theme())
    state = _state(width_px)
    where, before = (visit(), place, key), st.session_state.get(keys.CANVAS_WHERE)
    st.session_state[keys.CANVAS_WHERE] = where
    if state.strokes and (before != where or key not in st.session_state):
        state.begin_again()  # in another place, on another visit or after another mode the browser sets it up anew
    st.html(_style(width_px, most_px, above_px))
    erasing = not few_tools and st.session_state.get(keys.TOOL) == "eraser"
    with st.container(key=keys.canvas_board(width_px)):
        result = st_canvas(
            stroke_width=_FINE * st.session_state.get(keys.BRUSH, _BRUSH_PX),
            stroke_color=paper if erasing else ink,
            background_color=paper,
            height=_FINE * SIDE_PX,
            width=_FINE * width_px,
            drawing_mode="freedraw",
            initial_drawing=state.initial,
            return_image_data=True,
            key=key,
        )
        live = drawn_so_far(keys.canvas_pen(width_px), keys.canvas_board(width_px), (width_px, SIDE_PX))
    if not _took(state, result, width_px) and live is not None:
        state.take_live(live)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=keys.TOOLS):
        _tools(state, lambda: _catch_up(state, key, width_px), few_tools)
    strokes = tuple(_scaled(each) for each in state.strokes if each.get("stroke") != paper)
    return Ink(state.image, state.image, strokes)


def carry(from_px: int, to_px: int) -> None:
    """Puts what is written on one canvas onto a wider one, at its left, in place of what is there, as a step that Undo takes
    back; the first is empty then, with a step that can be taken back as well.
    """
    source = _state(from_px)
    if source.image is None:
        return
    paper = np.array([int(_COLORS[theme()][1][place : place + 2], 16) for place in (1, 3, 5)] + [255], np.uint8)
    wide = np.tile(paper, (SIDE_PX, to_px, 1))
    wide[:, :from_px] = source.image
    _state(to_px).take_over(source.strokes, wide)
    source.step([])


def clear(width_px: int) -> None:
    """Empties the canvas of this width, with its history."""
    for name in _COLORS:
        state = st.session_state.get(keys.canvas_state(keys.canvas(width_px, name)))
        if state:
            state.reset()


def clean(width_px: int) -> Callable[[], None]:
    """Empties the canvas and gives what brings the ink back, as long as it is still empty."""
    state = _state(width_px)
    strokes = state.strokes
    state.step([])

    def back() -> None:
        if not state.strokes:
            state.step(strokes)

    return back


def _took(state: CanvasState, result: CanvasResult, width_px: int) -> bool:
    """Takes what the canvas has sent, where that is news."""
    sent = result.json_data or {}
    image = result.image_data if state.is_news(sent) else None
    if image is None:  # of what it begins with, the canvas sends none
        return False
    state.take(sent, _halved(image, width_px))
    return True


def _catch_up(state: CanvasState, key: str, width_px: int) -> None:
    """Takes a stroke that came after the page was drawn last: with the very press on Undo, for one."""
    drawing = st.session_state.get(key, {}).get("drawing")
    if drawing:
        _took(state, CanvasResult(drawing.get("raw"), drawing.get("data"), return_image_data=True), width_px)


def _tools(state: CanvasState, catch_up: Callable[[], None], few_tools: bool) -> None:
    def button(label: str, icon: str, key: str, step: Callable[[], None], able: bool, **more: Any) -> None:
        def press() -> None:
            catch_up()
            step()

        st.button(label, icon=f":material/{icon}:", key=key, on_click=press, disabled=not able, **more)

    button("Undo", "undo", keys.UNDO, state.undo, bool(state.past), shortcut="Mod+Z", help=_help("Z"))
    if not few_tools:
        button("Redo", "redo", keys.REDO, state.redo, bool(state.future), shortcut="Mod+Shift+Z", help=_help("Shift + Z"))
    button("Clear", "delete", keys.CLEAR, partial(state.step, []), bool(state.strokes))
    if few_tools:
        return
    st.segmented_control(
        "Tool",
        list(_TOOLS),
        format_func=lambda tool: " ".join(_TOOLS[tool]),
        default="pen",
        required=True,
        key=keys.TOOL,
        label_visibility="collapsed",
        on_change=state.hold,
    )
    with st.popover("Brush", icon=":material/line_weight:", key=keys.BRUSH_POPOVER):
        st.slider(
            "Width of the brush",
            *_BRUSHES_PX,
            _BRUSH_PX,
            key=keys.BRUSH,
            persist_state="session",
            format="%d px",
            on_change=state.hold,
        )


def _help(keys_pressed: str) -> str:
    return f"Ctrl + {keys_pressed}, on a Mac Cmd + {keys_pressed}"


def _state(width_px: int) -> CanvasState:
    """Each theme has a canvas of its own: strokes in the other theme's ink would be invisible."""
    found: CanvasState = st.session_state.setdefault(keys.canvas_state(keys.canvas(width_px, theme())), CanvasState())
    return found


def _style(width_px: int, most_px: int, above_px: int) -> str:
    aspect = width_px / SIDE_PX
    return _STYLE.format(
        width=width_px,
        fine_width=_FINE * width_px,
        fine_height=_FINE * SIDE_PX,
        aspect=aspect,
        most=round(most_px * aspect),
        above=above_px,
        least=_LEAST_PX,
    )


def _halved(image: np.ndarray, width_px: int) -> np.ndarray:
    """The picture of the browser's canvas in our pixels."""
    return image[::_FINE, ::_FINE] if image.shape[:2] == (_FINE * SIDE_PX, _FINE * width_px) else image


def _scaled(stroke: dict[str, Any]) -> dict[str, Any]:
    """The stroke in our pixels."""
    path = [[part[0], *(number / _FINE for number in part[1:])] for part in stroke.get("path", ())]
    return {**stroke, "path": path, "strokeWidth": stroke.get("strokeWidth", 0) / _FINE}
