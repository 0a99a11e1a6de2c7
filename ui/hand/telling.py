"""After the answer: one press tells the true digit, and the drawing is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core import canvas
from core.drawings import digest_of
from core.hand import Hand
from core.shapes import NUM_CLASSES
from core.strokes import Glyph
from core.training.snapshot import RunSnapshot
from ui.frame import told
from ui.hand import quiz
from ui.hand.score import hand_line, readings
from ui.session import Lab

_UNDO, _CHANGED = "hand-undo", "hand-changed"


def tell(lab: Lab, run: RunSnapshot, glyphs: list[Glyph], drawn: Any) -> None:
    """Ten buttons for the one digit on the canvas, then the score on the person's own hand. `drawn` is what the canvas gave."""
    if len(glyphs) == 1:
        _digits(lab, run, glyphs[0].image, drawn)
    elif glyphs:
        st.caption("One digit alone on the canvas can be kept with its label.")
    hand_line(lab, run, at_once=bool(glyphs))
    with st.container(horizontal=True):
        undo_button("draw")
        quiz.start_button()
    if st.session_state.pop(_CHANGED, False) and st.session_state.get("hand-open"):
        st.rerun()  # what is open below lies outside the part that a stroke draws anew


def read_one(lab: Lab, run: RunSnapshot, image: np.ndarray) -> int:
    """The digit that the run reads in (28, 28) `image`, kept for the score."""
    epoch = run.served_epoch.epoch if run.served_epoch else 0
    levels = np.round(image * 255).astype(np.uint8)[None]
    return int(readings(lab).read(run, epoch, Hand(levels, np.zeros(1, np.uint8), (digest_of(image),)))[0])


def keep(lab: Lab, run: RunSnapshot, image: np.ndarray, drawn: Any, digit: int, read: int) -> None:
    """Writes the drawing down as a `digit`, so that it can be undone."""
    with told():
        kept = lab.store.drawings.keep(
            image, digit, predicted=read, run_id=run.run_id, picture=canvas.small_picture(drawn.image_data),
            strokes=canvas.strokes_text(drawn.json_data),
        )  # fmt: skip
        if kept.before is None:
            can_undo(f"Takes the newest drawing, a {digit}, out again.", partial(lab.store.drawings.delete, kept.drawing_id))
        elif kept.before != digit:
            back = partial(lab.store.drawings.relabel, kept.drawing_id, kept.before)
            can_undo(f"Calls the drawing a {kept.before} again.", back)


def can_undo(words: str, back: Callable[[], object]) -> None:
    """Remembers how to take the last step back, which `words` say."""
    st.session_state.setdefault(_UNDO, []).append((words, back))
    st.session_state[_CHANGED] = True


def undo_button(place: str) -> None:
    """Takes the last step back: a drawing kept, another label, a deletion. `place` keeps the keys of two such buttons apart."""
    steps = st.session_state.get(_UNDO, [])
    st.button("Undo", icon=":material/undo:", key=f"undo-{place}", disabled=not steps, on_click=_undo,
              help=steps[-1][0] if steps else "Nothing to take back since this page was loaded.")  # fmt: skip


def _undo() -> None:
    _, back = st.session_state[_UNDO].pop()
    with told():
        back()
    st.session_state[_CHANGED] = True


def _digits(lab: Lab, run: RunSnapshot, image: np.ndarray, drawn: Any) -> None:
    read, known = read_one(lab, run, image), lab.store.drawings.find(image)
    st.markdown("If right or wrong, **it is a:**" if known is None else f"Kept as a **{known}**. Another press corrects it.")
    with st.container(horizontal=True, gap="xsmall", key="tell"):
        for digit in range(NUM_CLASSES):
            st.button(
                f"**{digit}** \N{CHECK MARK}" if digit == known else str(digit), key=f"is-{digit}", width=48,
                type="primary" if digit == read else "secondary", on_click=keep, args=(lab, run, image, drawn, digit, read),
                help="What the network reads." if digit == read else None,
            )  # fmt: skip
