"""Keeping a drawing with its true digit, and taking the last step back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.charts import thumbnails
from core.drawing.diagnosis import article
from core.drawing.labelled import Hand, digest_of, levels
from core.drawing.pen_paths import Stroke
from core.drawing.preprocessing import Glyph
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.people import me
from ui.polling import show_errors
from ui.session import Lab

_PEN_S = 0.3


def once_sent(pressed: int | None) -> int | None:
    """What was `pressed`, in the run after: the canvas sends a stroke 0.2 s after the pen has left it, so whoever presses sooner
    than that means a drawing that is not here yet. To be asked in every run, or an old press would count for the next drawing.
    """
    if pressed is None:
        before: int | None = st.session_state.pop(keys.HAND_PRESSED, None)
        return before
    st.session_state[keys.HAND_PRESSED] = pressed
    time.sleep(_PEN_S)
    st.rerun()


def keep(lab: Lab, run: RunSnapshot, glyph: Glyph, digit: int, *, picture: np.ndarray, strokes: Sequence[Stroke]) -> int | None:
    """Writes `glyph`, drawn by `strokes` on `picture` (none on a photo), down as a `digit`, so that it can be undone. Gives the
    digit that the run reads; None where it could not be kept.
    """
    with show_errors():
        read = _read_one(lab, run, glyph.image)
        small = thumbnails.small_picture(picture, glyph.box) if strokes else b""
        saved = lab.store.drawings.add(
            glyph.image,
            digit,
            predicted=read,
            run_id=run.run_id,
            picture=small,
            strokes=thumbnails.strokes_text(strokes),
            person=me(),
        )
        if saved.before is None:
            out = partial(lab.store.drawings.delete, saved.drawing_id)
            remember(f"Take back the {digit}", out, "Your newest drawing is taken out again.")
        elif saved.before != digit:
            back = partial(lab.store.drawings.relabel, saved.drawing_id, saved.before)
            remember(f"Call the {digit} {article(saved.before)} again", back, "The drawing that you corrected last.")
        return read
    return None


def delete(lab: Lab, drawing_id: int) -> None:
    """Takes a drawing out, so that it can be undone."""
    with show_errors():
        row = lab.store.drawings.delete(drawing_id)
        if row is not None:
            back = partial(lab.store.drawings.restore, row)
            remember(f"Put the {row['digit']} back", back, "The drawing that you deleted last.")


def undo_button(place: str) -> None:
    """Takes the last step back: a drawing kept, another label, a deletion, a file; nothing where no step was taken on this visit.

    `place` keeps the keys of two such buttons apart.
    """
    if steps := st.session_state.get(keys.HAND_UNDO):
        label, words, _ = steps[-1]
        st.button(label, icon=":material/undo:", key=keys.take_back(place), on_click=_undo, help=words)


def taken_back() -> bool:
    """Whether a step was taken back since this was last asked."""
    return bool(st.session_state.pop(keys.HAND_CHANGED, False))


def _read_one(lab: Lab, run: RunSnapshot, image: np.ndarray) -> int:
    """The digit that the run reads in (28, 28) `image`, remembered for the score."""
    epoch = run.served_epoch_number
    one = Hand(levels(image)[None], np.zeros(1, np.uint8), (digest_of(image),))
    return int(lab.readings.read(run, epoch, one)[0])


def remember(label: str, back: Callable[[], object], words: str) -> None:
    """How to take the last step back, by a button with `label` that `words` explain."""
    st.session_state.setdefault(keys.HAND_UNDO, []).append((label, words, back))


def _undo() -> None:
    *_, back = st.session_state[keys.HAND_UNDO].pop()
    with show_errors():
        back()
    st.session_state[keys.HAND_CHANGED] = True
