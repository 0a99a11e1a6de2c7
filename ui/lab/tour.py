"""What to do first, in three sentences, until they are closed."""

from __future__ import annotations

import streamlit as st

from ui import session_keys as keys

_STEPS = ("Move a slider and press Start.", "Press a cell off the diagonal to see mistakes.", "Draw a digit.")


def tour() -> None:
    """The sentences with a button that closes them for this visit."""
    if st.session_state.get(keys.TOUR_CLOSED):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=keys.TOUR):
        st.html(f"<ol class=lab-tour>{''.join(f'<li>{step}</li>' for step in _STEPS)}</ol>")
        st.button(
            "Close the tour",
            icon=":material/close:",
            type="tertiary",
            key=keys.TOUR_CLOSE,
            on_click=lambda: st.session_state.update({keys.TOUR_CLOSED: True}),
        )
