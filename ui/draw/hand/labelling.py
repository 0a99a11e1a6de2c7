"""After the answer: one press tells the true digit, and the drawing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.constants import NUM_CLASSES
from core.drawing.diagnosis import article
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.people import me
from ui.draw.hand import quiz
from ui.draw.hand.saving import keep, once_sent, taken_back, undo_button
from ui.hand_score import hand_line
from ui.session import Lab

if TYPE_CHECKING:
    from ui.draw.drawing import Drawing


def tell(lab: Lab, run: RunSnapshot, drawing: Drawing | None) -> None:
    """Ten buttons for the drawing, that which the network reads in colour; then the score on the person's own hand."""
    # Not by callbacks: theirs would be the drawing of the run before.
    pressed = once_sent(next((digit for digit in range(NUM_CLASSES) if st.session_state.get(keys.is_digit(digit))), None))
    if drawing:
        if pressed is not None:
            keep(lab, run, drawing.glyph, pressed, picture=drawing.picture, strokes=drawing.strokes)
        known = lab.store.drawings.label_of(drawing.image, person=me())
        kept = "" if known is None else f"**Kept as {article(known)}. Thank you.** Another press corrects it."
        st.markdown(kept or f"**What is {drawing.called} really?** One press keeps it among your drawings.")
        with st.container(horizontal=True, gap="xsmall", key=keys.TELL):
            for digit in range(NUM_CLASSES):
                st.button(
                    f"**{digit}** \N{CHECK MARK}" if digit == known else str(digit),
                    key=keys.is_digit(digit),
                    width=52,
                    type="primary" if digit == drawing.digit and not drawing.refused else "secondary",
                )
    hand_line(lab, run, at_once=drawing is not None)
    with st.container(horizontal=True):
        quiz.start_button()
        undo_button("draw")
    if taken_back():
        st.rerun()  # the drawings are listed below, outside the part that a stroke draws anew
