"""The Draw page's blocks: the canvas, what the network sees of it, and its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core import charts, pictures
from core.numbers import Number, read_number
from core.presets import preset
from core.shapes import SIDE_PX as DIGIT_SIDE_PX
from core.strokes import Glyph, read_digit
from core.training.snapshot import RunSnapshot
from ui import controls
from ui.frame import score_text, told, while_training
from ui.plot import plot
from ui.session import Lab, theme

_SEEN_SCALE = 6
SIDE_PX = 336  # twelve canvas pixels to one of the network's, and it fits a phone
WIDE_PX = 2 * SIDE_PX
_COLUMNS = 8  # of digits in a row
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
# Where there is less room, the canvas is shown smaller as a whole; the pen still writes where it points. The tangent of an angle
# given by two lengths is their ratio, which no other function of CSS gives as a number.
_WIDE_STYLE = f"""<style>
.st-key-board-{WIDE_PX} {{ container-type: inline-size }}
.st-key-board-{WIDE_PX} > * {{
  --shown: min(1, tan(atan2(100cqw, {WIDE_PX}px)));
  width: {WIDE_PX}px !important; min-width: {WIDE_PX}px; transform: scale(var(--shown)); transform-origin: 0 0;
  margin-bottom: calc((var(--shown) - 1) * {SIDE_PX}px);
}}
</style>"""
_COLORS = {"light": ("#1a1c23", "#f8f8fa"), "dark": ("#f0f0f5", "#26282f")}


def nothing_to_ask(lab: Lab) -> None:
    """Before any network is there: the press that trains one, or its progress until the first epoch is done."""

    def waiting() -> None:
        run = lab.studio.current()
        if run and run.epochs:
            st.rerun()
        if run:
            st.info(f"{run.name} is learning. You can draw as soon as its first epoch is done.")
            st.progress(run.progress)
            return
        st.info("There is no network to ask yet. This press trains a quick one; drawing works from its first epoch on.")
        if st.button("Train a quick network", type="primary", icon=":material/play_arrow:", key="train-quick"):
            lab.studio.submit(preset("quick", controls.held("dataset")))
            st.rerun()

    while_training(lab, waiting)


@st.fragment
@told()
def drawing_board(lab: Lab, run: RunSnapshot) -> None:
    """The canvas, what the network sees of it, and the answer. Only this part reruns after a stroke."""
    asked = (st.session_state.get("drawing"), st.query_params.get("drawing"))
    st.session_state.drawing = next((mode for mode in asked if mode in _MODES), "digit")
    mode = st.segmented_control("Draw", list(_MODES), format_func=lambda mode: _MODES[mode][0], required=True, key="drawing",
                                persist_state="session", label_visibility="collapsed")  # fmt: skip
    controls.link("drawing", None if mode == "digit" else mode)
    _MODES[mode][1](lab, run)


def _digit_board(lab: Lab, run: RunSnapshot) -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=SIDE_PX + 4):
            image = _canvas(SIDE_PX)
        glyph = read_digit(image) if image is not None else None
        with st.container(width=_SEEN_SCALE * DIGIT_SIDE_PX):
            _seen(glyph)
        with st.container(width=290, key="answer"):
            _answer(lab, lab.studio.snapshot(run.run_id), glyph)


def _number_board(lab: Lab, run: RunSnapshot) -> None:
    st.html(_WIDE_STYLE)
    image = _canvas(WIDE_PX)
    run = lab.studio.snapshot(run.run_id)
    with st.container(key="answer"):
        number = read_number(image, lambda images: lab.predictor.probabilities(run, images)) if image is not None else None
        if image is None or number is None or not number.glyphs:
            st.info("Write a number, its digits side by side. The answer comes after every stroke.")
            return
        st.markdown(f"## {number.text} \N{EN SPACE}{number.certainty:.1%}")
        st.write(_certainty_text(number))
        titles = [f"{digit}  {sure:.0%}" for digit, sure in zip(number.text, number.certainties, strict=True)]
        picture = pictures.boxed(image, [glyph.box for glyph in number.glyphs], titles, theme())
        st.image(pictures.png(picture), alt=f"The canvas, with a frame around each digit: {', '.join(titles)}")
        st.markdown("**What the network sees**")
        seen = pictures.grid(np.stack([glyph.image for glyph in number.glyphs]), list(number.text), theme(), columns=_COLUMNS)
        st.image(pictures.png(seen), alt=f"{len(titles)} pictures of 28 by 28 pixels, one for each digit")
        st.caption(_run_text(run))


# By its name in the address bar: what the button says, and what draws it.
_MODES: dict[str, tuple[str, Callable[[Lab, RunSnapshot], None]]] = {
    "digit": ("One digit", _digit_board),
    "number": ("A number", _number_board),
}


def _canvas(width_px: int) -> np.ndarray | None:
    ink, paper = _COLORS[theme()]
    brush_px = st.slider("Brush", 8, 40, 22, key="brush", persist_state="session", format="%d px")
    # Another theme or mode is another sheet: strokes in the ink of the other one could not be seen on it.
    sheet = f"canvas-{width_px}-{theme()}-{st.session_state.get('cleared', 0)}"
    with st.container(key=f"board-{width_px}"):
        result = st_canvas(
            stroke_width=brush_px,
            stroke_color=ink,
            background_color=paper,
            height=SIDE_PX,
            width=width_px,
            drawing_mode="freedraw",
            initial_drawing=st.session_state.get(f"undone-{sheet}"),
            return_image_data=True,
            key=sheet,
        )
    drawn = result.json_data or {}
    with st.container(horizontal=True):
        st.button("Undo", icon=":material/undo:", key="undo", on_click=_undo, args=(sheet, drawn), shortcut="Mod+Z",
                  disabled=not drawn.get("objects"))  # fmt: skip
        st.button("Clear", icon=":material/delete:", key="clear", on_click=_clear, args=(sheet,))
    return result.image_data


def _undo(sheet: str, drawn: dict[str, Any]) -> None:
    """The canvas draws what it starts with anew whenever that changes, though its key stays: its strokes but for the last.

    Counted, for two presses may leave the same strokes.
    """
    before = st.session_state.get(f"undone-{sheet}", {}).get("undone", 0)
    st.session_state[f"undone-{sheet}"] = {**drawn, "objects": drawn["objects"][:-1], "undone": before + 1}


def _clear(sheet: str) -> None:
    st.session_state.pop(f"undone-{sheet}", None)
    st.session_state["cleared"] = st.session_state.get("cleared", 0) + 1


def _seen(glyph: Glyph | None) -> None:
    st.markdown("**What the network sees**")
    image = glyph.image if glyph else np.zeros((DIGIT_SIDE_PX, DIGIT_SIDE_PX), np.float32)
    st.image(pictures.png(pictures.digit(image, theme(), scale=_SEEN_SCALE)), alt="The drawing as 28 by 28 pixels")
    st.caption("Your drawing, cut out, scaled to 20 pixels and centred by its weight, as MNIST's digits were.")


def _answer(lab: Lab, run: RunSnapshot, glyph: Glyph | None) -> None:
    if glyph is None:
        st.info("Draw a digit, large or small, anywhere on the canvas. The answer comes after every stroke.")
        return
    row = lab.predictor.probabilities(run, glyph.image[None])[0]
    st.markdown(f"## {row.argmax()} \N{EN SPACE}{row.max():.1%}")
    plot(charts.probabilities(row), key="answer-chart", alt="Ten bars: how sure the network is of each digit")
    st.caption(_run_text(run))


def _certainty_text(number: Number) -> str:
    """In words: what the percentage beside the number means, and which digit it hangs on."""
    if len(number.glyphs) == 1:
        return "One digit. More of them, side by side, are read as one number."
    place = number.doubtful
    rival = number.probabilities[place].argsort()[-2]
    return (
        f"The chance that all {len(number.glyphs)} digits are right is {number.certainty:.1%}: their certainties, multiplied. "
        f"Least sure: the {_ORDINALS.get(place + 1, f'{place + 1}th')} digit, {number.text[place]} with "
        f"{number.certainties[place]:.1%}; the next guess is {rival}."
    )


def _run_text(run: RunSnapshot) -> str:
    epoch = run.served_epoch.epoch if run.served_epoch else 0
    return f"{run.name}, epoch {epoch}: {score_text(run)} of its validation images read right."
