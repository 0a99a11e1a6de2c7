"""Keeping a drawing with its true digit, and taking the last step back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core import canvas
from core.hand import Hand, digest_of
from core.training.snapshot import RunSnapshot
from ui.frame import told
from ui.hand.score import a, readings
from ui.session import Lab

_UNDO, _CHANGED = "hand-undo", "hand-changed"


def read_one(lab: Lab, run: RunSnapshot, image: np.ndarray) -> int:
    """The digit that the run reads in (28, 28) `image`, kept for the score."""
    epoch = run.served_epoch.epoch if run.served_epoch else 0
    levels = np.round(image * 255).astype(np.uint8)[None]
    return int(readings(lab).read(run, epoch, Hand(levels, np.zeros(1, np.uint8), (digest_of(image),)))[0])


def keep(lab: Lab, run: RunSnapshot, image: np.ndarray, drawn: Any, digit: int, read: int) -> None:
    """Writes the drawing down as a `digit`, so that it can be undone."""
    with told():
        kept = lab.store.save_drawing(
            image, digit, predicted=read, run_id=run.run_id, picture=canvas.small_picture(drawn.image_data),
            strokes=canvas.strokes_text(drawn.json_data),
        )  # fmt: skip
        if kept.before is None:
            can_undo(f"Takes the newest drawing, {a(digit)}, out again.", partial(lab.store.delete_drawing, kept.drawing_id))
        elif kept.before != digit:
            back = partial(lab.store.relabel_drawing, kept.drawing_id, kept.before)
            can_undo(f"Calls the drawing {a(kept.before)} again.", back)


def can_undo(words: str, back: Callable[[], object]) -> None:
    """Remembers how to take the last step back, which `words` say."""
    st.session_state.setdefault(_UNDO, []).append((words, back))
    st.session_state[_CHANGED] = True


def changed() -> bool:
    """Whether the drawings have changed since this was last asked."""
    return bool(st.session_state.pop(_CHANGED, False))


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
