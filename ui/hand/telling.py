"""After the answer: one press tells the true digit, and the drawing is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.shapes import NUM_CLASSES
from core.strokes import Glyph
from core.training.snapshot import RunSnapshot
from ui.hand import quiz
from ui.hand.keeping import changed, keep, read_one, undo_button
from ui.hand.score import a, hand_line
from ui.session import Lab


def tell(lab: Lab, run: RunSnapshot, glyphs: list[Glyph], drawn: Any, clear: quiz.Clear) -> None:
    """Ten buttons for the one digit on the canvas, that which the network reads in colour; then the score on the person's own
    hand. `drawn` is what the canvas gave.
    """
    if len(glyphs) == 1:
        _digits(lab, run, glyphs[0].image, drawn)
    elif glyphs:
        st.caption("One digit alone on the canvas can be kept with its label.")
    hand_line(lab, run, at_once=bool(glyphs))
    with st.container(horizontal=True):
        undo_button("draw")
        quiz.start_button(clear)
    if changed() and st.session_state.get("hand-open"):
        st.rerun()  # what is open below lies outside the part that a stroke draws anew


def _digits(lab: Lab, run: RunSnapshot, image: np.ndarray, drawn: Any) -> None:
    read = read_one(lab, run, image)
    # Not by callbacks: theirs would be the drawing of the run before, and a stroke that came with the press would be lost.
    pressed = next((digit for digit in range(NUM_CLASSES) if st.session_state.get(f"is-{digit}")), None)
    if pressed is not None:
        keep(lab, run, image, drawn, pressed, read)
    known = lab.store.label_of(image)
    st.markdown("**It is really a:**" if known is None else f"**Kept as {a(known)}.** Another press corrects it.")
    with st.container(horizontal=True, gap="xsmall", key="tell"):
        for digit in range(NUM_CLASSES):
            st.button(f"**{digit}** \N{CHECK MARK}" if digit == known else str(digit), key=f"is-{digit}", width=48,
                      type="primary" if digit == read else "secondary")  # fmt: skip
