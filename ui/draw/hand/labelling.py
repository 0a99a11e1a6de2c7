"""Below the answer: one press labels the drawing with its true digit and keeps it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.constants import NUM_CLASSES
from core.drawing.diagnosis import article
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.people import me
from ui.draw.drawing import Drawing
from ui.draw.hand import quiz
from ui.draw.hand.saving import keep, once_sent, taken_back, undo_button
from ui.hand_score import hand_line
from ui.session import Lab


def label(lab: Lab, run: RunSnapshot, drawing: Drawing | None) -> None:
    """Ten buttons for the drawing, the network's answer in colour; then the score on the person's own hand."""
    # Not by callbacks: they would get the drawing of the run before.
    pressed = once_sent(next((digit for digit in range(NUM_CLASSES) if st.session_state.get(keys.is_digit(digit))), None))
    if drawing:
        if pressed is not None:
            keep(lab, run, _as_shown(drawing), pressed)
        st.session_state[keys.ANSWER_SHOWN] = drawing.digest, drawing.answer
        known = lab.store.drawings.label_of(drawing.image, person=me())
        kept = "" if known is None else f"**Kept as {article(known)}.** Press another digit to correct it."
        st.markdown(kept or f"**What is {drawing.called} really?** Press the digit to keep this drawing.")
        with st.container(horizontal=True, gap="xsmall", key=keys.LABELS):
            for digit in range(NUM_CLASSES):
                st.button(
                    f"**{digit}** \N{CHECK MARK}" if digit == known else str(digit),
                    key=keys.is_digit(digit),
                    width=52,
                    type="primary" if digit == drawing.answer.digit and not drawing.answer.rejected else "secondary",
                )
    hand_line(lab, run, drawing.answer.epoch if drawing else 0, at_once=drawing is not None)
    with st.container(horizontal=True):
        quiz.start_button()
        undo_button("draw")
    if taken_back():
        st.rerun()  # the drawings are listed below, outside the part that a stroke draws anew


def _as_shown(drawing: Drawing) -> Drawing:
    """The drawing with the answer that the person saw when they pressed: the run may have published an epoch since then."""
    digest, answer = st.session_state.get(keys.ANSWER_SHOWN, ("", drawing.answer))
    same = digest == drawing.digest and answer.run_id == drawing.answer.run_id
    return replace(drawing, answer=answer) if same else drawing
