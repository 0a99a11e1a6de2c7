"""The Draw page's blocks: the canvas, what the network sees of it, and its answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core import charts, pictures
from core.recipe import preset
from core.shapes import SIDE_PX as DIGIT_SIDE_PX
from core.strokes import Glyph, read_canvas
from core.training.snapshot import RunSnapshot
from ui import controls
from ui.frame import score_text, told, while_training
from ui.hand import quiz
from ui.hand.telling import tell
from ui.plot import plot
from ui.session import Lab, theme

_SEEN_SCALE = 6
SIDE_PX = 336  # twelve canvas pixels to one of the network's, and it fits a phone
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
    """Canvas, the 28 x 28 picture, ten bars. Only this part reruns after a stroke."""
    now = lab.studio.snapshot(run.run_id)
    quiz.asked()
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=SIDE_PX + 4):
            drawn = _canvas()
            glyphs = read_canvas(drawn.image_data) if drawn.image_data is not None else []
            if quiz.turn(lab, now, glyphs, drawn, _clear):
                return
        with st.container(width=_SEEN_SCALE * DIGIT_SIDE_PX):
            _seen(glyphs)
        with st.container(width=290, key="answer"):
            _answer(lab, now, glyphs)
            tell(lab, now, glyphs, drawn, _clear)


def _canvas() -> Any:
    """What the canvas gives: `image_data` (h, w, 4) uint8, None before it is there, and `json_data`, its strokes."""
    ink, background = _COLORS[theme()]
    width = st.slider("Brush", 8, 40, 22, key="brush", persist_state="session", format="%d px")
    drawn = st_canvas(
        stroke_width=width,
        stroke_color=ink,
        background_color=background,
        height=SIDE_PX,
        width=SIDE_PX,
        drawing_mode="freedraw",
        return_image_data=True,
        key=f"canvas-{st.session_state.get('cleared', 0)}",
    )
    st.button("Clear", icon=":material/delete:", key="clear", on_click=_clear)
    return drawn


def _clear() -> None:
    st.session_state["cleared"] = st.session_state.get("cleared", 0) + 1


def _seen(glyphs: list[Glyph]) -> None:
    st.markdown("**What the network sees**")
    image = glyphs[0].image if glyphs else np.zeros((DIGIT_SIDE_PX, DIGIT_SIDE_PX), np.float32)
    st.image(pictures.png(pictures.digit(image, theme(), scale=_SEEN_SCALE)), alt="The drawing as 28 by 28 pixels")
    st.caption("Your drawing, cut out, scaled to 20 pixels and centred by its weight, as MNIST's digits were.")


def _answer(lab: Lab, run: RunSnapshot, glyphs: list[Glyph]) -> None:
    if not glyphs:
        st.info("Draw a digit, large or small, anywhere on the canvas. The answer comes after every stroke.")
        return
    row = lab.predictor.probabilities(run, glyphs[0].image[None])[0]
    st.markdown(f"## {row.argmax()} \N{EN SPACE}{row.max():.1%}")
    plot(charts.probabilities(row), key="answer-chart", alt="Ten bars: how sure the network is of each digit")
    epoch = run.served_epoch.epoch if run.served_epoch else 0
    st.caption(f"{run.name}, epoch {epoch}: {score_text(run)} of its validation images read right.")
