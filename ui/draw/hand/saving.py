"""Keeps a drawing with its true digit, and takes the last step back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from core.charts import thumbnails
from core.drawing.diagnosis import article
from core.drawing.labelled import NOT_A_DIGIT, NOT_MINE, Label
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.people import owner
from ui.draw.drawing import Drawing
from ui.hand_score import count_text
from ui.polling import show_errors
from ui.session import Lab

_PEN_S = 0.3


def once_sent(pressed: Label | None) -> Label | None:
    """What was `pressed`, one run later: the canvas sends a stroke 0.2 s after the pen has left it, so whoever presses sooner
    means a drawing that has not arrived yet. Call it in every run, or an old press would count for the next drawing.
    """
    if pressed is None:
        before: Label | None = st.session_state.pop(keys.HAND_PRESSED, None)
        return before
    st.session_state[keys.HAND_PRESSED] = pressed
    time.sleep(_PEN_S)
    st.rerun()


def keep(
    lab: Lab, run: RunSnapshot, drawing: Drawing, label: Label, clean: Callable[[], Callable[[], None]] | None = None
) -> bool:
    """Stores `drawing`, with the answer it carries, as `label`; the step can be undone. False where it could not be stored.

    `clean` empties the canvas afterwards and gives what brings the ink back, which is part of the undoing.
    """
    with show_errors():
        small = thumbnails.small_picture(drawing.picture, drawing.glyph.box) if drawing.strokes else b""
        saved = lab.store.drawings.add(
            drawing.image,
            label,
            predicted=drawing.answer.digit,
            run_id=run.run_id,
            picture=small,
            strokes=thumbnails.strokes_text(drawing.strokes),
            person=owner(),
        )
        lab.readings.add(run, drawing.answer.epoch, drawing.digest, drawing.answer.digit)
        ink_back = clean() if clean else None
        if saved.before is None:
            out = partial(_take_out, lab, saved.drawing_id, ink_back)
            words = ", and puts its ink back on the canvas" if ink_back else ""
            remember(f"Take back the {named(label)}", out, f"Removes the newest drawing{words}.")
        elif saved.before != label:
            back = partial(lab.store.drawings.relabel, saved.drawing_id, saved.before)
            remember(f"Call the {named(label)} {said(saved.before)} again", back, "Undoes your last correction.")
        return True
    return False


def named(label: Label) -> str:
    """The drawing in a few words, after "the": "7", "non-digit"."""
    return {NOT_A_DIGIT: "non-digit", NOT_MINE: "other person's drawing"}.get(str(label), str(label))


def said(label: Label) -> str:
    """What the drawing is, after "It is": "a 7", "not a digit"."""
    return {NOT_A_DIGIT: "not a digit", NOT_MINE: "not yours"}.get(str(label)) or article(int(label))


def delete(lab: Lab, drawing_id: int) -> None:
    """Deletes a drawing; the step can be undone."""
    with show_errors():
        row = lab.store.drawings.delete(drawing_id)
        if row is not None:
            back = partial(lab.store.drawings.restore, row)
            remember(f"Put the {named(row['aside'] or row['digit'])} back", back, "Restores the drawing that you deleted last.")


def delete_all(lab: Lab) -> None:
    """Deletes all drawings of this person; the step can be undone."""
    with show_errors():
        rows = lab.store.drawings.delete_all(person=owner())
        if rows:
            back = partial(lab.store.drawings.restore_all, rows)
            remember(f"Put {count_text(len(rows))} back", back, "Restores the drawings that you deleted.")


def undo_button(place: str) -> None:
    """Undoes the last step of this visit: a drawing kept, another label, a deletion, a file. Nothing where there is none.

    `place` keeps the keys of two such buttons apart.
    """
    if steps := st.session_state.get(keys.HAND_UNDO):
        label, words, _ = steps[-1]
        st.button(label, icon=":material/undo:", key=keys.take_back(place), on_click=_undo, help=words)


def taken_back() -> bool:
    """Whether a step was undone since the last call."""
    return bool(st.session_state.pop(keys.HAND_CHANGED, False))


def say_kept(text: str) -> None:
    """What the page says of the canvas that is clean again, until something is drawn on it."""
    st.session_state[keys.KEPT] = text


def kept_text() -> str:
    """What was kept last, while the canvas is still clean."""
    return str(st.session_state.get(keys.KEPT, ""))


def remember(label: str, back: Callable[[], object], words: str) -> None:
    """Offers to undo the last step by `back`: a button with `label`, explained by `words`."""
    st.session_state.setdefault(keys.HAND_UNDO, []).append((label, words, back))


def _take_out(lab: Lab, drawing_id: int, ink_back: Callable[[], None] | None) -> None:
    lab.store.drawings.delete(drawing_id)
    if ink_back:
        ink_back()


def _undo() -> None:
    *_, back = st.session_state[keys.HAND_UNDO].pop()
    with show_errors():
        back()
    st.session_state[keys.HAND_CHANGED] = True
    say_kept("")
