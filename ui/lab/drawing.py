"""The Lab's canvas, and what the network that answers reads on it, epoch by epoch while it trains."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from core.constants import NUM_CLASSES
from core.drawing.labelled import digest_of
from core.drawing.preprocessing import read_digit
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui import session_keys as keys
from ui.frame import visit
from ui.lab.subject import answering, called, shown
from ui.session import Lab, theme

SIDE_PX = 252  # nine canvas pixels to one of the network's; the page's style shows it smaller where there is less room
_BRUSH_PX = 17
_COLORS = {"light": ("#1a1c23", "#f8f8fa"), "dark": ("#f0f0f5", "#26282f")}
_NUM_EPOCHS_SHOWN = 12


def canvas_component(**options: Any) -> Any:
    """The drawable canvas, imported when it is first drawn: it can be on a page only."""
    from streamlit_drawable_canvas import st_canvas

    return st_canvas(**options)


def drawing(lab: Lab) -> None:
    """Canvas and answer, side by side."""
    st.header("Draw a digit", anchor=False)
    with st.container(horizontal=True, gap="small"):
        with st.container(width=SIDE_PX, key=keys.LAB_BOARD):
            image = _canvas()
        with st.container(key=keys.LAB_ANSWER):
            run = answering(lab, shown(lab))
            if run is None:
                st.caption("Train a network first: it answers from its first epoch on.")
            else:
                _answer(lab, run, image)
            _buttons()


def _canvas() -> np.ndarray | None:
    """Draws the canvas; gives what is on it, (h, w, 4) uint8, None while it is empty."""
    ink, paper = _COLORS[theme()]
    # Each theme has a canvas of its own: strokes in the other theme's ink would be invisible.
    key = keys.lab_canvas(theme(), st.session_state.get(keys.LAB_CLEARED, 0))
    kept: tuple[str, dict[str, Any], np.ndarray | None] = st.session_state.get(keys.LAB_INK, ("", {}, None))
    drawn, image = kept[1:] if kept[0] == key else ({}, None)
    where = (visit(), key)
    if drawn and st.session_state.get(keys.LAB_CANVAS_VISIT) != where:  # on another visit the browser sets it up anew
        _begin(key, drawn)
    st.session_state[keys.LAB_CANVAS_VISIT] = where
    result = canvas_component(
        stroke_width=_BRUSH_PX,
        stroke_color=ink,
        background_color=paper,
        height=SIDE_PX,
        width=SIDE_PX,
        drawing_mode="freedraw",
        initial_drawing=st.session_state.get(keys.lab_canvas_begins(key)),
        return_image_data=True,
        key=key,
    )
    if result.image_data is not None:
        image = result.image_data
        st.session_state[keys.LAB_INK] = (key, result.json_data or {}, image)
    return image


def _buttons() -> None:
    key, drawn, _ = st.session_state.get(keys.LAB_INK, ("", {}, None))
    with st.container(horizontal=True, gap="small"):
        empty = not drawn.get("objects")
        st.button(
            "Undo",
            icon=":material/undo:",
            key=keys.LAB_UNDO,
            type="tertiary",
            disabled=empty,
            on_click=_undo,
            args=(key, drawn),
        )
        st.button("Clear", icon=":material/delete:", key=keys.LAB_CLEAR, type="tertiary", disabled=empty, on_click=_clear)


def _undo(key: str, drawn: dict[str, Any]) -> None:
    _begin(key, {**drawn, "objects": drawn["objects"][:-1]})


def _clear() -> None:
    """The next canvas is an empty one; it empties only under a new key."""
    st.session_state[keys.LAB_CLEARED] = st.session_state.get(keys.LAB_CLEARED, 0) + 1
    st.session_state.pop(keys.LAB_INK, None)


def _begin(key: str, drawn: dict[str, Any]) -> None:
    """Sets what the canvas starts with. Turns are counted, because two of them may leave the same strokes."""
    begins = keys.lab_canvas_begins(key)
    st.session_state[begins] = {**drawn, "turn": st.session_state.get(begins, {}).get("turn", 0) + 1}


def _answer(lab: Lab, run: RunSnapshot, image: np.ndarray | None) -> None:
    glyph = read_digit(image) if image is not None else None
    who = called(run) if run.run_id == starter.RUN_ID else f"{run.name}, epoch {run.served_epoch_number}"
    if glyph is None:
        st.html(_html(np.zeros(NUM_CLASSES), f"{who} answers after every stroke.", []))
        return
    drawn, at = digest_of(glyph.image), (run.run_id, run.served_epoch_number)
    kept_drawn, rows = st.session_state.get(keys.LAB_READ, ("", {}))
    if kept_drawn != drawn:
        rows = {}
    if at not in rows:  # while a run trains, the page is drawn again and again
        answers = lab.predictor.answers(run, glyph.image[None])
        rows = rows | {(run.run_id, answers.epoch): answers.probabilities[0]}
        at = run.run_id, answers.epoch
        st.session_state[keys.LAB_READ] = drawn, rows
    over_epochs = [(epoch, row) for (run_id, epoch), row in rows.items() if run_id == run.run_id]
    st.html(_html(rows[at], who, over_epochs[-_NUM_EPOCHS_SHOWN:]))


def _html(row: np.ndarray, who: str, over_epochs: list[tuple[int, np.ndarray]]) -> str:
    """The answer in large type with ten bars, and what the epochs before it read."""
    digit, sure = int(row.argmax()), float(row.max())
    bars = "".join(
        f"<li title='{each}: {share:.1%}'{' class=read' if sure and each == digit else ''}>"
        f"<i style='height:{100 * share:.1f}%'></i><span>{each}</span></li>"
        for each, share in enumerate(row.astype(float))
    )
    head = f"<b>{digit}</b><span>{sure:.1%}</span>" if sure else "<b>?</b>"
    before = "".join(
        f"<span title='epoch {epoch}: {int(each.argmax())}, {each.max():.1%}' style='opacity:{0.35 + 0.65 * each.max():.2f}'>"
        f"{int(each.argmax())}</span>"
        for epoch, each in over_epochs
    )
    past = f"<p class=lab-epochs>By epoch {before}</p>" if len(over_epochs) > 1 else ""
    return (
        f"<div class=lab-read role=status><p class=lab-digit>{head}</p><ol>{bars}</ol></div>"
        f"<p class=lab-small>{escape(who)}</p>{past}"
    )
