"""Below the canvas: all drawings, and fine-tuning on them, each in a block that is closed at first."""

from __future__ import annotations

import streamlit as st

from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.draw.hand.fine_tuning import learn_from_me
from ui.draw.hand.gallery import gallery
from ui.polling import show_errors
from ui.session import Lab

_BLOCKS = {
    keys.GALLERY: ("My drawings", ":material/photo_library:", gallery),
    keys.LEARN_BLOCK: ("Learn from me", ":material/school:", learn_from_me),
}


def my_hand(lab: Lab, run: RunSnapshot) -> None:
    """Two blocks; a closed one is not computed at all."""
    for key, (title, icon, draw) in _BLOCKS.items():
        block = st.expander(title, key=key, on_change="rerun", icon=icon)
        if block.open:
            with block, show_errors():
                draw(lab, run)
