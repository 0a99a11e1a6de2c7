"""Below the answer: one press says what the drawing really is, and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.constants import NUM_CLASSES
from core.drawing.diagnosis import article
from core.drawing.labelled import NOT_A_DIGIT, NOT_MINE, Label
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.people import owner
from ui.draw import rejection
from ui.draw.drawing import Drawing
from ui.draw.hand import quiz
from ui.draw.hand.saving import keep, kept_text, once_sent, said, say_kept, taken_back, undo_button
from ui.hand_score import hand_line
from ui.session import Lab

_ASIDE = (
    (
        NOT_A_DIGIT,
        "Not a digit",
        "A letter, a scribble. It is kept, but never learned from as a digit: it counts among the non-digits that ought to be "
        "rejected.",
    ),
    (NOT_MINE, "Not mine", "Somebody else drew it. It is kept, but neither scored as your hand nor learned from."),
)
_MEANS: dict[Label, str] = {NOT_MINE: "It does not count for your hand. "}
_KEYS: dict[Label, str] = {
    **{digit: keys.is_digit(digit) for digit in range(NUM_CLASSES)},
    NOT_A_DIGIT: keys.IS_NON_DIGIT,
    NOT_MINE: keys.IS_NOT_MINE,
}
_STYLE = "<style>.st-key-tell { display: grid; grid-template-columns: repeat(5, 1fr) }</style>"


def label(lab: Lab, run: RunSnapshot, drawing: Drawing | None, clean: Callable[[], Callable[[], None]] | None) -> None:
    """Ten digits, and two presses for what is not to be scored as one, the network's answer in colour; then the score on the
    person's own hand.

    One press keeps the drawing and empties the canvas by `clean`, where there is one to be emptied. A rejected drawing that is
    called a digit is asked about first.
    """
    # Not by callbacks: they would get the drawing of the run before.
    pressed = once_sent(next((label for label, key in _KEYS.items() if st.session_state.get(key)), None))
    if drawing:
        say_kept("")
        pressed = _sure(drawing, pressed)
        if pressed is not None and keep(lab, run, _as_shown(drawing), pressed, clean) and clean:
            say_kept(f"Kept as {said(pressed)}. {_MEANS.get(pressed, '')}The canvas is clean for the next one.")
            st.rerun()
        st.session_state[keys.ANSWER_SHOWN] = drawing.digest, drawing.answer
        _buttons(drawing, lab.store.drawings.label_of(drawing.image, person=owner()))
    elif kept_text():
        st.markdown(f":material/check: **{kept_text()}**")
    hand_line(lab, run, drawing.answer.epoch if drawing else 0, at_once=drawing is not None)
    rejection.own_non_digits(lab, run)
    with st.container(horizontal=True):
        undo_button("draw")
        quiz.start_button()
    if taken_back():
        st.rerun()  # the drawings are listed below, outside the part that a stroke draws anew


def _sure(drawing: Drawing, pressed: Label | None) -> Label | None:
    """What to keep the drawing as: what was `pressed`; a digit, of a rejected drawing, once the question is answered."""
    if isinstance(pressed, str):
        st.session_state.pop(keys.KEEP_ASKED, None)
        return pressed
    if pressed is not None and drawing.answer.rejected:
        st.session_state[keys.KEEP_ASKED] = drawing.digest, pressed
    digest, digit = st.session_state.get(keys.KEEP_ASKED, ("", None))
    if digit is None or digest != drawing.digest or not drawing.answer.rejected:
        st.session_state.pop(keys.KEEP_ASKED, None)
        return pressed
    with st.container(border=True):
        st.markdown(f"**This does not look like a digit. Keep it as {article(digit)} all the same?**")
        with st.container(horizontal=True, gap="small"):
            yes = st.button(f"Keep it as {article(digit)}", key=keys.KEEP_ANYWAY)
            st.button("Do not keep it", key=keys.KEEP_NOT, on_click=st.session_state.pop, args=(keys.KEEP_ASKED,))
    if not yes:
        return None
    st.session_state.pop(keys.KEEP_ASKED)
    return int(digit)


def _buttons(drawing: Drawing, known: Label | None) -> None:
    if known is None:
        st.markdown(f"**What is {drawing.called} really?** Press the digit to keep this drawing.")
    else:
        other = "another digit" if isinstance(known, int) else "its digit"
        st.markdown(f"**Kept as {said(known)}.** {_MEANS.get(known, '')}Press {other} to correct it.")
    st.html(_STYLE)
    with st.container(gap="xsmall", key=keys.LABELS):
        for digit in range(NUM_CLASSES):
            st.button(
                f"**{digit}** \N{CHECK MARK}" if digit == known else str(digit),
                key=keys.is_digit(digit),
                width="stretch",
                type="primary" if digit == drawing.answer.digit and not drawing.answer.rejected else "secondary",
            )
    with st.container(horizontal=True, gap="xsmall", key=keys.ASIDE):
        for label, text, means in _ASIDE:
            st.button(
                f"**{text}** \N{CHECK MARK}" if label == known else text,
                key=_KEYS[label],
                width="stretch",
                type="primary" if label == NOT_A_DIGIT and drawing.answer.rejected else "secondary",
                help=means,
            )


def _as_shown(drawing: Drawing) -> Drawing:
    """The drawing with the answer that the person saw when they pressed: the run may have published an epoch since then."""
    digest, answer = st.session_state.get(keys.ANSWER_SHOWN, ("", drawing.answer))
    same = digest == drawing.digest and answer.run_id == drawing.answer.run_id
    return replace(drawing, answer=answer) if same else drawing
