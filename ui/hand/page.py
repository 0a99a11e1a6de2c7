"""Below the drawing board: the gallery, and learning from it. Only what is open is there at all."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.training.snapshot import RunSnapshot
from ui.hand.gallery import gallery
from ui.hand.learning import learn_from_me
from ui.session import Lab

_PARTS: dict[str, tuple[str, str, Callable[[Lab, RunSnapshot], None]]] = {
    "gallery": ("My drawings", ":material/photo_library:", gallery),
    "learn": ("Learn from me", ":material/school:", learn_from_me),
}


def my_hand(lab: Lab, run: RunSnapshot) -> None:
    """A choice of what to open; a second press closes it."""
    part = st.segmented_control(
        "My hand", list(_PARTS), format_func=lambda name: f"{_PARTS[name][1]} {_PARTS[name][0]}", key="hand-open",
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if part:
        _PARTS[part][2](lab, run)
